package supervisor

import (
	"context"
	"os"
	"time"
)

// Config says what to supervise, and with what.
type Config struct {
	Instances []Spec // started in this order
	System    System
	// Signals brings the signals that are meant for the formation, except SIGCHLD.
	Signals <-chan os.Signal
	// Children brings SIGCHLD. It is a channel of its own, of length one, so that a
	// burst of ends can neither fill nor delay the other.
	Children <-chan os.Signal
	// Report is told everything that happens, in order. It must not wait. Nil: nobody.
	Report func(Report)
	// Probe waits until the run of a Probed instance is ready, or the context ends, and
	// then returns at once why it is not. It is called in a goroutine of its own.
	Probe func(context.Context, Spec, int) error
	// WasReady reports whether the run of a Probed instance was ready when it ended, although its
	// probe has not returned yet. It must not wait. Nil: no.
	WasReady func(Spec) bool
	// Check tries once whether the run of an instance with [Health] is healthy, and says why it is
	// not, at once when the context ends. It is called in a goroutine of its own.
	Check func(context.Context, Spec, int) error
	// Attended reports whether somebody looks after an instance, so that its health is not
	// checked. It must not wait. Nil: nobody does.
	Attended func(Spec) bool
	// Clock is the time of day, which goes on while the machine sleeps. Nil: [time.Now].
	Clock func() time.Time
	// Alarm tells when something is due by that. Nil: the loop looks at the clock now and then.
	Alarm Alarm
}

// Supervisor runs one formation. Its fields belong to the goroutine in [Supervisor.Run].
type Supervisor struct {
	Config
	formation
	instances []*instance
	// checkedOnes counts those whose health is checked, whether they are still there or not.
	checkedOnes int
	scheduled   bool        // an instance has, or had, a schedule
	alarm       time.Time   // when the alarm rings
	quits       chan string // requests to stop all of it, with their reasons
	probed      chan probeResult
	calls       chan func()
	done        chan struct{} // closed when Run has ended

	interrupts int       // how many signals asked for a stop, each time more urgently
	urged      time.Time // when the last one did
	asked      bool      // somebody wanted the formation to end
	suspended  time.Time // when SIGTSTP came; zero: it did not, or SIGCONT has come since
	suspendsAt time.Time // when reeve itself stops after that; zero: it does not, or has
	continued  time.Time // when a SIGCONT came last
	stuck      bool      // something has survived SIGKILL and was named
	abandoned  bool      // leave without waiting for what cannot be killed
	leaveAt    time.Time // when to leave; zero: not before everything has ended

	why                 *Report       // what has made it end; nil: nothing has
	changed             chan struct{} // see [Supervisor.touch]; nil: nobody waits
	last                []Snapshot    // when Run has ended
	tickets             []ticket
	firsts, asks, kills []int // runs to be signalled at the end of the turn
	timer               *time.Timer
}

// New prepares a formation. Nothing happens before [Supervisor.Run].
func New(c Config) *Supervisor {
	s := &Supervisor{
		Config: c, quits: make(chan string, 1), probed: make(chan probeResult),
		calls: make(chan func()), done: make(chan struct{}),
		timer: time.NewTimer(time.Hour),
	}
	for _, spec := range c.Instances {
		s.add(spec)
	}
	return s
}

// add adds an instance.
func (s *Supervisor) add(spec Spec) {
	i := newInstance(spec)
	if i.place = s.checkedOnes; spec.Health.Checked() {
		s.checkedOnes++
	}
	s.scheduled = s.scheduled || spec.Schedule.IsSet()
	s.instances = append(s.instances, i)
}

// Quit asks for a graceful stop of the formation; reason is reported. It can be
// called from any goroutine, any number of times, and never waits.
func (s *Supervisor) Quit(reason string) {
	select {
	case s.quits <- reason:
	default: // one is on its way already
	}
}

// Do has the supervisor's goroutine call f, and waits for that. It reports false, without
// calling f, when the formation has ended.
func (s *Supervisor) Do(f func()) bool {
	called := make(chan struct{})
	select {
	case s.calls <- func() { f(); close(called) }:
		<-called
		return true
	case <-s.done:
		return false
	}
}

// Asked reports, after Run, whether the end of the formation was asked for.
func (s *Supervisor) Asked() bool { return s.asked }

// Insisted reports, after Run, whether it was asked for again, so urgently that everything was
// killed.
func (s *Supervisor) Insisted() bool { return s.interrupts > 1 }

// Run starts the formation and returns its exit code when all of it has ended.
func (s *Supervisor) Run() (code int) {
	defer s.end()
	for _, i := range s.instances {
		if i.Schedule.IsSet() {
			i.absence = idle
			continue
		}
		s.apply(i, Start)
	}
	for {
		s.endTurn()
		if s.over() {
			return s.exitCode()
		}
		children, calls := s.Children, s.calls
		if !s.suspendsAt.IsZero() {
			children, calls = nil, nil // as if reeve had stopped already
		}
		select {
		case sig := <-s.Signals:
			s.signal(sig)
		case <-children:
			// A signal that has come first decides what an end means.
			s.pendingSignals()
			s.reap()
		case <-s.timer.C:
			s.due()
		case <-s.rings():
			s.alarm = time.Time{}
			s.tick()
		case reason := <-s.quits:
			s.stop(Report{Reason: reason})
		case call := <-calls:
			call()
		case r := <-s.probed:
			s.probeDone(r)
		case <-s.turn():
			if len(s.Signals) == 0 {
				s.apply(s.next(), Ready)
			}
		}
	}
}

// end answers whoever still waits for something.
func (s *Supervisor) end() {
	s.stopping = true
	s.answer()
	for _, t := range s.tickets {
		t.answer(Ending, "")
	}
	s.last = s.snapshots()
	close(s.done)
	s.touch()
}
