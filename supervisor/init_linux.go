package supervisor

import "golang.org/x/sys/unix"

// adoptOrphans makes orphans among reeve's descendants its children, instead of
// init's.
func adoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }
