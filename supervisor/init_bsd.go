//go:build unix && !linux

package supervisor

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// forwardsTSTP says that SIGTSTP keeps its default action here: Go could not restore it.
const forwardsTSTP = false

// stopTakes is more than it takes to stop a process that has a signal.
const stopTakes = 50 * time.Millisecond

// stopOwnGroup stops reeve and whatever else is in its process group, as a key of the
// terminal would.
func stopOwnGroup() {
	_ = syscall.Kill(0, syscall.SIGTSTP)
	time.Sleep(stopTakes)
}

// stopIgnoring catches every signal that was ignored when reeve started: what is caught has
// its default action after exec.
func stopIgnoring() {
	for n := syscall.Signal(1); n < 32; n++ {
		if signal.Ignored(n) {
			signal.Notify(make(chan os.Signal, 1), n)
		}
	}
}
