package supervisor

import (
	"context"
	"os"
	"runtime"
	"syscall"
	"time"
)

// System is the machine as the supervisor sees it, and the only thing through
// which it touches processes. A run is known by the pid of its leader. No method
// waits for anything.
type System interface {
	// Start begins a run and returns the pid of its leader.
	Start(Spec) (pid int, err error)
	// Reap collects the leaders that have ended since the last call.
	Reap() []Exit
	// AskFirst sends each run's stop signal to its first processes: the leader, and what
	// the leader could not pass it on to.
	AskFirst(runs []int)
	// Ask sends each run's stop signal to every process of the runs that has not
	// had it yet. Of a run without a leader it may leave that to Gone.
	Ask(runs []int)
	// Kill sends SIGKILL to every process of the runs. It returns the runs of which
	// anything was alive besides the leader, whose own end tells.
	Kill(runs []int) (met []int)
	// Signal sends a signal to every process of the runs.
	Signal(sig syscall.Signal, runs []int)
	// Forward sends a signal to the leaders of the runs.
	Forward(sig syscall.Signal, runs []int)
	// Gone returns those of the runs, all without a leader, of which nothing is
	// left, and forgets them. Bereft are those of which only what was not asked first is
	// left. What has appeared in runs that were asked as a whole gets the signal now.
	Gone(runs []int) (gone, bereft []int)
	// Left names the processes of the runs that still live.
	Left(runs []int) map[int][]Process
	// Settle waits until the signals that have come are in Config.Signals.
	Settle()
	// Suspend stops reeve itself, as SIGTSTP would, until it is continued, unless it is no longer
	// to stop when it has looked at the signals that have come.
	Suspend(still func() bool)
	// Resume is called when reeve has been continued, or is not to stop any more.
	Resume()
}

// Exit is the end of a run's leader.
type Exit struct {
	Pid    int
	Status Status
}

// Process is one process of a run, for messages.
type Process struct {
	Pid   int
	Name  string
	State string // as in proc(5): "D" is uninterruptible sleep
	// Owner is the user that it runs as, if reeve is not permitted to signal it.
	Owner string
}

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

// apply moves one instance and does what the table says. Signals to runs are
// collected: however many runs a turn stops, the system is looked at once.
func (s *Supervisor) apply(i *instance, e Event) {
	s.touch()
	do := i.apply(e, time.Now())
	if i.state != Running {
		s.endProbes(i)
		i.ready, i.health = false, checkup{}
	}
	switch do {
	case launch:
		s.launch(i)
	case askFirst:
		s.firsts = append(s.firsts, i.pid)
	case ask:
		s.asks = append(s.asks, i.pid)
	case kill:
		s.kills = append(s.kills, i.pid)
	case examine:
		s.examine(i)
	}
}

// launch begins a run. One that cannot begin is a run that has ended.
func (s *Supervisor) launch(i *instance) {
	i.began, i.extended = time.Now(), false
	i.failure = nil
	i.runs++
	pid, err := s.System.Start(i.Spec)
	i.pid, i.lastPid, i.reaped = pid, pid, false
	if err != nil {
		if st := (Status{Code: StartCode(err), Err: err}); !s.putOff(i, st) {
			s.exited(i, st, Gone)
		}
		return
	}
	i.late = true
	s.report(Report{Kind: Started, Instance: i.Name, Type: i.Type, Pid: pid})
	s.awaitReady(i)
}

// exited records the end of a run's leader; what is left of the run decides
// which event that is.
func (s *Supervisor) exited(i *instance, st Status, e Event) {
	if i.probing != nil && s.WasReady != nil && s.WasReady(i.Spec) {
		s.becomeReady(i)
	}
	i.reaped, i.hasEnded, i.last = true, true, st
	now := time.Now()
	v := s.judge(i, now)
	if i.failure != nil {
		i.last = *i.failure // how it has ended after that tells nothing
	}
	s.report(Report{
		Kind: Exited, Instance: i.Name, Type: i.Type, Pid: i.pid, Status: st,
		Failed: v != expected && st.ExitCode() != 0, Ran: now.Sub(i.began),
	})
	s.follow(i, v, e)
}

// follow does what a verdict on an instance's run says, with the event that takes the
// instance out of its state.
func (s *Supervisor) follow(i *instance, v verdict, e Event) {
	if i.state == Running {
		i.wish = wishes[v]
	}
	s.apply(i, e)
	if v == restart {
		s.report(Report{Kind: Restarting, Instance: i.Name, Type: i.Type, Delay: i.delay})
	}
	switch v {
	case finished:
		i.wasReady = i.Build
	case idles:
		s.idle(i)
	case alone, ends:
		s.giveUp(i, v)
	}
}

// idle lets an instance wait until something starts it again.
func (s *Supervisor) idle(i *instance) {
	i.absence = idle
	switch {
	case i.Watched:
		s.report(Report{Kind: Idle, Instance: i.Name, Type: i.Type})
	case i.spent() && i.Restart.wants(i.last):
		s.reportSpent(i)
	}
}

// stop begins the end of the formation; why says what made it.
func (s *Supervisor) stop(why Report) {
	if s.stopping {
		return
	}
	s.stopping = true
	s.by, s.asked = why.Signal, why.Instance == ""
	why.Kind = FormationStopping
	s.why = &why
	s.report(why)
	for _, i := range s.instances {
		s.endProbes(i) // nothing waits for it any longer
	}
	s.stopNext()
}

// name reports what is left of some instances' runs.
func (s *Supervisor) name(kind Kind, of []*instance) {
	left := s.System.Left(pids(of))
	for _, i := range of {
		s.report(Report{Kind: kind, Instance: i.Name, Type: i.Type, Pid: i.pid, Left: left[i.pid]})
	}
}

// reap records all processes that have ended.
func (s *Supervisor) reap() {
	for _, e := range s.System.Reap() {
		for _, i := range s.instances {
			if i.pid == e.Pid {
				s.exited(i, e.Status, LeaderExited)
			}
		}
	}
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

// live lists the instances that have a run.
func (s *Supervisor) live() []*instance {
	var live []*instance
	for _, i := range s.instances {
		if i.pid != 0 {
			live = append(live, i)
		}
	}
	return live
}

// pids gives the runs of some instances.
func pids(of []*instance) []int {
	var pids []int
	for _, i := range of {
		pids = append(pids, i.pid)
	}
	return pids
}

func (s *Supervisor) report(r Report) {
	s.touch()
	if s.Report != nil {
		s.Report(r)
	}
}
