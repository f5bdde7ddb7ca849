//go:build unix

package supervisor

import (
	"os"
	"os/signal"
	"syscall"
)

// The signals that reeve lives by.
var (
	// ChildSignal tells of the end of a child.
	ChildSignal os.Signal = syscall.SIGCHLD
	// FormationSignals are those that [Config.Signals] is for.
	FormationSignals = append(StopSignals, RunSignals...)
	// StopSignals are those of them that ask to stop.
	StopSignals = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}
	// RunSignals are the others, which are about what runs.
	RunSignals = []os.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTSTP, syscall.SIGCONT}
)

const (
	sigTSTP = syscall.SIGTSTP
	sigSTOP = syscall.SIGSTOP
	sigCONT = syscall.SIGCONT
	sigQUIT = syscall.SIGQUIT
)

// Settle waits until the signals that have come are in their channels.
func (p *Processes) Settle() { settle() }

// settle does so: whoever no longer wants a channel to get signals waits for those that Go has been
// handed.
func settle() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGCONT)
	signal.Stop(c)
}

// AsksToStop reports whether a signal to reeve is a request to stop the formation.
func AsksToStop(sig syscall.Signal) bool {
	switch sig {
	case syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT:
		return true
	}
	return false
}

// KeepTime does nothing: whoever ends reeve in time says so first.
func KeepTime(chan<- os.Signal) {}

// CodeText says nothing more of an exit code: what has ended a process otherwise is a signal.
func CodeText(int) string { return "" }
