//go:build !linux

package watch

import (
	"errors"
	"syscall"
)

// eventless names the file system of a directory if that does not report changes.
func eventless(string) string { return "" }

func isOutOfWatches(err error) bool { return exhausted(err) != "" }

// exhausted tells how to raise the limit that an error is about; empty: it is about none. The BSDs'
// kqueue needs an open file for each file that is watched.
func exhausted(err error) string {
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return "ulimit -n raises that of open files"
	}
	return ""
}

// SystemLimit is that of this system, of which nothing is known beforehand.
func SystemLimit() Limit { return Limit{} }
