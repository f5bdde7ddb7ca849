package supervisor

import (
	"slices"
	"time"
)

// What the loop does at the end of each turn, whatever that was about.

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
