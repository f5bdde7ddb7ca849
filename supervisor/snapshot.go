package supervisor

import (
	"slices"
	"time"
)

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
