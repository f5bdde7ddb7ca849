package supervisor

import "time"

// A task with a schedule rests until it is due; then everything happens as if somebody had asked for its
// start. However it ends, the formation goes on.
//
// When it is due is kept apart from its state and the deadline of that. Times of day are those of Config.Clock,
// which advances while the machine sleeps, and can be set. So the loop has Config.Alarm tell when something may
// be due, and looks at the clock then.

// Schedule says when an instance is due. The zero value is never due.
type Schedule struct {
	Every time.Duration // an interval, which does not depend on the clock, or
	// Next returns the first time of day that is due after another one.
	Next func(after time.Time) time.Time
}

// IsSet reports whether there is a schedule at all.
func (s Schedule) IsSet() bool { return s.Every > 0 || s.Next != nil }

// Alarm tells when a time of day may have come.
type Alarm interface {
	// Set replaces the time at which it rings; zero: it does not. It reports whether it can ring.
	Set(at time.Time) (can bool)
	// Rings receives something when it is time, and when the clock may have jumped: it was set, or the
	// machine has slept.
	Rings() <-chan struct{}
}

// lookAgain is how often the loop looks at the clock while something is due and no alarm can ring.
const lookAgain = 30 * time.Second

// mayBeLate is how late something may still start, if it could not start when it was due.
const mayBeLate = time.Minute

// correction is how far a clock must be set back before it counts as one that was wrong: then the times that it
// has shown do not say what has run.
const correction = 3 * time.Hour

// awaitsTime reports whether an instance starts when it is due.
func (i *instance) awaitsTime() bool {
	return i.Schedule.IsSet() && i.absence != held && i.absence != removed
}

// plan sets when the instances are due.
func (s *Supervisor) plan() {
	if !s.scheduled {
		return
	}
	for _, i := range s.instances {
		switch awaits := i.awaitsTime() && !s.stopping; {
		case !awaits:
			i.due = time.Time{}
		case i.due.IsZero():
			i.seen = s.clockOf(i)
			i.due = i.Schedule.after(i.seen)
			s.touch()
		}
	}
}

func (s Schedule) after(t time.Time) time.Time {
	if s.Every > 0 {
		return t.Add(s.Every)
	}
	return s.Next(t)
}

// clockOf is the time by the clock that an instance's schedule depends on.
func (s *Supervisor) clockOf(i *instance) time.Time {
	if i.Schedule.Every > 0 {
		return time.Now()
	}
	return s.wall()
}

// tick starts what is due.
func (s *Supervisor) tick() {
	if !s.scheduled || s.stopping || !s.suspended.IsZero() {
		return
	}
	for _, i := range s.instances {
		if i.due.IsZero() {
			continue
		}
		now := s.clockOf(i)
		if !i.due.After(now) {
			s.startDue(i, now)
		} else if i.wasSetBack(now) {
			i.due = time.Time{} // so that plan sets it anew
		}
		i.seen = now
	}
}

// startDue starts an instance that is due, unless it is too late or its last run is not over.
func (s *Supervisor) startDue(i *instance, now time.Time) {
	last, next := i.dueAround(now)
	i.due = next
	r := Report{Kind: Missed, Instance: i.Name, Type: i.Type, Due: last, Next: next}
	switch {
	case now.Sub(last) >= mayBeLate:
		s.report(r)
	case !i.state.rests() && i.state != Backoff:
		r.Kind = Skipped
		s.report(r)
	default:
		i.attempts, i.delay = 0, 0
		i.absence, i.late = free, true
		s.apply(i, Start)
		s.failBlocked(i)
	}
}

// dueAround is when an instance should have been started most recently, and when it is due next.
func (i *instance) dueAround(now time.Time) (last, next time.Time) {
	last = i.due
	if every := i.Schedule.Every; every > 0 {
		last = last.Add(now.Sub(last).Truncate(every))
		return last, last.Add(every)
	}
	if now.Sub(last) >= mayBeLate {
		if later := i.Schedule.Next(now.Add(-mayBeLate)); !later.After(now) {
			last = later
		}
	}
	return last, i.Schedule.Next(now)
}

// wasSetBack reports whether the clock was set back so far that an instance would wait too long. It does not
// run again at a time of day at which it has run, unless the clock was wrong, or the pause would be more than
// twice the usual interval.
func (i *instance) wasSetBack(now time.Time) bool {
	back := i.seen.Sub(now)
	if i.Schedule.Every > 0 || back <= 0 {
		return false
	}
	return back > correction || i.due.Sub(now) > 2*i.Schedule.Next(i.due).Sub(i.due)
}

// setAlarm sets the alarm to when the first instance is due at a time of day. If the alarm cannot ring, it
// returns when the loop should look at the clock; zero: it need not.
func (s *Supervisor) setAlarm() (look time.Time) {
	if !s.scheduled || !s.suspended.IsZero() {
		return look
	}
	var first time.Time
	for _, i := range s.instances {
		if i.Schedule.Every == 0 && !i.due.IsZero() && (first.IsZero() || i.due.Before(first)) {
			first = i.due
		}
	}
	switch {
	case s.Alarm != nil && s.alarm.Equal(first):
		return look
	case s.Alarm != nil && s.Alarm.Set(first):
		s.alarm = first
		return look
	case first.IsZero():
		return look
	}
	return time.Now().Add(min(first.Sub(s.wall()), lookAgain))
}

// rings tells when it may be time.
func (s *Supervisor) rings() <-chan struct{} {
	if s.Alarm == nil {
		return nil
	}
	return s.Alarm.Rings()
}
