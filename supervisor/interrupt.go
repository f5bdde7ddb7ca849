package supervisor

import (
	"os"
	"syscall"
	"time"
)

// signal does what a signal to reeve asks for.
func (s *Supervisor) signal(sig os.Signal) {
	switch n, _ := sig.(syscall.Signal); {
	case AsksToStop(n):
		s.resume() // bash's kill sends a suspended job TERM first, then CONT
		s.interrupt(n)
	case n == sigTSTP:
		s.suspend()
	case n == sigCONT:
		s.resume()
	default:
		s.System.Forward(n, pids(s.live()))
	}
}

// pendingSignals does what the signals that have come already ask for.
func (s *Supervisor) pendingSignals() {
	for len(s.Signals) > 0 {
		s.signal(<-s.Signals)
	}
}

// suspend stops the formation, then reeve.
func (s *Supervisor) suspend() {
	if s.suspended.IsZero() {
		s.suspended = time.Now()
	}
	s.System.Signal(sigSTOP, pids(s.live()))
	s.System.Suspend()
}

// resume continues what suspend has stopped. The time between does not count: nobody
// could make use of a grace period. A deadline that was set in it is moved by too much,
// but never further than a new one.
func (s *Supervisor) resume() {
	if s.suspended.IsZero() {
		return
	}
	now := time.Now()
	lost := now.Sub(s.suspended)
	for _, i := range s.instances {
		i.began = i.began.Add(lost)
		if i.deadline.IsZero() {
			continue
		}
		i.deadline = i.deadline.Add(lost)
		if latest := i.deadlineIn(i.state, now); i.deadline.After(latest) {
			i.deadline = latest
		}
	}
	s.suspended = time.Time{}
	s.System.Resume()
	s.System.Signal(sigCONT, pids(s.live()))
}

// leaveAfter is how long the kernel has to carry out SIGKILL when the third signal
// says to leave. Whoever presses Ctrl-C three times in a second is in a hurry, but wants
// nothing to be left that can be ended.
const leaveAfter = 500 * time.Millisecond

// echoWithin is how soon a signal may come again without being meant: timeout(1) and npm
// send it to reeve and to its process group.
const echoWithin = 20 * time.Millisecond

// isEcho says whether a signal is the first one once more. Whoever means the second one has
// seen what the first one did, or has waited for a moment.
func (s *Supervisor) isEcho(sig syscall.Signal) bool {
	return s.interrupts == 1 && sig == s.by && time.Since(s.first) < echoWithin && s.Seen != nil && !s.Seen()
}

// interrupt counts: the first signal asks, the second kills, the third leaves, at once
// if it has been said already what SIGKILL does not end.
func (s *Supervisor) interrupt(sig syscall.Signal) {
	if s.isEcho(sig) {
		return
	}
	s.interrupts++
	switch {
	case s.interrupts == 1:
		s.first = time.Now()
		s.stop(Report{Signal: sig})
		return
	case s.interrupts == 2:
		s.report(Report{Kind: FormationKilling, Signal: sig})
	case s.stuck:
		s.abandon()
		return
	case s.leaveAt.IsZero():
		s.leaveAt = time.Now().Add(leaveAfter)
	}
	for _, i := range s.instances {
		s.apply(i, Kill)
	}
}

// abandon leaves what cannot be killed behind, and names it.
func (s *Supervisor) abandon() {
	s.abandoned = true
	s.fail(killedCode)
	s.name(Abandoned, s.live())
}
