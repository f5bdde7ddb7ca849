//go:build unix

package supervisor

import (
	"syscall"
	"time"
)

// The stop signal goes to the first process of a run, as in a container, and that winds
// down what it has started in the way it thinks best: a pool would die of the signal
// itself, and lose its work.
//
// A process that the signal simply ends can wind down nothing, though. It is a wrapper: a
// shell without a trap, as reeve itself puts one in front of a command with shell syntax.
// So the processes that it has started are asked as well, as if it were not there. Only
// what reads their output is not: it has to hear their last words.

// askFirst sends a run's stop signal to its first processes. Its leader lives.
func (r *run) askFirst() {
	r.last, r.spare = r.Stop, true
	for _, first := range firstOf(r.pid, r.Stop) {
		r.note(first)
		first.send(r.Stop)
		if first.state == 'T' {
			first.send(syscall.SIGCONT)
		}
	}
}

// firstLives reports whether any of a run's members was asked first.
func (r *run) firstLives(members []proc) bool {
	for _, m := range members {
		if r.hasAsked(m) {
			return true
		}
	}
	return false
}

// press does to what is left of a run what is due so long after the stop began: it is for
// the guardian, which has no table of states.
func (r *run) press(members []proc, since time.Duration) {
	switch {
	case since >= r.Grace:
		r.last, r.spare = syscall.SIGKILL, false
	case r.last == 0 && members[0].pid > 0 && leads(r.pid, members):
		r.askFirst()
	case since >= r.Grace/2 || !r.firstLives(members):
		r.last, r.spare = r.Stop, false
	}
	r.deliver(members)
}

// leads reports whether a process is among some.
func leads(pid int, members []proc) bool {
	for _, m := range members {
		if m.pid == pid {
			return true
		}
	}
	return false
}
