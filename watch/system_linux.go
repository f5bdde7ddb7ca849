package watch

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// eventlessSystems are file systems that others may write to without this kernel's knowledge, by
// the number that statfs(2) gives. FUSE includes virtiofs and what Docker Desktop shares.
var eventlessSystems = map[int64]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "SMB", unix.SMB2_SUPER_MAGIC: "SMB",
	unix.V9FS_MAGIC: "9p", unix.FUSE_SUPER_MAGIC: "FUSE", unix.AFS_SUPER_MAGIC: "AFS", unix.AFS_FS_MAGIC: "AFS",
	unix.CODA_SUPER_MAGIC: "Coda", unix.CEPH_SUPER_MAGIC: "Ceph", 0x786f4256: "vboxsf",
}

// eventless names the file system of a directory if that does not report changes.
func eventless(dir string) string {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return ""
	}
	return eventlessSystems[int64(s.Type)&0xffffffff] //nolint:unconvert // other processors have other types
}

func isOutOfWatches(err error) bool { return exhausted(err) != "" }

// exhausted tells how to raise the limit that an error is about; empty: it is about none.
func exhausted(err error) string {
	switch {
	case errors.Is(err, unix.ENOSPC):
		return raise("fs.inotify.max_user_watches", "524288")
	case errors.Is(err, unix.EMFILE):
		return raise("fs.inotify.max_user_instances", "1024")
	}
	return ""
}

func raise(key, to string) string {
	is, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(key, ".", "/"))
	if err != nil {
		return "sysctl " + key + "=" + to + " raises it"
	}
	return strings.TrimSpace(string(is)) + "; sysctl " + key + "=" + to + " raises it"
}
