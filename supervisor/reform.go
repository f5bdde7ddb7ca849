package supervisor

import (
	"slices"
	"time"
)

// Reform is what a formation is to be from now on.
type Reform struct {
	Specs []Spec   // of all instances; others stop and leave
	Anew  []string // instances whose run is to end and another to begin, unless somebody has stopped them
}

// Reform makes the formation another one, in one step. The loop calls plan with its instances, which
// says what is to become of them; not ok: nothing. An instance that begins anew is what its former spec
// says until its run has ended; of another one, only that may differ which is about no run in
// particular. Not ok: the formation ends, or has ended.
func (s *Supervisor) Reform(plan func([]Snapshot) (r Reform, ok bool)) (outcomes <-chan Outcome, ok bool) {
	r := &reply{}
	s.Do(func() {
		if s.stopping {
			return
		}
		ok = true
		on := func(*instance) demand { return noDemand }
		if to, some := plan(s.snapshots()); some {
			on = s.reform(to)
		}
		s.demandAll(r, on)
	})
	return r.outcomes, ok
}

// reform gives instances their specs, adds those that are new, and says what is demanded of each.
func (s *Supervisor) reform(to Reform) func(*instance) demand {
	specs, begun, timed := map[string]Spec{}, map[string]bool{}, map[string]bool{}
	for _, spec := range to.Specs {
		specs[spec.Name] = spec
	}
	for _, i := range s.instances {
		if spec, stays := specs[i.Name]; stays {
			begun[i.Name], timed[i.Name] = i.absence != removed, i.Schedule.IsSet()
			s.become(i, spec, slices.Contains(to.Anew, i.Name))
		}
	}
	s.addMissing(to.Specs)
	return func(i *instance) demand {
		spec, stays := specs[i.Name]
		switch {
		case !stays && i.absence == removed:
			return noDemand
		case !stays:
			return remove
		case spec.Schedule.IsSet() && begun[i.Name] && (timed[i.Name] || i.absence == held):
			return noDemand // a run that it has is not for nothing
		case spec.Schedule.IsSet():
			return schedule
		case !begun[i.Name]:
			return begin
		case timed[i.Name] && i.absence != held:
			return beginAnew
		case i.absence != held && slices.Contains(to.Anew, i.Name):
			return beginAnew
		case i.state.stops() && i.wish == up:
			return await
		}
		return noDemand
	}
}

// become gives an instance another spec: at once, or when the run has ended that is to.
func (s *Supervisor) become(i *instance, spec Spec, anew bool) {
	anew = anew || i.Schedule.IsSet() != spec.Schedule.IsSet()
	if i.pid != 0 && (anew || i.next != nil || i.absence == removed) {
		if i.next = &spec; i.Schedule.IsSet() && spec.Schedule.IsSet() {
			s.reschedule(i, spec.Schedule)
		}
		return
	}
	s.take(i, spec)
}

// take gives an instance its spec.
func (s *Supervisor) take(i *instance, spec Spec) {
	if spec.Health.Checked() && !i.Health.Checked() {
		i.place = s.checkedOnes
		s.checkedOnes++
	}
	s.reschedule(i, spec.Schedule)
	i.Spec, i.next = newInstance(spec).Spec, nil
}

// reschedule gives an instance its schedule. An interval that has not changed continues.
func (s *Supervisor) reschedule(i *instance, to Schedule) {
	if to.Every == 0 || to.Every != i.Schedule.Every {
		i.due = time.Time{}
	}
	i.Schedule = to
	s.scheduled = s.scheduled || to.IsSet()
}
