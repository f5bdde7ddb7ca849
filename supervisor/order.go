package supervisor

import (
	"errors"
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
	if len(types) == 0 {
		return true
	}
	for _, i := range s.instances {
		gone := i.absence == removed && i.pid == 0
		if slices.Contains(types, i.Type) && !gone && !holds(i) {
			return false
		}
	}
	return true
}

// isReady reports whether what comes after an instance may start: it is a task that is done, or a
// build that was, and that does not run just now,
// or else it is ready, or was, and has ended for good.
func isReady(i *instance) bool {
	if i.Build && i.wasReady && i.state.rests() {
		return true
	}
	if i.Task {
		return i.state == Done
	}
	return i.fit() || i.wasReady && i.state == Stopped
}

// needed are the types that come before something that runs, directly or with others between
// them, whether those run or not: a service keeps its database although the task between
// them is done.
func (s *Supervisor) needed() map[string]bool {
	before, needed := map[string][]string{}, map[string]bool{}
	for _, i := range s.instances {
		if len(i.After) > 0 {
			before[i.Type] = i.After
		}
	}
	var need func(types []string)
	need = func(types []string) {
		for _, typ := range types {
			if !needed[typ] {
				needed[typ] = true
				need(before[typ])
			}
		}
	}
	for _, i := range s.instances {
		if !i.state.rests() {
			need(i.After)
		}
	}
	return needed
}

// stopNext asks everything to stop that nothing else needs any longer. What does not run
// has nothing to wait for.
func (s *Supervisor) stopNext() {
	for _, i := range s.instances {
		if i.state == Waiting || i.state == Backoff {
			s.apply(i, Stop)
		}
	}
	var running []*instance
	for _, i := range s.instances {
		switch {
		case i.state == Running:
			running = append(running, i)
		case i.wish == up:
			s.apply(i, Stop)
		}
	}
	if len(running) == 0 {
		return // as in most turns of a stop
	}
	needed := s.needed()
	for _, i := range running {
		if !needed[i.Type] {
			s.apply(i, Stop)
		}
	}
}

// giveUp draws the conclusions from an instance that will not run any longer, whatever
// that means for the formation.
func (s *Supervisor) giveUp(i *instance, v verdict) {
	if i.spent() && i.Restart.wants(i.last) {
		s.reportSpent(i)
	}
	ending := s.failDependents(i)
	if v == ends {
		ending = i
	}
	s.stopFor(ending)
}

func (s *Supervisor) reportSpent(i *instance) {
	s.report(Report{Kind: RestartsSpent, Instance: i.Name, Type: i.Type, Restarts: i.attempts})
}

// stopFor stops the formation since an instance ends it; nil: none does.
func (s *Supervisor) stopFor(ending *instance) {
	if ending == nil {
		return
	}
	why := Report{Instance: ending.Name, Type: ending.Type, Status: ending.last}
	if !ending.began.IsZero() {
		why.Ran = time.Since(ending.began)
	}
	s.stop(why)
}

// failDependents fails what waits for an instance that has ended for good before it
// was ever ready, or for a task that has failed, and what waits for that in turn. It returns
// the first of them that ends the formation; nil if none does.
func (s *Supervisor) failDependents(of *instance) (ending *instance) {
	if of.wasReady {
		return nil
	}
	for _, i := range s.instances {
		if i.state != Waiting || !slices.Contains(i.After, of.Type) {
			continue
		}
		if next := s.failWaiting(i, of); ending == nil {
			ending = next
		}
	}
	return ending
}

// failWaiting fails an instance that waits for one which has ended for good, and what waits
// for that in turn. It returns the first of them that ends the formation; nil if none does.
func (s *Supervisor) failWaiting(i, of *instance) (ending *instance) {
	why := "was never ready"
	if of.Task {
		why = "is not done"
	}
	i.last = Status{Code: 1, Err: fmt.Errorf("it comes after %s, which %s", of.Name, why)}
	if of.Build {
		i.last.Err = errors.New("its build has failed")
	}
	s.report(Report{Kind: Exited, Instance: i.Name, Type: i.Type, Status: i.last, Failed: true})
	s.apply(i, Stop)
	if i.Schedule.IsSet() {
		i.absence = idle
		return nil
	}
	v, next := s.count(i, i.last.Code), s.failDependents(i)
	if v == ends {
		return i
	}
	return next
}

// startAgain lets an instance wait for its turn when its back-off is over. What it comes
// after may have failed since, and will not be ready: whoever asked for the start is told,
// but what starts by itself has failed as well.
func (s *Supervisor) startAgain(i *instance) {
	if i.attempts > 0 {
		s.failBlocked(i)
	}
}

// failBlocked fails an instance if something that it comes after has failed for good.
func (s *Supervisor) failBlocked(i *instance) {
	for _, of := range s.instances {
		if slices.Contains(i.After, of.Type) && of.state == Stopped && of.absence == free && !isReady(of) {
			s.stopFor(s.failWaiting(i, of))
			return
		}
	}
}

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

// becomeReady records that an instance's run is ready.
func (s *Supervisor) becomeReady(i *instance) {
	s.endProbes(i)
	s.nowReady(i)
	s.report(Report{Kind: BecameReady, Instance: i.Name, Type: i.Type, Pid: i.pid})
}

// Cycle finds a cycle in what comes after what, and returns it with its first type at
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
