//go:build unix

package supervisor

import (
	"os"
	"syscall"
)

// The signals that reeve lives by.
var (
	// ChildSignal tells of the end of a child.
	ChildSignal os.Signal = syscall.SIGCHLD
	// FormationSignals are those that [Config.Signals] is for.
	FormationSignals = []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT,
		syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTSTP, syscall.SIGCONT,
	}
)

const (
	sigTSTP = syscall.SIGTSTP
	sigSTOP = syscall.SIGSTOP
	sigCONT = syscall.SIGCONT
	sigQUIT = syscall.SIGQUIT
)

// AsksToStop reports whether a signal to reeve is a request to stop the formation.
func AsksToStop(sig syscall.Signal) bool {
	switch sig {
	case syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT:
		return true
	}
	return false
}
