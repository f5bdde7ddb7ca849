package supervisor

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var (
	states   = []State{Stopped, Waiting, Running, Asking, Stopping, Killing, Backoff, Done}
	requests = []Event{Start, Stop, Restart, Kill}
	reports  = []Event{LeaderExited, FirstEnded, Gone, Due, Ready}
	events   = slices.Concat(requests, reports)
)

func TestTableIsTotal(t *testing.T) {
	if len(table) != len(states) {
		t.Errorf("the table has %d states, there are %d", len(table), len(states))
	}
	for _, s := range states {
		if len(table[s]) != len(events) {
			t.Errorf("%v has %d events, there are %d", s, len(table[s]), len(events))
		}
		for _, e := range events {
			if table[s][e] == nil {
				t.Errorf("no entry for %v in %v", e, s)
			}
		}
	}
}

// presence says what there is of an instance's run.
type presence string

const (
	noRun    presence = "no run"
	alive    presence = "a run"
	headless presence = "a run without its leader"
)

// node is an instance as far as its behaviour depends on it.
type node struct {
	state    State
	wish     wish
	run      presence
	deadline bool
	kind     runKind
}

// runKind says how the runs of an instance become ready.
type runKind string

const (
	plain  runKind = ""
	probed runKind = "probed" // a probe tells
	task   runKind = "a task" // by their end
	timed  runKind = "a task with a time limit"

	checked runKind = "checked" // at once, and then its health is checked
)

func (n node) String() string {
	text := [...]string{"as before", "up", "down", "met"}[n.wish]
	if n.deadline {
		text += ", with a deadline"
	}
	if n.kind != plain {
		text += ", " + string(n.kind)
	}
	return fmt.Sprintf("%v (%s, %s)", n.state, text, n.run)
}

// newborn gives an instance to which nothing has happened yet.
func newborn(kind runKind) node { return node{state: Stopped, wish: down, run: noRun, kind: kind} }

// isTask reports whether it is an instance of a task.
func (n node) isTask() bool { return n.kind == task || n.kind == timed }

// epoch is when everything in this file happens.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// instance makes an instance of the node, with deadlines in the past.
func (n node) instance() *instance {
	i := &instance{
		Spec:  Spec{Name: "web.1", Grace: 5 * time.Second, Probed: n.kind == probed, Task: n.isTask()},
		state: n.state, wish: n.wish, delay: time.Second,
	}
	if n.kind == checked {
		i.Health, i.ready = Health{Every: 10 * time.Second, Failures: 3}, n.state == Running
	}
	if n.kind != task {
		i.ReadyTimeout = 30 * time.Second
	}
	if n.deadline {
		i.deadline = epoch.Add(-time.Second)
		i.graceEnd = epoch.Add(time.Second)
	}
	return i
}

// happens says which reports can come in the node.
func (n node) happens(e Event) bool {
	switch e {
	case LeaderExited:
		return n.run == alive
	case Gone:
		return n.run == headless
	case FirstEnded:
		return n.run == headless
	case Due:
		return n.deadline
	case Ready:
		return n.state == Waiting
	}
	return true // a request
}

// apply gives the node behind an event, and what it makes the loop do.
func (n node) apply(e Event) (next node, do action) {
	i := n.instance()
	do = i.apply(e, epoch)
	next = node{i.state, i.wish, n.run, !i.deadline.IsZero(), n.kind}
	switch {
	case do == launch:
		next.run, next.deadline = alive, next.deadline || n.kind == checked
	case e == LeaderExited && n.run == alive:
		next.run = headless
	case e == Gone:
		next.run = noRun
	}
	return next, do
}

// step is one way from a node to another.
type step struct {
	what  string
	event Event
	do    action
	to    node
}

// steps are all ways out of a node, by requests and by what the loop reports.
func (n node) steps() (steps []step) {
	for _, e := range events {
		if !n.happens(e) {
			continue
		}
		to, do := n.apply(e)
		steps = append(steps, step{e.String(), e, do, to})
		if do == launch {
			// A run that cannot begin is one that has ended: the loop says so at once.
			failed, then := node{to.state, to.wish, noRun, to.deadline, to.kind}.apply(Gone)
			steps = append(steps, step{"ready, but its start fails", e, then, failed})
		}
		if n.state == Running && n.deadline && e == Due && n.kind != checked {
			// What the probe says, in time or then, changes nothing but the deadline.
			steps = append(steps, step{"its probe is over", e, noAction, node{n.state, n.wish, n.run, false, n.kind}})
		}
		if n.state == Running && e == LeaderExited {
			// Whether an instance starts again when it ends by itself, or is done, is not
			// the table's business: the loop may change the wish just before.
			given, do := node{n.state, down, n.run, n.deadline, n.kind}.apply(e)
			steps = append(steps, step{"leader exited for good", e, do, given})
		}
		if n.state == Running && e == LeaderExited && n.isTask() {
			finished, do := node{n.state, met, n.run, n.deadline, n.kind}.apply(e)
			steps = append(steps, step{"leader exited with 0", e, do, finished})
		}
	}
	return steps
}

// reachable are the nodes that anything can lead to, in the order in which a walk from
// a new instance finds them.
func reachable() []node {
	nodes := []node{newborn(plain), newborn(probed), newborn(task), newborn(timed), newborn(checked)}
	seen := map[node]bool{}
	for _, n := range nodes {
		seen[n] = true
	}
	for i := 0; i < len(nodes); i++ {
		for _, s := range nodes[i].steps() {
			if !seen[s.to] {
				seen[s.to] = true
				nodes = append(nodes, s.to)
			}
		}
	}
	return nodes
}

func TestReachableNodes(t *testing.T) {
	nodes := reachable()
	for _, s := range states {
		if !slices.ContainsFunc(nodes, func(n node) bool { return n.state == s }) {
			t.Errorf("nothing leads to %v", s)
		}
	}
	runs := map[State][]presence{
		Stopped: {noRun}, Waiting: {noRun}, Running: {alive}, Backoff: {noRun}, Done: {noRun},
		Asking: {alive, headless}, Stopping: {alive, headless}, Killing: {alive, headless},
	}
	for _, n := range nodes {
		if !slices.Contains(runs[n.state], n.run) {
			t.Errorf("%v cannot be", n)
		}
		// While a run ends it may be wanted or not. Who stops what is done asks for what is.
		if !n.state.stops() && n.state != Done && (n.wish == up) == (n.state == Stopped) {
			t.Errorf("%v is not what is wanted", n)
		}
		if n.state == Done && (n.wish == up || !n.isTask()) {
			t.Errorf("%v has not done what is wanted", n)
		}
		if n.wish == met && n.state != Done && n.state != Stopping && n.state != Killing {
			t.Errorf("%v is to run no longer", n)
		}
		if n.state == Running && (n.kind == probed || n.kind == timed) {
			continue // until it is ready
		}
		if n.deadline != (n.state.stops() || n.state == Backoff || n.state == Running && n.kind == checked) {
			t.Errorf("%v: the deadline is wrong", n)
		}
	}
}

// TestActions looks at what the loop is told to do: never to begin a second run of an
// instance, never to signal nobody, and always what the new state says.
func TestActions(t *testing.T) {
	for _, n := range reachable() {
		for _, s := range n.steps() {
			enters := s.to.state != n.state
			switch {
			case enters && s.to.state == Running && s.do != launch,
				enters && s.to.state == Asking && s.do != askFirst,
				enters && s.to.state == Stopping && s.do != ask,
				enters && s.to.state == Killing && s.do != kill:
				t.Errorf("%v: %s leads to %v in name only", n, s.what, s.to)
			case s.do == launch && n.run != noRun:
				t.Errorf("%v: %s begins a second run", n, s.what)
			case (s.do == askFirst || s.do == ask || s.do == kill) && n.run == noRun:
				t.Errorf("%v: %s signals nobody", n, s.what)
			case s.do == examine && (n.state != Running || n.kind == plain || n.kind == task):
				t.Errorf("%v: %s examines what nobody probes", n, s.what)
			}
		}
	}
}

// TestLateReports reports what cannot have happened, as a stale report would: the run
// that it is about is over.
func TestLateReports(t *testing.T) {
	for _, n := range reachable() {
		for _, e := range reports {
			if n.happens(e) || n.run != noRun && (e == Gone || e == FirstEnded) || n.run == headless && e == LeaderExited {
				continue
			}
			if n.state == Running && e == Due {
				continue // there is nothing left to examine
			}
			if to, do := n.apply(e); to != n || do != noAction {
				t.Errorf("%v: a late %v leads to %v", n, e, to)
			}
		}
	}
}

// finds follows the reports from a node, in every order in which they can come, until
// the goal is reached, and gives the way that misses it, if there is one. A report that
// changes nothing (SIGKILL is sent again) may come as often as it likes.
func finds(n node, goal func(step) bool, way ...node) (missing []node) {
	way = append(slices.Clone(way), n)
	deadEnd := true
	for _, e := range reports {
		if !n.happens(e) {
			continue
		}
		to, do := n.apply(e)
		switch {
		case goal(step{e.String(), e, do, to}):
			deadEnd = false
		case to == n:
		case slices.Contains(way, to):
			return append(way, to) // in circles
		default:
			deadEnd = false
			if missing := finds(to, goal, way...); missing != nil {
				return missing
			}
		}
	}
	if deadEnd {
		return way
	}
	return nil
}

// TestEveryStopEndsAtRest also of what is done already, and stays that.
func TestEveryStopEndsAtRest(t *testing.T) {
	stopped := func(s step) bool {
		return s.to == newborn(s.to.kind) || s.to.isTask() && s.to == node{state: Done, wish: s.to.wish, run: noRun, kind: s.to.kind}
	}
	for _, n := range reachable() {
		for _, e := range []Event{Stop, Kill} {
			to, _ := n.apply(e)
			if stopped(step{to: to}) {
				continue
			}
			if way := finds(to, stopped); way != nil {
				t.Errorf("%v in %v: %v", e, n, way)
			}
		}
	}
}

func TestEveryStartEndsInRunning(t *testing.T) {
	launched := func(s step) bool { return s.do == launch && s.to.state == Running }
	for _, n := range reachable() {
		for _, e := range []Event{Start, Restart} {
			to, _ := n.apply(e)
			if e == Start && to.state == Running {
				continue
			}
			if way := finds(to, launched); way != nil {
				t.Errorf("%v in %v: %v", e, n, way)
			}
		}
	}
}

func TestDeadlines(t *testing.T) {
	for _, tt := range []struct {
		in   State
		e    Event
		to   State
		want time.Duration
	}{
		{Running, Stop, Asking, 2500 * time.Millisecond},
		{Running, Restart, Asking, 2500 * time.Millisecond},
		{Asking, Kill, Killing, stuckAfter},
		{Asking, FirstEnded, Stopping, time.Second}, // what is left of the grace period
		{Asking, Due, Stopping, time.Second},
		{Asking, Gone, Backoff, time.Second},
		{Running, LeaderExited, Stopping, 5 * time.Second},
		{Running, Kill, Killing, stuckAfter},
		{Stopping, Kill, Killing, stuckAfter},
		{Stopping, Due, Killing, stuckAfter},
		{Killing, Due, Killing, stuckAfter},
		{Killing, Gone, Backoff, time.Second},
		{Stopping, Gone, Backoff, time.Second},
		{Waiting, Ready, Running, 30 * time.Second},
		{Running, Due, Running, 30 * time.Second},
	} {
		i := node{state: tt.in, wish: up, deadline: tt.in != Running, kind: probed}.instance()
		i.apply(tt.e, epoch)
		if got := i.deadline.Sub(epoch); i.state != tt.to || got != tt.want {
			t.Errorf("%v in %v: %v with a deadline in %v, want %v in %v", tt.e, tt.in, i.state, got, tt.to, tt.want)
		}
	}
}

// TestRequestsDoNotProlong asks again for what is under way.
func TestRequestsDoNotProlong(t *testing.T) {
	for _, s := range []State{Asking, Stopping, Killing} {
		for _, e := range []Event{Start, Stop, Restart, Kill, LeaderExited} {
			i := node{state: s, deadline: true}.instance()
			deadline := i.deadline
			i.apply(e, epoch)
			if i.state == s && !i.deadline.Equal(deadline) {
				t.Errorf("%v moves the deadline of %v", e, s)
			}
		}
	}
}
