package supervisor

import (
	"fmt"
	"time"
)

// Readiness: what comes after an instance starts when the run of that instance is ready. It is as soon
// as it has begun or, if it has a probe, when the probe says so. A task is ready when it is done.

// probing is what finds something out about a run. Its result is that of this run and no other.
type probing struct{ end func() }

// probeResult is how that has ended.
type probeResult struct {
	instance *instance
	of       *probing
	err      error
}

// awaitReady begins to wait until a run is ready. That of a task never is: its end tells.
func (s *Supervisor) awaitReady(i *instance) {
	if i.Task {
		return
	}
	if !i.Probed {
		s.nowReady(i)
		return
	}
	i.probing = s.probe(i, s.Probe)
}

// becomeReady records that an instance's run is ready.
func (s *Supervisor) becomeReady(i *instance) {
	s.endProbes(i)
	s.nowReady(i)
	s.report(Report{Kind: BecameReady, Instance: i.Name, Type: i.Type, Pid: i.pid})
}

// nowReady makes a run one that is ready.
func (s *Supervisor) nowReady(i *instance) {
	i.ready, i.wasReady = true, true
	s.beginCheckups(i)
}

// endProbes ends what finds something out about an instance's run, and the time that it has: it is
// known, or does not matter any longer.
func (s *Supervisor) endProbes(i *instance) {
	if i.probing == nil && !i.Task && !i.Health.Checked() {
		return
	}
	if i.probing != nil {
		i.probing.end()
		i.probing = nil
	}
	i.endTry()
	if i.state == Running {
		i.deadline = time.Time{}
	}
}

// probeDone records what a probe has found. A run that is not ready in time has
// failed, although it goes on.
func (s *Supervisor) probeDone(r probeResult) {
	switch i := r.instance; {
	case r.of == i.health.try:
		s.checked(r)
	case r.of != i.probing:
		// Of a run that is over, or is to end.
	case r.err == nil:
		s.becomeReady(i)
	default:
		s.endProbes(i)
		s.failRun(i, NotReady, fmt.Errorf("not ready after %v: %w", i.readyTook(), r.err))
	}
}

// examine is called at the deadline of a run: it is to be ready, or to have ended, or is looked at
// from time to time.
func (s *Supervisor) examine(i *instance) {
	switch {
	case i.ready:
		s.checkUp(i)
	case i.probing != nil:
		i.probing.end()
	case i.Task:
		s.failRun(i, NotReady, fmt.Errorf("not done after %v", i.readyTook()))
	}
}

// failRun makes a run a failure, although it goes on, and stops it.
func (s *Supervisor) failRun(i *instance, kind Kind, why error) {
	i.last = Status{Code: 1, Err: why}
	i.failure = &Status{Code: 1, Err: why}
	s.report(Report{Kind: kind, Instance: i.Name, Type: i.Type, Pid: i.pid, Status: i.last})
	v, e := s.judge(i, time.Now()), Stop
	if v == restart {
		e = Restart
	}
	s.follow(i, v, e)
}
