//go:build unix && !linux

package supervisor

import (
	"os"
	"syscall"
)

// stopSelf stops reeve until it gets SIGCONT, unless one has come since it was asked to stop. The
// function looks through the signals that have come, and tells whether reeve is still to stop.
func stopSelf(still func() bool) {
	settle()
	if still() {
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	}
}
