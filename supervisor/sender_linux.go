package supervisor

import (
	"errors"

	"golang.org/x/sys/unix"
)

// IsOfRun reports whether a process is one of an instance's present run, whose leader has this pid (0:
// it is not known yet): by its marker, or its session. Gone: it has ended and been reaped, so that
// nothing tells.
func IsOfRun(pid int, formation, instance string, leader int) (yes, gone bool) {
	session, err := unix.Getsid(pid)
	if errors.Is(err, unix.ESRCH) {
		return false, true
	}
	of := marker{formation, instance}
	if limit := limitOf(pid); limit != 0 {
		return limit == of.limit(), false
	}
	if leader != 0 && session == leader {
		return true, false
	}
	m, ok := markerIn(pid)
	return ok && m == of, false
}
