package supervisor

import (
	"slices"
	"time"
)

// A request is answered later than it is made. Until then it has a ticket for each instance that it
// is about, and every turn answers those of which the outcome is known.

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

// open makes a ticket one that is to be answered.
func (s *Supervisor) open(t ticket) {
	t.reply.open++
	s.tickets = append(s.tickets, t)
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
