package supervisor

import (
	"syscall"
	"time"
)

// State says what an instance is doing. What is wanted of it is kept apart, in
// [instance.wish]: "stopping, to be started again" is Stopping with the wish up.
type State uint8

// The states of an instance.
const (
	Stopped  State = iota // no run, and none is due
	Waiting               // to be started when its turn comes
	Running               // the run's leader lives; the deadline says when it must be ready, then when its health is checked
	Asking                // the first processes have the stop signal; the rest gets it when they have ended, or at the deadline
	Stopping              // everything has the stop signal; SIGKILL follows at the deadline
	Killing               // SIGKILL is out; the deadline says when to look again
	Backoff               // no run; the next one is due at the deadline
	Done                  // no run, and none is due: the last one has done what the task is for
)

func (s State) String() string {
	return [...]string{"stopped", "waiting", "running", "asking", "stopping", "killing", "backoff", "done"}[s]
}

// rests reports whether an instance has no run in the state, and none that is due.
func (s State) rests() bool { return s == Stopped || s == Done }

// stops reports whether a run is to end in the state.
func (s State) stops() bool { return s == Asking || s == Stopping || s == Killing }

// Event is what can happen to an instance.
type Event uint8

// The first four are requests, the others reports.
const (
	Start        Event = iota // it should run
	Stop                      // it should not run
	Restart                   // its run should end and another begin
	Kill                      // it should not run, and what runs gets no more time
	LeaderExited              // the run's leader has ended
	FirstEnded                // so has all that was asked first, but something of the run is left
	Gone                      // nothing of the run is left
	Due                       // the deadline has passed
	Ready                     // what it waited for has come: it is its turn
)

func (e Event) String() string {
	return [...]string{"start", "stop", "restart", "kill", "leader exited", "first ended", "gone", "due", "ready"}[e]
}

// action is what the loop does to the system when an event has moved a state.
type action uint8

const (
	noAction action = iota
	launch          // begin a run
	askFirst        // stop signal to the run's first processes
	ask             // stop signal to whatever of the run has not had it yet
	kill            // SIGKILL to everything of the run
	examine         // look at a run that goes on: it should be ready by now, or its health is to be checked
)

// wish is what is wanted of an instance: what an event says about it, or what holds.
type wish uint8

const (
	asBefore wish = iota // the event says nothing
	up                   // it should run
	down                 // it should not
	met                  // it should not any longer: it has done what it was to run for
)

// transition is one entry of the table.
type transition struct {
	to State // the next state
	do action
	// by, if it has another state than Stopped for the wish that holds, gives the next state instead of
	// to.
	by   *[met + 1]State
	wish wish
}

// afterRun is where the end of a run leads that is not simply over.
var afterRun = [met + 1]State{up: Backoff, met: Done}

// table is the whole behaviour of one instance: every state, every event. What
// cannot happen is an entry too, and changes nothing, so that a late report is
// harmless by construction: a run that is gone has no leader that could exit, an
// instance without a deadline cannot be due. No map: at every start, that would have to be made.
var table = [Done + 1][Ready + 1]*transition{
	Stopped: {
		Start:        {to: Waiting, wish: up},
		Stop:         {to: Stopped, wish: down},
		Restart:      {to: Waiting, wish: up},
		Kill:         {to: Stopped, wish: down},
		LeaderExited: {to: Stopped},
		FirstEnded:   {to: Stopped},
		Gone:         {to: Stopped},
		Due:          {to: Stopped},
		Ready:        {to: Stopped},
	},
	Waiting: {
		Start:        {to: Waiting, wish: up},
		Stop:         {to: Stopped, wish: down},
		Restart:      {to: Waiting, wish: up},
		Kill:         {to: Stopped, wish: down},
		LeaderExited: {to: Waiting},
		FirstEnded:   {to: Waiting},
		Gone:         {to: Waiting},
		Due:          {to: Waiting},
		Ready:        {to: Running, do: launch},
	},
	Running: {
		Start:        {to: Running, wish: up},
		Stop:         {to: Asking, do: askFirst, wish: down},
		Restart:      {to: Asking, do: askFirst, wish: up},
		Kill:         {to: Killing, do: kill, wish: down},
		LeaderExited: {to: Stopping, do: ask},
		FirstEnded:   {to: Running},
		Gone:         {to: Stopped, by: &afterRun},
		Due:          {to: Running, do: examine},
		Ready:        {to: Running},
	},
	Asking: {
		Start:        {to: Asking, wish: up},
		Stop:         {to: Asking, wish: down},
		Restart:      {to: Asking, wish: up},
		Kill:         {to: Killing, do: kill, wish: down},
		LeaderExited: {to: Asking},
		FirstEnded:   {to: Stopping, do: ask},
		Gone:         {to: Stopped, by: &afterRun},
		Due:          {to: Stopping, do: ask},
		Ready:        {to: Asking},
	},
	Stopping: {
		Start:        {to: Stopping, wish: up},
		Stop:         {to: Stopping, wish: down},
		Restart:      {to: Stopping, wish: up},
		Kill:         {to: Killing, do: kill, wish: down},
		LeaderExited: {to: Stopping, do: ask},
		FirstEnded:   {to: Stopping},
		Gone:         {to: Stopped, by: &afterRun},
		Due:          {to: Killing, do: kill},
		Ready:        {to: Stopping},
	},
	Killing: {
		Start:        {to: Killing, wish: up},
		Stop:         {to: Killing, wish: down},
		Restart:      {to: Killing, wish: up},
		Kill:         {to: Killing, do: kill, wish: down},
		LeaderExited: {to: Killing, do: kill},
		FirstEnded:   {to: Killing},
		Gone:         {to: Stopped, by: &afterRun},
		Due:          {to: Killing, do: kill},
		Ready:        {to: Killing},
	},
	Backoff: {
		Start:        {to: Waiting, wish: up},
		Stop:         {to: Stopped, wish: down},
		Restart:      {to: Waiting, wish: up},
		Kill:         {to: Stopped, wish: down},
		LeaderExited: {to: Backoff},
		FirstEnded:   {to: Backoff},
		Gone:         {to: Backoff},
		Due:          {to: Waiting},
		Ready:        {to: Backoff},
	},
	Done: {
		Start:        {to: Waiting, wish: up},
		Stop:         {to: Done, wish: down},
		Restart:      {to: Waiting, wish: up},
		Kill:         {to: Done, wish: down},
		LeaderExited: {to: Done},
		FirstEnded:   {to: Done},
		Gone:         {to: Done},
		Due:          {to: Done},
		Ready:        {to: Done},
	},
}

// Spec is what the supervisor needs to know of an instance. Only [Supervisor.Reform] changes it.
type Spec struct {
	Name string         // "web.1", unique in the formation
	Type string         // "web"
	Stop syscall.Signal // asks a process to stop; 0 means SIGTERM
	// StopCommand says that a command asks a run to stop, which [Processes] runs in place of
	// sending the stop signal to its first processes.
	StopCommand bool
	Grace       time.Duration // between the stop signal and SIGKILL

	Restart      RestartPolicy
	RestartLimit int  // restarts in a row before it counts as failed; 0: no limit
	CanDie       bool // its end does not end the formation

	// After has the types of which every instance must be ready before this one starts,
	// and which are stopped only when this one has ended.
	After []string
	// Probed says that Config.Probe tells when a run is ready, for which it has the time
	// of ReadyTimeout. Otherwise it is as soon as it runs.
	Probed bool
	// Task says that a run is to end, with 0: the instance is Done then, which makes it ready.
	Task bool
	// Watched says that it is started again when files change: the formation waits for that when
	// a run has ended, with whatever exit code.
	Watched bool
	// Build says that it is a task that makes what another type runs. Few build at once, and
	// when one fails that has succeeded before, what it has made then is still there.
	Build        bool
	ReadyTimeout time.Duration // of a task, 0: no limit
	// Schedule says when it is due: with one it is a task, and nothing comes after it.
	Schedule Schedule
	Health   Health
}

// instance is one place in the formation and, if it has one, its present run.
type instance struct {
	Spec
	next     *Spec // what it is when its run has ended; nil: the same
	state    State
	wish     wish          // what is wanted of it; survives the end of a run
	absence  absence       // what it means that it does not run
	due      time.Time     // when its schedule starts it next; zero: never
	seen     time.Time     // what the clock has shown when that was looked at last
	deadline time.Time     // when Due happens; zero: never
	since    time.Time     // when the state began; a stop is all one
	graceEnd time.Time     // when SIGKILL follows, while it is Asking or Stopping
	delay    time.Duration // how long Backoff is

	attempts int       // restarts since a run was steady
	runs     int       // that have begun, or could not
	renewals int       // runs that are due to files that have changed
	late     bool      // it has run, or somebody has asked for it: the formation runs already
	began    time.Time // when the last run began
	ready    bool      // the present run is
	wasReady bool      // some run was ready
	probing  *probing  // finds out whether the present run is ready; nil: nothing does
	health   checkup   // of the present run, from when it is ready
	place    int       // among the instances whose health is checked

	pid      int     // the run's leader; 0: no run
	lastPid  int     // that of the last run
	reaped   bool    // the leader has been
	hasEnded bool    // the leader of some run has
	last     Status  // how the leader of the last run ended
	extended bool    // the present run has asked for more time to become ready
	failure  *Status // why the present run has failed although its leader had not ended; nil: it has not
}

func newInstance(spec Spec) *instance {
	if spec.Stop == 0 {
		spec.Stop = syscall.SIGTERM
	}
	return &instance{Spec: spec, wish: down}
}

// apply moves the instance by one event and says what is to be done. It is the only
// place where the state changes. What is wanted changes here when somebody asks for it,
// and in [Supervisor.follow] when the end of a run does.
func (i *instance) apply(e Event, now time.Time) action {
	t := table[i.state][e]
	if t.wish != asBefore {
		i.wish = t.wish
	}
	to := t.to
	if t.by != nil && t.by[i.wish] != Stopped {
		to = t.by[i.wish]
	}
	if to != i.state || e == Due {
		if i.state != Asking {
			i.graceEnd = now.Add(i.Grace)
		}
		if to != i.state && !(to.stops() && i.state.stops()) {
			i.since = now
		}
		i.state = to
		i.deadline = i.deadlineIn(to, now)
	}
	return t.do
}

// stuckAfter is how long SIGKILL may take before the processes that survived it
// are looked at again and named.
const stuckAfter = 2 * time.Second

// deadlineIn gives the deadline that a state begins with.
func (i *instance) deadlineIn(s State, now time.Time) time.Time {
	switch s {
	case Running:
		switch {
		case i.ready && i.Health.Checked():
			return now.Add(i.Health.Every)
		case !i.ready && (i.Probed || i.Task && i.ReadyTimeout > 0):
			return now.Add(i.ReadyTimeout)
		}
	case Asking:
		return now.Add(i.Grace / 2)
	case Stopping:
		return i.graceEnd
	case Killing:
		return now.Add(stuckAfter)
	case Backoff:
		return now.Add(i.delay)
	}
	return time.Time{}
}

// endsIn is the state and when the instance's state ends by itself, as others understand it: they need
// not know that a stop has two steps. Zero: never.
func (i *instance) endsIn() (s State, at time.Time) {
	switch {
	case i.state == Asking:
		return Stopping, i.graceEnd
	case i.state == Running && i.ready:
		return Running, time.Time{} // the deadline is that of its health
	}
	return i.state, i.deadline
}

// postpone moves the deadlines by a time that does not count. One that was set in that
// time is moved by too much, but never further than a new one.
func (i *instance) postpone(lost time.Duration, now time.Time) {
	i.began = i.began.Add(lost)
	if i.deadline.IsZero() {
		return
	}
	i.graceEnd = earlier(i.graceEnd.Add(lost), now.Add(i.Grace))
	i.deadline = earlier(i.deadline.Add(lost), i.deadlineIn(i.state, now))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
