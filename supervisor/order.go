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

// stop begins the end of the formation; why says what made it.
func (s *Supervisor) stop(why Report) {
	if s.stopping {
		return
	}
	s.stopping = true
	s.by, s.asked = why.Signal, why.Instance == ""
	why.Kind = FormationStopping
	s.why = &why
	s.report(why)
	for _, i := range s.instances {
		s.endProbes(i) // nothing waits for it any longer
	}
	s.stopNext()
}
