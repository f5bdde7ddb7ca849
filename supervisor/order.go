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

// all says whether something holds of every instance of some types. A type of which
// nothing runs here is no obstacle: somebody else may run it.
func (s *Supervisor) all(types []string, holds func(*instance) bool) bool {
	for _, i := range s.instances {
		if slices.Contains(types, i.Type) && !holds(i) {
			return false
		}
	}
	return true
}

// isReady says whether what comes after an instance may start: it is ready, or was, and
// has ended for good.
func isReady(i *instance) bool {
	return i.ready || i.hasBeen && i.state == Stopped
}

// needed says whether an instance runs that comes after one.
func (s *Supervisor) needed(i *instance) bool {
	return slices.ContainsFunc(s.instances, func(j *instance) bool {
		return j != i && j.state != Stopped && slices.Contains(j.After, i.Type)
	})
}

// stopNext asks everything to stop that nothing else needs any more. What does not run
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

// failDependents fails what waits for an instance that has ended for good before it
// was ever ready.
func (s *Supervisor) failDependents(of *instance) {
	if of.hasBeen {
		return
	}
	for _, i := range s.instances {
		if i.state == Waiting && slices.Contains(i.After, of.Type) {
			i.last = Status{Code: 1, Err: fmt.Errorf("%s ended before it was ready", of.Name)}
			s.report(Report{Kind: Exited, Instance: i.Name, Type: i.Type, Status: i.last})
			s.apply(i, Stop)
			s.giveUp(i)
		}
	}
}

// giveUp draws the conclusions from an instance that will not run.
func (s *Supervisor) giveUp(i *instance) {
	if i.CanDie {
		if s.died == 0 {
			s.died = i.last.ExitCode()
		}
		s.failDependents(i)
		return
	}
	s.fail(i.last.ExitCode())
	s.stop(Report{Instance: i.Name, Type: i.Type, Status: i.last})
}

// probeResult is how waiting for a run to be ready has ended.
type probeResult struct {
	instance *instance
	pid      int
	err      error
}

// awaitReady begins to wait until a run is ready.
func (s *Supervisor) awaitReady(i *instance) {
	if !i.Probed {
		s.becomeReady(i)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	i.cancel = cancel
	spec, pid := i.Spec, i.pid
	go func() {
		err := s.Probe(ctx, spec, pid)
		select {
		case s.probed <- probeResult{i, pid, err}:
		case <-ctx.Done(): // the run has ended
		}
	}()
}

// becomeReady lets those start that come after an instance.
func (s *Supervisor) becomeReady(i *instance) {
	i.ready, i.hasBeen = true, true
	if i.Probed {
		s.report(Report{Kind: BecameReady, Instance: i.Name, Type: i.Type, Pid: i.pid})
	}
}

// probeDone takes note of what a probe has found. A run that is not ready in time has
// failed, although it goes on.
func (s *Supervisor) probeDone(r probeResult) {
	i := r.instance
	if i.pid != r.pid || i.state != Running {
		return
	}
	if r.err == nil {
		s.becomeReady(i)
		return
	}
	i.last = Status{Code: 1, Err: r.err}
	s.report(Report{Kind: NotReady, Instance: i.Name, Type: i.Type, Pid: i.pid, Status: i.last})
	v, e := s.judge(i, time.Now()), Stop
	if v == again {
		e = Restart
	}
	s.follow(i, v, e)
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
