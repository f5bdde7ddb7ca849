//go:build unix

package safedir

import (
	"io/fs"
	"os"
	"syscall"

	"reeve/cmd/reeve/internal/place"
)

// foreignOwner says whose a file is, if it is neither root's nor that of whoever exports.
func foreignOwner(_ string, info fs.FileInfo) (who string, foreign bool) {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) == os.Geteuid() {
		return "", false
	}
	return ownerBesideRoot(info)
}

// ownerBesideRoot says whose a file is, if it is not root's.
func ownerBesideRoot(info fs.FileInfo) (who string, foreign bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid == 0 {
		return "", false
	}
	return place.UserName(int(stat.Uid)), true
}

// writableByAnybody reports whether anybody can put something into a directory.
func writableByAnybody(info fs.FileInfo) bool { return info.Mode()&0o002 != 0 }

// replaceable reports whether anybody can also take away what others have put there.
func replaceable(info fs.FileInfo) bool {
	return writableByAnybody(info) && info.Mode()&fs.ModeSticky == 0
}

// MustBeGiven reports whether a file is not yet the user's whose it has to be, and can be
// made so.
func MustBeGiven(info fs.FileInfo, owner string) bool {
	uid, _, ok := owned(owner)
	stat, known := info.Sys().(*syscall.Stat_t)
	return ok && known && int(stat.Uid) != uid
}
