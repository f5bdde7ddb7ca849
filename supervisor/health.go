package supervisor

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// Health: a run that is ready is checked again and again, by tries of Config.Check. As with a
// probe, a try runs in a goroutine of its own and decides nothing; when it begins and how long it
// may take is the instance's deadline, and what its result means is decided here.

// Health says how often the runs of an instance are checked, and how many tries in a row have to
// fail before a run is a failure. The zero value: never.
type Health struct {
	Every    time.Duration
	Failures int
}

// Checked reports whether runs are checked at all.
func (h Health) Checked() bool { return h.Every > 0 }

// A try may take as long as the interval, within these bounds: a busy machine may need a second
// for anything. The next one waits for it.
const (
	shortestTry = time.Second
	longestTry  = 5 * time.Second
)

// TryTakes is how long one may take.
func (h Health) TryTakes() time.Duration { return max(min(h.Every, longestTry), shortestTry) }

// checkup is what is known of the health of an instance's present run.
type checkup struct {
	try      *probing  // what runs; nil: nothing does
	began    time.Time // when it did, or the last one
	fine     time.Time // when the run was healthy, as far as is known
	failures int       // tries in a row that have failed
	ill      bool      // the last try that counts is one of them

	// excused says that the next failure does not count, as the clock has jumped before.
	excused bool
	set     time.Time // when the deadline was set,
	wall    time.Time // the time of day then,
	due     time.Time // and the deadline
}

// jump is by how much a clock must be off to have jumped. What was asleep until then, a laptop or
// reeve alone, may take a moment to be itself again.
const jump = 2 * time.Second

// jumped reports whether a clock has jumped since the deadline was set: by the time of day, which
// goes on while a machine sleeps, or as reeve comes far too late, since somebody has stopped it.
func (h *checkup) jumped(now, wall time.Time) bool {
	asleep := wall.Sub(h.wall) - now.Sub(h.set)
	return asleep.Abs() > jump || now.Sub(h.due) > jump
}

// fit reports whether an instance's run is ready and not known to be ill.
func (i *instance) fit() bool { return i.ready && !i.health.ill }

// steadyFor is how long the present run has been what it should be.
func (i *instance) steadyFor(now time.Time) time.Duration {
	switch {
	case !i.ready:
		return 0
	case i.health.failures > 0:
		now = i.health.fine
	}
	return now.Sub(i.began)
}

// beginCheckups lets the checks of a run that has become ready begin, after an interval. Those of
// different instances are spread over one more: the golden ratio does so evenly, however many
// there are.
func (s *Supervisor) beginCheckups(i *instance) {
	if !i.Health.Checked() {
		return
	}
	i.health = checkup{fine: time.Now()}
	_, part := math.Modf(float64(i.place) * math.Phi)
	s.checkIn(i, i.Health.Every+time.Duration(part*float64(i.Health.Every)).Round(time.Millisecond))
}

// checkIn sets the deadline of a run's health.
func (s *Supervisor) checkIn(i *instance, d time.Duration) {
	now, h := time.Now(), &i.health
	h.set, h.wall, h.due = now, s.wall(), now.Add(d)
	i.deadline = h.due
}

// wall is the time of day.
func (s *Supervisor) wall() time.Time {
	if s.Clock != nil {
		return s.Clock()
	}
	return time.Now().Round(0)
}

// checkUp is called at the deadline of a run's health: a try is to begin, or has taken too long.
func (s *Supervisor) checkUp(i *instance) {
	h, now := &i.health, time.Now()
	h.excused = h.excused || h.jumped(now, s.wall())
	switch {
	case h.try != nil:
		i.deadline = time.Time{}
		h.try.end() // and its result comes at once
	case s.attended(i):
		h.failures, h.fine = 0, now
		s.checkIn(i, i.Health.Every)
	default:
		h.began = now
		h.try = s.probe(i, s.Check)
		s.checkIn(i, i.Health.TryTakes())
	}
}

// attended reports whether somebody looks after an instance, who may have stopped it.
func (s *Supervisor) attended(i *instance) bool { return s.Attended != nil && s.Attended(i.Spec) }

// traced reports whether a debugger has stopped a process of an instance's run.
func (s *Supervisor) traced(i *instance) bool {
	return slices.ContainsFunc(s.System.Left([]int{i.pid})[i.pid], func(p Process) bool { return p.State == "t" })
}

// checked records what a try has found.
func (s *Supervisor) checked(r probeResult) {
	i, h, now := r.instance, &r.instance.health, time.Now()
	excused := h.excused || h.jumped(now, s.wall())
	h.try.end()
	h.try, h.excused = nil, false
	s.checkIn(i, max(i.Health.Every-now.Sub(h.began), 0))
	switch {
	case r.err == nil:
		h.fine, h.failures = h.began, 0
		if h.ill {
			h.ill = false
			s.report(Report{Kind: Recovered, Instance: i.Name, Type: i.Type, Pid: i.pid})
		}
	case s.attended(i), s.traced(i):
		h.failures, h.fine = 0, h.began
	case !excused:
		s.checkFailed(i, r.err)
	}
}

// checkFailed counts a failure.
func (s *Supervisor) checkFailed(i *instance, why error) {
	h := &i.health
	if h.failures++; h.failures >= i.Health.Failures {
		s.failRun(i, NotHealthy, fmt.Errorf("not healthy for %v: %w", roughly(h.began.Sub(h.fine)), why))
		return
	}
	if !h.ill {
		h.ill = true
		s.report(Report{Kind: Ailing, Instance: i.Name, Type: i.Type, Pid: i.pid, Status: Status{Code: 1, Err: why}})
	}
}

// roughly is a span of time as one would say it.
func roughly(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}

// endTry ends the try that runs, if one does. Nobody hears of its result.
func (i *instance) endTry() {
	if i.health.try != nil {
		i.health.try.end()
		i.health.try = nil
	}
}

// suspendCheckups is called when the formation is suspended: no server answers then.
func (s *Supervisor) suspendCheckups() {
	for _, i := range s.instances {
		if i.health.try != nil {
			i.endTry()
			s.checkIn(i, 0)
		}
	}
}

// resumeCheckup is called when an instance continues, lost later.
func (s *Supervisor) resumeCheckup(i *instance, lost time.Duration) {
	if h := &i.health; i.Health.Checked() && i.ready && !i.deadline.IsZero() {
		h.fine, h.excused = h.fine.Add(lost), true
		s.checkIn(i, time.Until(i.deadline))
	}
}

// probe begins to find something out about a run.
func (s *Supervisor) probe(i *instance, ask func(context.Context, Spec, int) error) *probing {
	ctx, cancel := context.WithCancel(context.Background())
	p := &probing{end: cancel}
	spec, pid := i.Spec, i.pid
	go func() {
		err := ask(ctx, spec, pid)
		select {
		case s.probed <- probeResult{i, p, err}:
		case <-s.done:
		}
	}()
	return p
}
