package watch

import (
	"errors"
	"os"
	"strconv"
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

// The limits of inotify(7), and what is plenty for either.
const (
	maxWatches   = "fs.inotify.max_user_watches"
	maxInstances = "fs.inotify.max_user_instances"

	plentyWatches   = "524288"
	plentyInstances = "1024"
)

// exhausted tells how to raise the limit that an error is about; empty: it is about none.
func exhausted(err error) string {
	switch {
	case errors.Is(err, unix.ENOSPC):
		return raise(maxWatches, plentyWatches)
	case errors.Is(err, unix.EMFILE):
		return raise(maxInstances, plentyInstances)
	}
	return ""
}

// SystemLimit is that of this system.
func SystemLimit() Limit {
	n, _ := strconv.Atoi(sysctl(maxWatches))
	return Limit{n, "sysctl " + maxWatches + "=" + plentyWatches + " raises the limit"}
}

func raise(key, to string) string {
	remedy := "sysctl " + key + "=" + to + " raises it"
	if is := sysctl(key); is != "" {
		return is + "; " + remedy
	}
	return remedy
}

// sysctl is a setting of the kernel; empty: it cannot be read.
func sysctl(key string) string {
	is, _ := os.ReadFile("/proc/sys/" + strings.ReplaceAll(key, ".", "/"))
	return strings.TrimSpace(string(is))
}
