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
		if !s.suspended.IsZero() {
			s.resume() // bash's kill sends a suspended job TERM first, then CONT
		}
		s.interrupt(n)
	case n == sigTSTP:
		s.suspend()
	case n == sigCONT:
		s.resume()
		s.dropSwapped()
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

// suspendAfter is how long SIGTSTP waits for a SIGCONT before reeve stops: one that comes
// before that has no effect on a process that has not stopped yet, and nobody would send
// another. It is far longer than two kill commands in a row are apart.
const suspendAfter = 50 * time.Millisecond

// swappedWithin is how soon after a SIGCONT a SIGTSTP was sent before it, see [Supervisor.dropSwapped]:
// a thread that has one of them may be slow to hand it to Go.
const swappedWithin = 10 * time.Millisecond

// dropSwapped drops a SIGTSTP that has come together with a SIGCONT: of such signals Go hands on the
// one with the lower number first, whichever it was. So nobody knows what the last word was; but who
// wants reeve to stop sees that it does not, and who wants it to go on may not look again.
func (s *Supervisor) dropSwapped() {
	s.System.Settle()
	for len(s.Signals) > 0 {
		if sig := <-s.Signals; sig != sigTSTP {
			s.signal(sig)
		}
	}
}

// suspend stops the formation; reeve follows when nothing else comes at once.
func (s *Supervisor) suspend() {
	now := time.Now()
	if now.Sub(s.continued) < swappedWithin {
		return
	}
	if s.suspended.IsZero() {
		s.suspended = now
	}
	s.suspendsAt = now.Add(suspendAfter)
	s.suspendCheckups()
	s.System.Signal(sigSTOP, pids(s.live()))
}

// suspendSelf stops reeve, unless it is to continue.
func (s *Supervisor) suspendSelf() {
	s.suspendsAt = time.Time{}
	s.pendingSignals()
	if s.suspended.IsZero() || !s.suspendsAt.IsZero() {
		return
	}
	s.System.Suspend(func() bool {
		s.pendingSignals()
		return !s.suspended.IsZero()
	})
}

// resume continues what suspend has stopped. The time between does not count: nobody
// could make use of a grace period.
func (s *Supervisor) resume() {
	defer func() { s.continued = time.Now() }()
	if s.suspended.IsZero() {
		return
	}
	now := time.Now()
	for _, i := range s.instances {
		i.postpone(now.Sub(s.suspended), now)
		s.resumeCheckup(i, now.Sub(s.suspended))
	}
	s.suspended, s.suspendsAt = time.Time{}, time.Time{}
	s.System.Resume()
	s.System.Signal(sigCONT, pids(s.live()))
	s.tick()
}

// leaveAfter is how long the kernel has to carry out SIGKILL when the third signal
// says to leave. Whoever presses Ctrl-C three times in a second is in a hurry, but wants
// nothing to be left that can be ended.
const leaveAfter = 500 * time.Millisecond

// EchoWithin is how soon signals that ask for a stop count as one: timeout(1), npx and
// dotenv forward what the terminal has sent to reeve already, and on a busy machine take
// their time. Nobody has read by then what the first one did.
const EchoWithin = 250 * time.Millisecond

// isUrgent reports whether a signal means more than that the formation is to stop. Platforms
// send SIGTERM more than once, and a terminal that goes away SIGHUP.
func isUrgent(sig syscall.Signal) bool { return sig == syscall.SIGINT || sig == sigQUIT }

// interrupt counts: the first signal asks, the second kills, the third leaves, at once
// if it has been said already what SIGKILL does not end.
func (s *Supervisor) interrupt(sig syscall.Signal) {
	repeated := s.interrupts > 0
	if repeated && (!isUrgent(sig) || time.Since(s.urged) < EchoWithin) {
		return
	}
	s.interrupts++
	s.urged = time.Now()
	switch {
	case !repeated:
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
