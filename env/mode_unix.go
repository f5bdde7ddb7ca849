//go:build unix

package env

import "io/fs"

// readableByOthers reports whether somebody else than the owner may read a file. Of what is
// no regular file, such as a pipe, the mode tells nothing.
func readableByOthers(mode fs.FileMode) bool {
	return mode.IsRegular() && mode.Perm()&0o044 != 0
}
