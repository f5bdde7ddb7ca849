package supervisor

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// adoptOrphans makes orphans among reeve's descendants its children, instead of
// init's.
func adoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// forwardsTSTP says that SIGTSTP can be caught and yet have its default action again.
const forwardsTSTP = true

// stopTakes is more than it takes to stop a process that has a signal.
const stopTakes = 50 * time.Millisecond

// stopOwnGroup stops reeve and whatever else is in its process group, as a key of the
// terminal would. The kernel drops that where there is no shell that could continue it. It
// may take effect in another thread and so a little later, but then time goes on only when
// reeve does.
func stopOwnGroup() {
	caught := swapAction(syscall.SIGTSTP, &sigaction{})
	_ = syscall.Kill(0, syscall.SIGTSTP)
	time.Sleep(stopTakes)
	swapAction(syscall.SIGTSTP, &caught)
}
