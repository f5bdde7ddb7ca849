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

// Result is what has become of what was asked of an instance.
type Result uint8

// The results. The first four are what was asked for, the others are not.
const (
	Up        Result = iota // it runs, and is ready
	Complete                // it is a task, and done
	Down                    // nothing of it runs
	Planned                 // nothing of it runs until it is due
	Failed                  // its new run has ended
	Blocked                 // it waits for a type of which nothing runs
	Overtaken               // somebody else has asked for the opposite since
	Ending                  // the formation ends
)

// Outcome is the answer to a request, for one instance.
type Outcome struct {
	Instance string
	Result   Result
	Pid      int       // of the run, if it is Up
	Status   Status    // how the last run has ended, if it is Down or has Failed
	After    string    // the type that it is Blocked by
	Due      time.Time // when it starts, if it is Planned
}

// reply is where the outcomes of a request go.
type reply struct {
	outcomes chan Outcome
	open     int // outcomes that are not known yet
}

// ticket is the part of a request that is about one instance.
type ticket struct {
	*reply
	of   *instance
	up   bool // it is to run, else to be stopped
	runs int  // that had begun before
}

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

// open makes a ticket one that is to be answered.
func (s *Supervisor) open(t ticket) {
	t.reply.open++
	s.tickets = append(s.tickets, t)
}

// takes reports whether a demand changes anything. A task that is done cannot be stopped: nor
// does anybody wait for it then, unless a schedule starts it again.
func (i *instance) takes(d demand) bool {
	return d != hold || i.state != Done || i.Schedule.IsSet()
}

// answer answers what can be answered.
func (s *Supervisor) answer() {
	s.tickets = slices.DeleteFunc(s.tickets, func(t ticket) bool {
		result, known := s.resultOf(t)
		if known {
			t.answer(result, s.blocker(t.of))
		}
		return known
	})
}

// resultOf says what has become of a ticket; not known: nothing yet.
func (s *Supervisor) resultOf(t ticket) (r Result, known bool) {
	i := t.of
	switch {
	case i.state == Done && i.absence == free:
		return Complete, true
	case !t.up && !i.due.IsZero():
		return Planned, i.pid == 0
	case !t.up:
		return Down, i.pid == 0 || i.runs != t.runs
	case i.absence != free && i.absence != idle:
		return Overtaken, true
	case i.state == Stopped && i.runs > t.runs:
		return Failed, true // which may be why the formation ends
	case s.stopping:
		return Ending, true
	case i.wish == met:
		return Complete, false // as soon as nothing is left of it
	case i.state == Running && i.runs > t.runs:
		return Up, i.ready
	case i.state == Waiting:
		return Blocked, s.blocker(i) != ""
	case i.runs > t.runs:
		return Failed, true
	}
	return Failed, i.state == Stopped
}

// blocker is a type that an instance waits for although it neither runs nor will: somebody
// has stopped it, or it has failed. Empty: there is none.
func (s *Supervisor) blocker(i *instance) string {
	for _, j := range s.instances {
		rests := j.absence == held || j.state == Stopped && j.absence != removed
		if slices.Contains(i.After, j.Type) && rests && !isReady(j) {
			return j.Type
		}
	}
	return ""
}

// answer answers a ticket.
func (t ticket) answer(r Result, blocker string) {
	o := Outcome{Instance: t.of.Name, Result: r}
	switch r {
	case Up:
		o.Pid = t.of.pid
	case Down, Failed:
		o.Status = t.of.last
	case Planned:
		o.Due = t.of.due
	case Blocked:
		o.After = blocker
	}
	t.outcomes <- o
	if t.open--; t.open == 0 {
		close(t.outcomes)
	}
}

// Snapshot is an instance at one moment.
type Snapshot struct {
	Spec
	State State
	Since time.Time // when the state began, or the stop
	// Ready says that what comes after it may start, as far as it is concerned: its run is ready,
	// or it is a task that is Done.
	Ready    bool
	WasReady bool      // some run was
	Ill      bool      // a check of its health has failed, and none has succeeded since
	Held     bool      // somebody has stopped it
	Removed  bool      // it is scaled away
	Idle     bool      // it has ended, and is started again when files change, or when it is due
	Due      time.Time // when its schedule starts it next; zero: never
	Building bool      // what it runs is being made
	// Deadline is when its state ends by itself: when it must be ready, or gets SIGKILL, or
	// is started again. Zero: never.
	Deadline time.Time
	Pid      int // of the present run's leader; 0: there is no run
	LastPid  int // of the last run's
	Runs     int // that have begun
	Renewals int // those of them that have begun because of [Supervisor.Renew]
	Began    time.Time
	HasEnded bool   // some run has, or could not begin
	Last     Status // and how the last of those did
}

// Snapshot tells of every instance of the formation. It has none before [Supervisor.Run]
// and after it.
func (s *Supervisor) Snapshot() (all []Snapshot) {
	s.Look(func(now []Snapshot) { all = now })
	return all
}

// Look has the supervisor's goroutine call f with a snapshot: nothing happens meanwhile. It reports
// false, without calling f, when the formation has ended.
func (s *Supervisor) Look(f func([]Snapshot)) bool {
	return s.Do(func() { f(s.snapshots()) })
}

// Last gives, after [Supervisor.Run], the instances as they were at its end.
func (s *Supervisor) Last() []Snapshot {
	<-s.done
	return s.last
}

func (s *Supervisor) snapshots() (all []Snapshot) {
	for _, i := range s.instances {
		if i.absence == removed && i.pid == 0 {
			continue
		}
		all = append(all, s.snapshot(i))
	}
	return all
}

func (s *Supervisor) snapshot(i *instance) Snapshot {
	state, deadline := i.endsIn()
	return Snapshot{
		Spec: i.Spec, State: state, Since: i.since, Ready: i.fit() || state == Done, WasReady: i.wasReady, Ill: i.health.ill,
		Held: i.absence == held, Removed: i.absence == removed, Idle: i.absence == idle, Due: i.due,
		Building: len(i.After) > 0 && slices.ContainsFunc(s.instances, func(b *instance) bool { return b.Build && b.pid != 0 && slices.Contains(i.After, b.Type) }),
		Deadline: deadline, Pid: i.pid, LastPid: i.lastPid, Runs: i.runs, Renewals: i.renewals, Began: i.began, HasEnded: i.hasEnded, Last: i.last,
	}
}
