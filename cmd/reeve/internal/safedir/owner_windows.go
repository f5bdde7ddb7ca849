package safedir

import (
	"io/fs"

	"reeve/internal/account"
)

// foreignOwner says whose a file is, if it is neither the user's nor of somebody who may do anything.
func foreignOwner(path string, _ fs.FileInfo) (who string, foreign bool) {
	owner, err := account.OfFile(path)
	if err != nil || account.IsTrusted(owner) {
		return "", false
	}
	return account.Name(owner), true
}

// ownerBesideRoot says whose a file is, if it is not root's.
func ownerBesideRoot(fs.FileInfo) (who string, foreign bool) { return "", false }

// writableByAnybody reports whether anybody can put something into a directory.
func writableByAnybody(fs.FileInfo) bool { return false }

// replaceable reports whether anybody can also take away what others have put there.
func replaceable(fs.FileInfo) bool { return false }

// MustBeGiven reports whether a file is not yet the user's whose it has to be.
func MustBeGiven(fs.FileInfo, string) bool { return false }
