package supervisor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Order: an instance starts when every instance of the types in its After is ready, and
// is stopped before them.

// all reports whether something holds of every instance of some types. A type of which
// nothing runs here is no obstacle: somebody else may run it.
func (s *Supervisor) all(types []string, holds func(*instance) bool) bool {
	for _, i := range s.instances {
		if slices.Contains(types, i.Type) && i.absence != removed && !holds(i) {
			return false
		}
	}
	return true
}

// isReady reports whether what comes after an instance may start: it is ready, or was, and
// has ended for good.
func isReady(i *instance) bool {
	return i.ready || i.hasBeen && i.state == Stopped
}

// needed reports whether an instance runs that comes after one.
func (s *Supervisor) needed(i *instance) bool {
	return slices.ContainsFunc(s.instances, func(j *instance) bool {
		return j != i && j.state != Stopped && slices.Contains(j.After, i.Type)
	})
}

// stopNext asks everything to stop that nothing else needs any longer. What does not run
// has nothing to wait for.
func (s *Supervisor) stopNext() {
	for _, i := range s.instances {
		if i.state == Waiting || i.state == Backoff {
			s.apply(i, Stop)
		}
	}
	for _, i := range s.instances {
		if i.state == Running && !s.needed(i) || i.wanted && i.state != Running {
			s.apply(i, Stop)
		}
	}
}

// giveUp draws the conclusions from an instance that will not run any longer, whatever
// that means for the formation.
func (s *Supervisor) giveUp(i *instance, v verdict) {
	if i.spent() && i.Restart.wants(i.last) {
		s.report(Report{Kind: RestartsSpent, Instance: i.Name, Type: i.Type, Restarts: i.attempts})
	}
	ending := s.failDependents(i)
	if v == ends {
		ending = i
	}
	if ending != nil {
		why := Report{Instance: ending.Name, Type: ending.Type, Status: ending.last}
		if !ending.began.IsZero() {
			why.Ran = time.Since(ending.began)
		}
		s.stop(why)
	}
}

// failDependents fails what waits for an instance that has ended for good before it
// was ever ready, and what waits for that in turn. It returns the first of them that
// ends the formation; nil if none does.
func (s *Supervisor) failDependents(of *instance) (ending *instance) {
	if of.hasBeen {
		return nil
	}
	for _, i := range s.instances {
		if i.state != Waiting || !slices.Contains(i.After, of.Type) {
			continue
		}
		i.last = Status{Code: 1, Err: fmt.Errorf("it comes after %s, which was never ready", of.Name)}
		s.report(Report{Kind: Exited, Instance: i.Name, Type: i.Type, Status: i.last, Failed: true})
		s.apply(i, Stop)
		if s.count(i, i.last.Code) == ends && ending == nil {
			ending = i
		}
		if next := s.failDependents(i); ending == nil {
			ending = next
		}
	}
	return ending
}

// probing is one run's probe. Its result is that of this run and no other.
type probing struct{ end func() }

// probeResult is how waiting for a run to be ready has ended.
type probeResult struct {
	instance *instance
	of       *probing
	err      error
}

// awaitReady begins to wait until a run is ready.
func (s *Supervisor) awaitReady(i *instance) {
	if !i.Probed {
		i.ready, i.hasBeen = true, true
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &probing{end: cancel}
	i.probing = p
	spec, pid := i.Spec, i.pid
	go func() {
		err := s.Probe(ctx, spec, pid)
		select {
		case s.probed <- probeResult{i, p, err}:
		case <-s.done:
		}
	}()
}

// endProbe ends what finds out whether an instance's run is ready: it is, or it does not
// matter any longer.
func (s *Supervisor) endProbe(i *instance) {
	if i.probing == nil {
		return
	}
	i.probing.end()
	i.probing = nil
	if i.state == Running {
		i.deadline = time.Time{}
	}
}

// probeDone records what a probe has found. A run that is not ready in time has
// failed, although it goes on.
func (s *Supervisor) probeDone(r probeResult) {
	i := r.instance
	if i.probing != r.of {
		return // of a run that is over, or is to end
	}
	if r.err == nil {
		s.becomeReady(i)
		return
	}
	s.endProbe(i)
	i.last = Status{Code: 1, Err: fmt.Errorf("not ready after %v: %w", i.ReadyTimeout, r.err)}
	s.report(Report{Kind: NotReady, Instance: i.Name, Type: i.Type, Pid: i.pid, Status: i.last})
	v, e := s.judge(i, time.Now()), Stop
	if v == again {
		e = Restart
	}
	s.follow(i, v, e)
}

// becomeReady takes note that an instance's run is ready.
func (s *Supervisor) becomeReady(i *instance) {
	s.endProbe(i)
	i.ready, i.hasBeen = true, true
	s.report(Report{Kind: BecameReady, Instance: i.Name, Type: i.Type, Pid: i.pid})
}

// Cycle finds a ring in what comes after what, and returns it with its first type at
// both ends; nil if there is none.
func Cycle(after map[string][]string) []string {
	done := map[string]bool{}
	var path []string
	var visit func(typ string) []string
	visit = func(typ string) []string {
		if at := slices.Index(path, typ); at >= 0 {
			return append(slices.Clone(path[at:]), typ)
		}
		if done[typ] {
			return nil
		}
		path = append(path, typ)
		for _, before := range after[typ] {
			if ring := visit(before); ring != nil {
				return ring
			}
		}
		path = path[:len(path)-1]
		done[typ] = true
		return nil
	}
	for _, typ := range slices.Sorted(maps.Keys(after)) {
		if ring := visit(typ); ring != nil {
			return ring
		}
	}
	return nil
}
