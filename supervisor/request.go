package supervisor

import (
	"slices"
	"syscall"
	"time"
)

// Requests are what others ask of a running formation, from any goroutine. Each carries
// its own way back: one [Outcome] for every instance that it is about, as soon as that is
// known, and then the channel is closed. Nobody has to receive them. The end of the
// formation answers what is still open.

// demand is what is asked of one instance.
type demand uint8

const (
	noDemand  demand = iota
	begin            // it should run
	beginAnew        // its run should end and another begin
	hold             // it should not run until somebody asks for that
	remove           // it should stop and leave the formation
	join             // nothing, but whoever asks is told what becomes of the present run
	await            // likewise, but of the next one
	schedule         // it should not run until it is due
)

// demands says what each demand does to an instance, and whether it runs then.
var demands = map[demand]struct {
	absence absence
	event   Event
	up      bool
}{
	begin:     {free, Start, true},
	beginAnew: {free, Restart, true},
	hold:      {held, Stop, false},
	remove:    {removed, Stop, false},
	schedule:  {idle, Stop, false},
}

// absence reports whether the formation waits for an instance that does not run.
type absence uint8

const (
	free    absence = iota // it does not: the instance has ended
	held                   // it does, as somebody may start it again
	idle                   // it does, as it is started again when files change, or when it is due
	removed                // it does not: the instance has left the formation
)

// Restart asks for a new run of each of the instances, also of those that do not run. Not
// ok: the formation has ended.
func (s *Supervisor) Restart(names []string) (outcomes <-chan Outcome, ok bool) {
	return s.request(nil, beginAnew.of(names))
}

// Stop asks the instances to stop. The formation does not end by that.
func (s *Supervisor) Stop(names []string) (outcomes <-chan Outcome, ok bool) {
	return s.request(nil, hold.of(names))
}

// of makes the demand on some instances.
func (d demand) of(names []string) func(*instance) demand {
	return func(i *instance) demand {
		if slices.Contains(names, i.Name) && i.absence != removed {
			return d
		}
		return noDemand
	}
}

// Renew asks for new runs of instances because something that they are made of has changed at
// some time. It leaves alone what somebody has stopped, what has ended for good, and runs that have
// begun since then, of which it tells the outcome all the same. The loop calls renewed for each
// instance that begins anew for that reason alone.
func (s *Supervisor) Renew(names []string, changed time.Time, renewed func(Snapshot)) (outcomes <-chan Outcome, ok bool) {
	return s.request(nil, func(i *instance) demand {
		switch {
		case !slices.Contains(names, i.Name):
			return noDemand
		case i.state == Running && i.began.After(changed):
			return join
		case i.absence == held, i.absence == removed, i.state == Stopped && i.absence == free:
			return noDemand
		case i.state != Waiting && !(i.state.stops() && i.wish == up) && !s.stopping:
			i.renewals++
			renewed(s.snapshot(i))
		}
		return beginAnew
	})
}

// Scale makes the specs all the instances that there are of a type: others stop and leave
// the formation, and those that do not run start. So does a build among them, if it has never run.
func (s *Supervisor) Scale(typ string, specs []Spec) (outcomes <-chan Outcome, ok bool) {
	return s.request(specs, func(i *instance) demand {
		wanted := slices.ContainsFunc(specs, func(spec Spec) bool { return spec.Name == i.Name })
		switch {
		case i.Type != typ && !wanted || !wanted && i.absence == removed:
			return noDemand
		case !wanted:
			return remove
		case i.Build && i.runs > 0:
			return noDemand
		case i.Schedule.IsSet() && i.wish != up:
			return schedule
		case i.wish == up && i.state != Stopped, i.state == Done && i.absence == free:
			return noDemand
		}
		return begin
	})
}

// Signal sends a signal to the leaders of some instances' runs, as reeve hands on those that it
// gets itself. Not ok: the formation has ended.
func (s *Supervisor) Signal(names []string, sig syscall.Signal) (ok bool) {
	return s.Do(func() {
		named := slices.DeleteFunc(s.live(), func(i *instance) bool { return !slices.Contains(names, i.Name) })
		if len(named) > 0 {
			s.System.Forward(sig, pids(named))
		}
	})
}

// request adds those of the specs that are new, makes a demand on every instance, and
// returns where the outcomes come.
func (s *Supervisor) request(specs []Spec, on func(*instance) demand) (outcomes <-chan Outcome, ok bool) {
	r := &reply{}
	ok = s.Do(func() {
		s.addMissing(specs)
		s.demandAll(r, on)
	})
	return r.outcomes, ok
}

// demandAll makes a demand on every instance.
func (s *Supervisor) demandAll(r *reply, on func(*instance) demand) {
	r.outcomes = make(chan Outcome, len(s.instances))
	for _, i := range s.instances {
		asked := on(i)
		switch asked {
		case join:
			s.open(ticket{r, i, true, i.runs - 1})
		case await:
			s.open(ticket{r, i, true, i.runs})
		}
		if d, some := demands[asked]; some {
			s.demand(r, i, d.up, func() {
				if i.takes(asked) {
					i.absence = d.absence
					s.apply(i, d.event)
				}
			})
		}
	}
	if r.open == 0 {
		close(r.outcomes)
	}
}

// addMissing adds instances that the formation does not have. They do not run yet.
func (s *Supervisor) addMissing(specs []Spec) {
	for _, spec := range specs {
		if !slices.ContainsFunc(s.instances, func(i *instance) bool { return i.Name == spec.Name }) {
			s.add(spec)
		}
	}
}

// demand does something to an instance, unless the formation ends, and opens a ticket.
func (s *Supervisor) demand(r *reply, i *instance, up bool, do func()) {
	s.open(ticket{r, i, up, i.runs})
	if s.stopping {
		return
	}
	if up {
		i.attempts, i.delay = 0, 0 // whoever asks does not want to wait
		i.late = true
	}
	do()
}

// takes reports whether a demand changes anything. A task that is done cannot be stopped: nor
// does anybody wait for it then, unless a schedule starts it again.
func (i *instance) takes(d demand) bool {
	return d != hold || i.state != Done || i.Schedule.IsSet()
}
