package supervisor

import (
	"runtime"
	"slices"
	"time"
)

// A turn of the loop handles one event. Here is what is the same in each of them: what is done at
// its end, which instance starts next, and what the timer waits for.

// endTurn sends the signals that the turn has collected, finds the runs that are gone and
// what may then stop, and sets the timer for the earliest deadline.
func (s *Supervisor) endTurn() {
	for {
		s.sendSignals()
		s.sweep()
		if s.stopping {
			s.stopNext()
		}
		if len(s.firsts)+len(s.asks)+len(s.kills) == 0 {
			break
		}
	}
	s.plan()
	s.answer()
	s.setTimer()
}

// sendSignals sends what the turn has collected.
func (s *Supervisor) sendSignals() {
	if len(s.firsts) > 0 {
		s.System.AskFirst(s.firsts)
	}
	if len(s.asks) > 0 {
		s.System.Ask(s.asks)
	}
	if len(s.kills) > 0 && len(s.System.Kill(s.kills)) > 0 && s.stopping {
		s.fail(killedCode)
	}
	s.firsts, s.asks, s.kills = s.firsts[:0], s.asks[:0], s.kills[:0]
}

// sweep finds the runs of which nothing is left.
func (s *Supervisor) sweep() {
	var ended []int
	for _, i := range s.instances {
		if i.pid != 0 && i.reaped {
			ended = append(ended, i.pid)
		}
	}
	if len(ended) == 0 {
		return
	}
	gone, bereft := s.System.Gone(ended)
	for _, i := range s.instances {
		switch {
		case i.pid == 0 || !i.reaped:
		case slices.Contains(gone, i.pid):
			pid := i.pid
			s.report(Report{Kind: RunGone, Instance: i.Name, Type: i.Type, Pid: pid})
			i.pid = 0
			if i.next != nil {
				s.take(i, *i.next)
			}
			if s.apply(i, Gone); i.state == Done {
				s.report(Report{Kind: Finished, Instance: i.Name, Type: i.Type, Pid: pid, Ran: i.since.Sub(i.began)})
			}
		default:
			s.leaves(i)
			if slices.Contains(bereft, i.pid) {
				s.apply(i, FirstEnded)
			}
		}
	}
}

// over reports whether the formation has ended. One that ends by itself has nothing left
// that could run: nobody has stopped an instance, and not everything is scaled away, or
// everything but tasks that are done.
func (s *Supervisor) over() bool {
	ended, done, waits, away := len(s.instances) == 0, false, false, false
	for _, i := range s.instances {
		switch {
		case !i.state.rests():
			return s.abandoned
		case i.absence == removed:
			away = away || !i.Task
		case i.absence == held, i.absence == idle, i.Watched, i.Schedule.IsSet():
			waits = true
		case i.state == Done:
			done = true
		default:
			ended = true
		}
	}
	return s.stopping || !waits && (ended || done && !away)
}

// always is a channel that can always be received from.
var always = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// turn is ready while some instance can be started. One is started a turn, so that a
// signal in the middle of a big start-up is heard at once.
func (s *Supervisor) turn() <-chan struct{} {
	if !s.suspended.IsZero() || s.next() == nil {
		return nil
	}
	return always
}

// next is the first instance that waits, and for nothing but its turn.
func (s *Supervisor) next() *instance {
	for _, i := range s.instances {
		if i.state == Waiting && s.all(i.After, isReady) && !(i.Build && s.building() >= runtime.NumCPU()) {
			return i
		}
	}
	return nil
}

// building counts the builds that run: each is likely to keep a processor busy.
func (s *Supervisor) building() (n int) {
	for _, i := range s.instances {
		if i.Build && i.pid != 0 {
			n++
		}
	}
	return n
}

// due tells every instance whose deadline has passed.
func (s *Supervisor) due() {
	now := time.Now()
	if !s.suspendsAt.IsZero() {
		s.suspendSelf()
		return
	}
	var stuck []*instance
	for _, i := range s.instances {
		if i.deadline.IsZero() || i.deadline.After(now) {
			continue
		}
		switch i.state {
		case Stopping:
			s.report(Report{Kind: GraceOver, Instance: i.Name, Type: i.Type, Pid: i.pid, Grace: i.Grace})
		case Killing:
			stuck = append(stuck, i)
		}
		s.apply(i, Due)
		if i.state == Waiting {
			s.startAgain(i)
		}
	}
	if len(stuck) > 0 {
		s.stuck = true
		s.name(Stuck, stuck)
	}
	if !s.leaveAt.IsZero() && !now.Before(s.leaveAt) {
		s.abandon()
	}
	s.tick()
}

// setTimer makes the one timer wait for the earliest deadline.
func (s *Supervisor) setTimer() {
	first := s.earliest()
	if look := s.setAlarm(); first.IsZero() || !look.IsZero() && look.Before(first) {
		first = look
	}
	if first.IsZero() {
		s.timer.Stop()
		return
	}
	s.timer.Reset(time.Until(first))
}

// earliest is the deadline that comes first; zero: there is none. No instance's
// deadline passes while the formation is suspended: it would, before SIGCONT is heard.
func (s *Supervisor) earliest() time.Time {
	if !s.suspended.IsZero() {
		return s.suspendsAt
	}
	first := s.leaveAt
	for _, i := range s.instances {
		if !i.deadline.IsZero() && (first.IsZero() || i.deadline.Before(first)) {
			first = i.deadline
		}
		if i.Schedule.Every > 0 && !i.due.IsZero() && (first.IsZero() || i.due.Before(first)) {
			first = i.due
		}
	}
	return first
}
