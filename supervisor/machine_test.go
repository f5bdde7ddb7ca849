//go:build unix

package supervisor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// never is the time that stubborn things take.
const never = time.Duration(-1)

// child is how the runs of an instance behave. The zero child runs until it is asked to
// stop, and exits with 0 at once when it is.
type child struct {
	name   string
	fails  error         // it cannot be started
	life   time.Duration // how long it runs if nobody stops it; 0: for ever
	ends   Status        // and how it ends then
	obeys  time.Duration // how long it takes to stop when it is asked
	stops  Status        // and how it ends then
	rest   time.Duration // how long the rest of its session takes to stop when it is asked; 0: there is none
	waits  bool          // it stops when the rest has
	wraps  time.Duration // it is a wrapper, and how long what it wraps takes to stop when it is asked
	sticks time.Duration // how long it survives SIGKILL
	ahead  bool          // when SIGKILL comes, it has just ended as it should
	ready  time.Duration // how long it takes to be ready, if it is probed
	sick   time.Duration // when its health begins to fail; 0: never
	well   time.Duration // and when that is over; 0: never
	tries  time.Duration // how long a try of its health takes

	policy Spec    // without a name
	then   []child // how its second run behaves, and the next ones; the last stands for all that follow
}

// grace is the grace period of all children.
const grace = 5 * time.Second

// machine is a [System] in fake time that writes down what it is asked to do.
type machine struct {
	t        *testing.T
	began    time.Time
	script   []child
	runs     []*fakeRun
	exits    []Exit
	happened chan func() // what the processes did until they are looked at next
	children chan os.Signal
	log      strings.Builder
	onStart  func(started int)
	starts   map[string]int  // of each instance, also those that failed
	probed   sync.Map        // run → how it answers probes, a fakeAnswers
	slept    time.Duration   // by how much the time of day is ahead
	watched  map[string]bool // who is attended
	traced   map[string]bool // whom a debugger has stopped
	answered chan string     // what has become of requests
	alarm    *fakeAlarm      // nil: there is none
}

// fakeRun is one run. Its pid is its place among all runs.
type fakeRun struct {
	child
	pid            int
	exited, reaped bool
	alone          bool // nothing is left of the rest
	bereft         bool // nothing is left of what was asked first
	gone           bool // nothing is left of it
	forgotten      bool // and the supervisor knows
	killed         bool
}

func (m *machine) write(format string, args ...any) {
	fmt.Fprintf(&m.log, "%-6v %s\n", time.Since(m.began), fmt.Sprintf(format, args...))
}

func (m *machine) Start(s Spec) (int, error) {
	c := m.behaviour(s.Name)
	if c.fails != nil {
		return 0, c.fails
	}
	for _, r := range m.runs {
		if r.name == s.Name && !r.forgotten {
			m.t.Errorf("a second run of %s", s.Name)
		}
	}
	r := &fakeRun{child: c, pid: len(m.runs) + 1}
	m.runs = append(m.runs, r)
	m.probed.Store(r.pid, fakeAnswers{c, time.Now()})
	if c.life > 0 {
		m.after(c.life, func() { m.exit(r, c.ends) })
	}
	if m.onStart != nil {
		m.onStart(len(m.runs))
	}
	return r.pid, nil
}

// behaviour is that of an instance's next run.
func (m *machine) behaviour(name string) (c child) {
	c = child{name: name} // scaled up
	for _, known := range m.script {
		if known.name == name {
			c = known
			break
		}
	}
	if m.starts == nil {
		m.starts = map[string]int{}
	}
	m.starts[name]++
	if n := m.starts[name] - 1; n > 0 && len(c.then) > 0 {
		c.then[min(n, len(c.then))-1].name = name
		return c.then[min(n, len(c.then))-1]
	}
	return c
}

// probe waits until a run is ready, and an instant longer to say why it is not.
func (m *machine) probe(ctx context.Context, _ Spec, pid int) error {
	if c := m.answersOf(pid); waitFor(ctx, c.ready) {
		return nil
	}
	return errors.New("connection refused")
}

// fakeAnswers is how a run answers probes.
type fakeAnswers struct {
	child
	began time.Time
}

func (m *machine) answersOf(pid int) fakeAnswers {
	answers, _ := m.probed.Load(pid)
	return answers.(fakeAnswers)
}

// check tries once whether a run is healthy.
func (m *machine) check(ctx context.Context, _ Spec, pid int) error {
	c := m.answersOf(pid)
	if !waitFor(ctx, c.tries) {
		return errors.New("it takes too long")
	}
	if age := time.Since(c.began); c.sick > 0 && age >= c.sick && (c.well == 0 || age < c.well) {
		return errors.New("it answers 500")
	}
	return nil
}

// waitFor waits for some time, and reports whether that has passed when the context ends. It
// takes an instant to hear of that.
func waitFor(ctx context.Context, d time.Duration) bool {
	var after <-chan time.Time
	if d != never {
		after = time.After(d)
	}
	select {
	case <-after:
		return true
	case <-ctx.Done():
		time.Sleep(time.Millisecond)
		return false
	}
}

// after lets something happen to a process, as far as the supervisor can see: it looks
// when it hears SIGCHLD.
func (m *machine) after(d time.Duration, what func()) {
	happen := func() {
		m.happened <- what
		m.tell()
	}
	switch {
	case d == 0:
		happen()
	case d > 0:
		time.AfterFunc(d, happen)
	}
}

// exit ends a leader.
func (m *machine) exit(r *fakeRun, st Status) {
	if r.exited {
		return
	}
	r.exited = true
	r.bereft = r.bereft || r.wraps == 0
	r.gone = r.bereft && (r.rest == 0 || r.alone)
	m.exits = append(m.exits, Exit{r.pid, st})
	m.tell()
}

// tell sends SIGCHLD.
func (m *machine) tell() {
	select {
	case m.children <- syscall.SIGCHLD:
	default:
	}
}

func (m *machine) Reap() []Exit {
	for len(m.happened) > 0 {
		what := <-m.happened
		what()
	}
	exits := m.exits
	m.exits = nil
	for _, e := range exits {
		m.runs[e.Pid-1].reaped = true
	}
	return exits
}

func (m *machine) AskFirst(runs []int) {
	for _, r := range m.named("ask", runs) {
		if !r.waits {
			m.after(r.obeys, func() { m.exit(r, r.stops) })
		}
		if r.wraps != 0 {
			m.after(r.wraps, func() { r.bereft, r.gone = true, r.rest == 0 })
		}
	}
}

func (m *machine) Ask(runs []int) {
	for _, r := range m.named("ask the rest of", runs) {
		if r.rest == 0 {
			continue
		}
		m.after(r.rest, func() {
			r.alone, r.gone = true, r.exited && r.bereft
			if r.waits {
				m.exit(r, r.stops)
			}
		})
	}
}

func (m *machine) Kill(runs []int) (met []int) {
	for _, r := range m.named("kill", runs) {
		if r.killed {
			continue
		}
		r.killed = true
		m.after(r.sticks, func() {
			st := Status{Signal: syscall.SIGKILL}
			if r.ahead {
				st = r.stops
			}
			m.exit(r, st)
			r.gone = true
		})
		if r.rest != 0 && !r.alone {
			met = append(met, r.pid)
		}
	}
	return met
}

func (m *machine) Signal(sig syscall.Signal, runs []int) { m.named(SignalName(sig), runs) }

func (m *machine) Forward(sig syscall.Signal, runs []int) { m.named("forward "+SignalName(sig), runs) }

func (m *machine) Settle() {}
func (m *machine) Suspend(still func() bool) {
	if still() {
		m.write("suspend")
	}
}
func (m *machine) Resume() {}

func (m *machine) Gone(runs []int) (gone, bereft []int) {
	for _, pid := range runs {
		r := m.runs[pid-1]
		if !r.reaped {
			m.t.Errorf("is %s gone? Its leader has not been reaped", r.name)
		}
		if r.gone {
			r.forgotten = true
			gone = append(gone, pid)
		} else if r.bereft {
			bereft = append(bereft, pid)
		}
	}
	return gone, bereft
}

func (m *machine) Left(runs []int) map[int][]Process {
	left := map[int][]Process{}
	for _, pid := range runs {
		left[pid] = []Process{{Pid: pid, Name: m.runs[pid-1].name, State: "D"}}
		if m.traced[m.runs[pid-1].name] {
			left[pid][0].State = "t"
		}
	}
	return left
}

// named writes down that some runs are signalled; there must be somebody to hear it.
func (m *machine) named(what string, runs []int) (named []*fakeRun) {
	for _, pid := range runs {
		if pid <= 0 || pid > len(m.runs) || m.runs[pid-1].forgotten {
			m.t.Fatalf("%s: there is no run %d", what, pid)
		}
		r := m.runs[pid-1]
		named = append(named, r)
		what += " " + r.name
	}
	m.write("%s", what)
	return named
}

// report writes down what the supervisor tells.
func (m *machine) report(r Report) {
	var what string
	switch r.Kind {
	case Started:
		what = "has started"
	case Exited:
		what = "has ended: " + ending(r.Status)
	case RunGone:
		what = "is gone"
	case Restarting:
		m.write("· %s will start in %v", r.Instance, r.Delay)
		return
	case RestartsSpent:
		m.write("· %s has had %d restarts", r.Instance, r.Restarts)
		return
	case Idle:
		m.write("· %s waits for files to change", r.Instance)
		return
	case Skipped, Missed:
		m.write("· %s was %s at %s, and is due at %s", r.Instance, map[Kind]string{Skipped: "skipped", Missed: "missed"}[r.Kind], m.day(r.Due), m.day(r.Next))
		return
	case BecameReady:
		what = "is ready"
	case Finished:
		what = fmt.Sprintf("is done after %v", r.Ran)
	case Ailing:
		what = "is ill: " + ending(r.Status)
	case Recovered:
		what = "is healthy again"
	case NotReady, NotHealthy:
		what = "has failed: " + ending(r.Status)
	case GraceOver:
		what = fmt.Sprintf("did not stop in %v", r.Grace)
	case Stuck:
		what = fmt.Sprintf("survives SIGKILL: %v", r.Left)
	case Abandoned:
		what = fmt.Sprintf("is abandoned: %v", r.Left)
	case FormationStopping:
		var why []string
		if r.Signal != 0 {
			why = append(why, SignalName(r.Signal))
		}
		if r.Reason != "" {
			why = append(why, r.Reason)
		}
		if r.Instance != "" {
			why = append(why, r.Instance+" "+ending(r.Status))
		}
		m.write("· stopping: %s", strings.Join(why, ", "))
		return
	case FormationKilling:
		m.write("· killing: %s", SignalName(r.Signal))
		return
	}
	if typ, _, _ := strings.Cut(r.Instance, "."); r.Type != typ || r.Pid == 0 && r.Status.Err == nil {
		m.t.Errorf("a report lacks something: %+v", r)
	}
	m.write("· %s %s", r.Instance, what)
}

func ending(st Status) string {
	switch {
	case st.Err != nil:
		return st.Err.Error()
	case st.Signal != 0:
		return SignalName(st.Signal)
	}
	return fmt.Sprintf("exit %d", st.Code)
}

// request is something from outside: a signal to reeve, a call of Stop, or what somebody
// asks of instances.
type request struct {
	at     time.Duration
	signal syscall.Signal
	reason string
	ask    func(*Supervisor) (<-chan Outcome, bool)
	// happens is what happens outside of the formation, and can be seen there.
	happens func(*machine)
}

// answers notes what becomes of a request, to be written down behind everything else: what
// happens at the same moment has no order.
func (m *machine) answers(s *Supervisor, ask func(*Supervisor) (<-chan Outcome, bool)) {
	outcomes, ok := ask(s)
	if !ok {
		m.answered <- "too late"
		return
	}
	for o := range outcomes {
		text := o.Instance + " " + [...]string{"up", "complete", "down", "due at " + m.day(o.Due), "failed", "blocked by " + o.After, "overtaken", "ending"}[o.Result]
		if o.Result == Failed || o.Result == Down && o.Status != (Status{}) {
			text += ": " + ending(o.Status)
		}
		m.answered <- fmt.Sprintf("%-6v → %s", time.Since(m.began), text)
	}
}

// writeAnswers writes down what has become of all requests.
func (m *machine) writeAnswers() {
	var all []string
	for len(m.answered) > 0 {
		all = append(all, <-m.answered)
	}
	slices.SortStableFunc(all, func(a, b string) int {
		x, _ := time.ParseDuration(strings.Fields(a)[0])
		y, _ := time.ParseDuration(strings.Fields(b)[0])
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	})
	for _, line := range all {
		fmt.Fprintln(&m.log, line)
	}
}

// run runs a formation in fake time.
func (m *machine) run(signals chan os.Signal, requests []request) (code int) {
	m.began = time.Now()
	m.happened, m.children = make(chan func(), 1000), make(chan os.Signal, 1)
	m.answered = make(chan string, 100)
	var specs []Spec
	for _, c := range m.script {
		typ, _, _ := strings.Cut(c.name, ".")
		s := c.policy
		s.Name, s.Type, s.Grace = c.name, typ, cmp.Or(s.Grace, grace)
		specs = append(specs, s)
	}
	s := New(Config{
		Instances: specs, System: m, Signals: signals, Children: m.children, Report: m.report, Probe: m.probe, Check: m.check,
		Attended: func(s Spec) bool { return m.watched[s.Name] },
		Clock:    m.clock, Alarm: m.alarm.orNone(),
	})
	for _, r := range requests {
		time.AfterFunc(r.at, func() {
			switch {
			case r.signal != 0:
				signals <- r.signal
			case r.ask != nil:
				m.answers(s, r.ask)
			case r.happens != nil:
				s.Do(func() { r.happens(m) })
			default:
				s.Quit(r.reason)
			}
		})
	}
	code = s.Run()
	synctest.Wait()
	if s.Asked() {
		m.write("exit %d, as asked", code)
	} else {
		m.write("exit %d", code)
	}
	m.writeAnswers()
	for _, r := range m.runs {
		if !r.forgotten && !s.abandoned {
			m.t.Errorf("%s is still there", r.name)
		}
	}
	return code
}
