package safedir

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"reeve/cmd/reeve/internal/place"
)

// giveTo makes a file a user's, if reeve can do that.
func giveTo(f *os.File, owner string) error {
	if uid, gid, ok := owned(owner); ok {
		return f.Chown(uid, gid)
	}
	return nil // of which has been warned
}

// CanGive reports whether a file can be made a user's.
func CanGive(owner string) bool {
	_, _, ok := owned(owner)
	return ok
}

// owned says who a user is, if reeve can make a file that user's.
func owned(owner string) (uid, gid int, ok bool) {
	u, err := user.Lookup(owner)
	if err != nil || owner == "" {
		return 0, 0, false
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	own := uid == os.Geteuid() && gid == os.Getegid()
	return uid, gid, uidErr == nil && gidErr == nil && (os.Geteuid() == 0 || own)
}

// OpenToOthers finds the first place on the way to a directory in which somebody else than
// root can put something.
func OpenToOthers(dir string) (where, who string, found bool) {
	where = filepath.VolumeName(dir) + string(filepath.Separator)
	names := strings.FieldsFunc(dir[len(where)-1:], func(r rune) bool { return r == filepath.Separator })
	for n := 0; ; n++ {
		link, err := os.Lstat(where)
		if err != nil {
			parent := filepath.Dir(where)
			info, err := os.Stat(parent)
			return parent, "anybody", err == nil && writableByAnybody(info)
		}
		target, err := os.Stat(where)
		if err != nil {
			return "", "", false
		}
		for _, info := range []os.FileInfo{link, target} {
			if who, foreign := ownerBesideRoot(info); foreign {
				return where, who, true
			}
		}
		if replaceable(target) {
			return where, "anybody", true
		}
		if n == len(names) {
			return "", "", false
		}
		where = filepath.Join(where, names[n])
	}
}

// Borrowed finds a link on the way to a file that only root can read, if somebody else has
// made it: what is in the file is not theirs to hand out.
func Borrowed(path string) (link, who string, found bool) {
	target, err := os.Stat(path)
	if err != nil || target.Mode()&0o004 != 0 || os.Geteuid() != 0 {
		return "", "", false
	}
	owner, _ := ownerBesideRoot(target)
	for at := place.Absolute(path); at != filepath.Dir(at); at = filepath.Dir(at) {
		if info, err := os.Lstat(at); err == nil && isLink(info) {
			if who, foreign := ownerBesideRoot(info); foreign && who != owner {
				return at, who, true
			}
		}
	}
	return "", "", false
}
