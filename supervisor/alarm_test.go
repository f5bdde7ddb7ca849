//go:build unix

package supervisor

import "time"

// fakeAlarm is an [Alarm] by the time of day of a machine.
type fakeAlarm struct {
	of    *machine
	timer *time.Timer
	rings chan struct{}
}

func newFakeAlarm(of *machine) *fakeAlarm {
	return &fakeAlarm{of: of, rings: make(chan struct{}, 1)}
}

// orNone makes an alarm that is not there one that the supervisor does not see.
func (a *fakeAlarm) orNone() Alarm {
	if a == nil {
		return nil
	}
	return a
}

func (a *fakeAlarm) Rings() <-chan struct{} { return a.rings }

func (a *fakeAlarm) Set(at time.Time) (can bool) {
	if a.timer != nil {
		a.timer.Stop()
	}
	if !at.IsZero() {
		a.timer = time.AfterFunc(max(at.Sub(a.of.clock()), 0), a.ring)
	}
	return true
}

// ring is called when it is time, and when the clock has jumped.
func (a *fakeAlarm) ring() {
	if a == nil {
		return
	}
	select {
	case a.rings <- struct{}{}:
	default:
	}
}

// clock is the time of day of the machine.
func (m *machine) clock() time.Time { return time.Now().Add(m.slept).Round(0) }

// day is a time since the day on which the machine was started.
func (m *machine) day(t time.Time) string { return t.Sub(m.began.Round(0)).String() }

// inTurn is due at every multiple of a period, and something more.
func inTurn(period, more time.Duration) func(time.Time) time.Time {
	return func(after time.Time) time.Time {
		return after.Add(-more).Truncate(period).Add(period + more)
	}
}
