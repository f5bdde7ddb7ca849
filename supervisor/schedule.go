package supervisor

import "time"

// Schedules: a task that is started by time. It rests until it is due; then everything is as if
// somebody had asked for its start. How it ends says nothing about the formation, which goes on.
//
// When it is due is kept apart from the deadline of its state, in whatever state it is. Times of day are
// those of Config.Clock, which goes on while the machine sleeps, and can be set: so the loop asks Config.Alarm to tell
// when it may be time, and looks at the clock then.

// Schedule says when an instance is started by time. The zero value: never.
type Schedule struct {
	Every time.Duration // again and again after this time, whatever the time of day, or
	// Next gives the first time of day after another one.
	Next func(after time.Time) time.Time
}

// IsSet reports whether time starts an instance at all.
func (s Schedule) IsSet() bool { return s.Every > 0 || s.Next != nil }

// Alarm tells when it may be a time of day.
type Alarm interface {
	// Set replaces the time at which it rings; zero: it does not. It reports whether it can ring.
	Set(at time.Time) (can bool)
	// Rings is sent something when it is time, and when the time may be another one than it seemed: the
	// clock was set, or the machine has slept.
	Rings() <-chan struct{}
}

// lookAgain is how often the loop looks at the clock while something is due and no alarm can ring.
const lookAgain = 30 * time.Second

// mayBeLate is how much later than it was due something still starts, if nobody could do so in time.
const mayBeLate = time.Minute

// correction is by how much a clock must be set back to count as one that was wrong: what it has shown
// before then says nothing about what has run.
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

// clockOf is the clock that an instance's schedule goes by.
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
			i.due = time.Time{} // which has a plan made
		}
		i.seen = now
	}
}

// startDue starts an instance that is due, unless that was too long ago, or its last run is not over.
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

// dueAround is when an instance that is due should have been started last, and when it is due next.
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

// wasSetBack reports whether the clock was, and so far that an instance would wait too long. It runs at no
// time of day again at which it has run, unless the clock was wrong, or it runs so often that nobody
// would understand why it does not.
func (i *instance) wasSetBack(now time.Time) bool {
	back := i.seen.Sub(now)
	if i.Schedule.Every > 0 || back <= 0 {
		return false
	}
	return back > correction || i.due.Sub(now) > 2*i.Schedule.Next(i.due).Sub(i.due)
}

// setAlarm has the alarm ring when the first instance is due by the time of day. If it cannot, that is
// when the loop should look at the clock; zero: it need not.
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
