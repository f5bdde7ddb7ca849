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
	starts   map[string]int // of each instance, also those that failed
	probed   sync.Map       // run → how long it takes to be ready
	answered chan string    // what has become of requests
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
	m.probed.Store(r.pid, c.ready)
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
	takes, _ := m.probed.Load(pid)
	after := make(<-chan time.Time)
	if takes != never {
		after = time.After(takes.(time.Duration))
	}
	select {
	case <-after:
		return nil
	case <-ctx.Done():
		time.Sleep(time.Millisecond)
		return errors.New("connection refused")
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

func (m *machine) Suspend() { m.write("suspend") }
func (m *machine) Resume()  {}

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
	case BecameReady:
		what = "is ready"
	case NotReady:
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
}

// restart, holding and scale make such requests.
func restart(at time.Duration, names ...string) request {
	return request{at: at, ask: func(s *Supervisor) (<-chan Outcome, bool) { return s.Restart(names) }}
}

func holding(at time.Duration, names ...string) request {
	return request{at: at, ask: func(s *Supervisor) (<-chan Outcome, bool) { return s.Hold(names) }}
}

func scale(at time.Duration, typ string, n int) request {
	var specs []Spec
	for k := range n {
		specs = append(specs, Spec{Name: fmt.Sprintf("%s.%d", typ, k+1), Type: typ, Grace: grace})
	}
	return request{at: at, ask: func(s *Supervisor) (<-chan Outcome, bool) { return s.Scale(typ, specs) }}
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
		text := o.Instance + " " + [...]string{"up", "down", "failed", "blocked by " + o.After, "overtaken", "ending"}[o.Result]
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
	s := New(Config{Instances: specs, System: m, Signals: signals, Children: m.children, Report: m.report, Probe: m.probe})
	for _, r := range requests {
		time.AfterFunc(r.at, func() {
			switch {
			case r.signal != 0:
				signals <- r.signal
			case r.ask != nil:
				m.answers(s, r.ask)
			default:
				s.Stop(r.reason)
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

var term = Status{Signal: syscall.SIGTERM}

// history is the whole life of a formation: what the processes are like, what is asked
// for, and everything that the supervisor then does and reports, with the time.
type history struct {
	name     string
	children []child
	requests []request
	want     string
}

var histories = []history{
	{
		name:     "signals that a wrapper has forwarded",
		children: []child{{name: "web.1", obeys: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: time.Minute + 1*time.Millisecond, signal: syscall.SIGINT}, {at: time.Minute + 2*time.Millisecond, signal: syscall.SIGTERM}, {at: time.Minute + 249*time.Millisecond, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m1s   · web.1 has ended: exit 0
1m1s   · web.1 is gone
1m1s   exit 0, as asked
`,
	},
	{
		name:     "a second Ctrl-C",
		children: []child{{name: "web.1", obeys: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: time.Minute + 250*time.Millisecond, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0.25s · killing: SIGINT
1m0.25s kill web.1
1m0.25s · web.1 has ended: SIGKILL
1m0.25s kill web.1
1m0.25s · web.1 is gone
1m0.25s exit 137, as asked
`,
	},
	{
		name:     "a second Ctrl-C that a wrapper has forwarded",
		children: []child{{name: "web.1", obeys: never, sticks: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: time.Minute + 300*time.Millisecond, signal: syscall.SIGINT}, {at: time.Minute + 310*time.Millisecond, signal: syscall.SIGINT}, {at: time.Minute + 600*time.Millisecond, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0.3s · killing: SIGINT
1m0.3s kill web.1
1m0.6s kill web.1
1m1.1s · web.1 is abandoned: [{1 web.1 D }]
1m1.1s exit 137, as asked
`,
	},
	{
		name:     "a signal that a platform sends more than once",
		children: []child{{name: "web.1", obeys: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGTERM}, {at: time.Minute + 300*time.Millisecond, signal: syscall.SIGTERM}, {at: time.Minute + 600*time.Millisecond, signal: syscall.SIGHUP}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m1s   · web.1 has ended: exit 0
1m1s   · web.1 is gone
1m1s   exit 0, as asked
`,
	},
	{
		name:     "QUIT after a platform's signals",
		children: []child{{name: "web.1", obeys: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGHUP}, {at: time.Minute + 300*time.Millisecond, signal: syscall.SIGHUP}, {at: time.Minute + 600*time.Millisecond, signal: syscall.SIGQUIT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGHUP
1m0s   ask web.1
1m0.6s · killing: SIGQUIT
1m0.6s kill web.1
1m0.6s · web.1 has ended: SIGKILL
1m0.6s kill web.1
1m0.6s · web.1 is gone
1m0.6s exit 137, as asked
`,
	},
	{
		name:     "SIGKILL that meets a child, when the first process has just ended",
		children: []child{{name: "web.1", obeys: never, ahead: true, rest: never}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: time.Minute + 300*time.Millisecond, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0.3s · killing: SIGINT
1m0.3s kill web.1
1m0.3s · web.1 has ended: exit 0
1m0.3s kill web.1
1m0.3s · web.1 is gone
1m0.3s exit 137, as asked
`,
	},
	{
		name:     "the rest is asked when the first process has ended",
		children: []child{{name: "web.1", obeys: time.Second, rest: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m1s   · web.1 has ended: exit 0
1m1s   ask the rest of web.1
1m2s   · web.1 is gone
1m2s   exit 0, as asked
`,
	},
	{
		name:     "the rest is asked after half of the grace period",
		children: []child{{name: "web.1", waits: true, rest: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m2.5s ask the rest of web.1
1m3.5s · web.1 has ended: exit 0
1m3.5s ask the rest of web.1
1m3.5s · web.1 is gone
1m3.5s exit 0, as asked
`,
	},
	{
		name:     "the rest is asked when what a shell has run has ended",
		children: []child{{name: "web.1", wraps: 2 * time.Second, rest: 2 * time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m2s   ask the rest of web.1
1m4s   · web.1 is gone
1m4s   exit 0, as asked
`,
	},
	{
		name:     "what a shell has run does not end",
		children: []child{{name: "web.1", wraps: never, rest: time.Second, stops: term}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0s   · web.1 has ended: SIGTERM
1m2.5s ask the rest of web.1
1m5s   · web.1 did not stop in 5s
1m5s   kill web.1
1m5s   · web.1 is gone
1m5s   exit 137, as asked
`,
	},
	{
		name:     "no grace",
		children: []child{{name: "web.1", obeys: time.Second, policy: Spec{Grace: time.Nanosecond}}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0s   ask the rest of web.1
1m0.000000001s · web.1 did not stop in 1ns
1m0.000000001s kill web.1
1m0.000000001s · web.1 has ended: SIGKILL
1m0.000000001s kill web.1
1m0.000000001s · web.1 is gone
1m0.000000001s exit 137, as asked
`,
	},
	{
		name:     "a stop that everybody honours",
		children: []child{{name: "web.1", obeys: time.Second}, {name: "web.2", obeys: 2 * time.Second, stops: term}, {name: "worker.1"}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
0s     · web.2 has started
0s     · worker.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1 web.2 worker.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m1s   · web.1 has ended: exit 0
1m1s   · web.1 is gone
1m2s   · web.2 has ended: SIGTERM
1m2s   · web.2 is gone
1m2s   exit 0, as asked
`,
	},
	{
		name:     "the end of one is the end of all",
		children: []child{{name: "web.1"}, {name: "job.1", life: time.Minute}},
		want: `
0s     · web.1 has started
0s     · job.1 has started
1m0s   · job.1 has ended: exit 0
1m0s   · stopping: job.1 exit 0
1m0s   ask web.1
1m0s   ask the rest of job.1
1m0s   · job.1 is gone
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0
`,
	},
	{
		name:     "the first failure decides",
		children: []child{{name: "web.1", obeys: time.Second, stops: Status{Code: 7}}, {name: "job.1", life: time.Minute, ends: Status{Code: 3}}},
		want: `
0s     · web.1 has started
0s     · job.1 has started
1m0s   · job.1 has ended: exit 3
1m0s   · stopping: job.1 exit 3
1m0s   ask web.1
1m0s   ask the rest of job.1
1m0s   · job.1 is gone
1m1s   · web.1 has ended: exit 7
1m1s   · web.1 is gone
1m1s   exit 3
`,
	},
	{
		name:     "the stubborn are killed when the grace period ends, all at once",
		children: []child{{name: "web.1", obeys: never}, {name: "worker.1", obeys: never}, {name: "job.1", obeys: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
0s     · job.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1 worker.1 job.1
1m1s   · job.1 has ended: exit 0
1m1s   · job.1 is gone
1m2.5s ask the rest of web.1 worker.1
1m5s   · web.1 did not stop in 5s
1m5s   · worker.1 did not stop in 5s
1m5s   kill web.1 worker.1
1m5s   · web.1 has ended: SIGKILL
1m5s   · worker.1 has ended: SIGKILL
1m5s   kill web.1 worker.1
1m5s   · web.1 is gone
1m5s   · worker.1 is gone
1m5s   exit 137, as asked
`,
	},
	{
		name:     "a second signal kills at once",
		children: []child{{name: "web.1", obeys: never}, {name: "worker.1", obeys: time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: time.Minute + 2*time.Second, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1 worker.1
1m1s   · worker.1 has ended: exit 0
1m1s   · worker.1 is gone
1m2s   · killing: SIGINT
1m2s   kill web.1
1m2s   · web.1 has ended: SIGKILL
1m2s   kill web.1
1m2s   · web.1 is gone
1m2s   exit 137, as asked
`,
	},
	{
		name:     "once it is named, another signal leaves what cannot be killed",
		children: []child{{name: "web.1", obeys: never, sticks: never}, {name: "worker.1"}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: 61 * time.Second, signal: syscall.SIGINT}, {at: 64 * time.Second, signal: syscall.SIGQUIT}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1 worker.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m1s   · killing: SIGINT
1m1s   kill web.1
1m3s   · web.1 survives SIGKILL: [{1 web.1 D }]
1m3s   kill web.1
1m4s   · web.1 is abandoned: [{1 web.1 D }]
1m4s   exit 137, as asked
`,
	},
	{
		name:     "three signals in a row leave nothing behind",
		children: []child{{name: "web.1", obeys: never, sticks: 700 * time.Millisecond}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: time.Minute + 300*time.Millisecond, signal: syscall.SIGINT}, {at: time.Minute + 600*time.Millisecond, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0.3s · killing: SIGINT
1m0.3s kill web.1
1m0.6s kill web.1
1m1s   · web.1 has ended: SIGKILL
1m1s   kill web.1
1m1s   · web.1 is gone
1m1s   exit 137, as asked
`,
	},
	{
		name:     "the third signal leaves soon what cannot be killed",
		children: []child{{name: "web.1", obeys: never, sticks: never}},
		requests: []request{{at: time.Minute, signal: syscall.SIGINT}, {at: time.Minute + 300*time.Millisecond, signal: syscall.SIGINT}, {at: time.Minute + 600*time.Millisecond, signal: syscall.SIGINT}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGINT
1m0s   ask web.1
1m0.3s · killing: SIGINT
1m0.3s kill web.1
1m0.6s kill web.1
1m1.1s · web.1 is abandoned: [{1 web.1 D }]
1m1.1s exit 137, as asked
`,
	},
	{
		name:     "what survives SIGKILL is named",
		children: []child{{name: "web.1", obeys: never, sticks: 5 * time.Second}},
		requests: []request{{at: time.Minute, signal: syscall.SIGHUP}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGHUP
1m0s   ask web.1
1m2.5s ask the rest of web.1
1m5s   · web.1 did not stop in 5s
1m5s   kill web.1
1m7s   · web.1 survives SIGKILL: [{1 web.1 D }]
1m7s   kill web.1
1m9s   · web.1 survives SIGKILL: [{1 web.1 D }]
1m9s   kill web.1
1m10s  · web.1 has ended: SIGKILL
1m10s  kill web.1
1m10s  · web.1 is gone
1m10s  exit 137, as asked
`,
	},
	{
		name:     "one that stops just before it is killed has not been killed",
		children: []child{{name: "web.1", obeys: never, ahead: true}},
		requests: []request{{at: time.Minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m2.5s ask the rest of web.1
1m5s   · web.1 did not stop in 5s
1m5s   kill web.1
1m5s   · web.1 has ended: exit 0
1m5s   kill web.1
1m5s   · web.1 is gone
1m5s   exit 0, as asked
`,
	},
	{
		name:     "the rest of a run is asked when its leader has ended",
		children: []child{{name: "web.1", life: time.Minute, rest: time.Second}, {name: "worker.1"}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1m0s   · web.1 has ended: exit 0
1m0s   · stopping: web.1 exit 0
1m0s   ask worker.1
1m0s   ask the rest of web.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m1s   · web.1 is gone
1m1s   exit 0
`,
	},
	{
		name:     "a rest that does not stop is killed",
		children: []child{{name: "web.1", obeys: time.Second, rest: never}},
		requests: []request{{at: time.Minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m1s   · web.1 has ended: exit 0
1m1s   ask the rest of web.1
1m5s   · web.1 did not stop in 5s
1m5s   kill web.1
1m5s   · web.1 is gone
1m5s   exit 137, as asked
`,
	},
	{
		name:     "a rest that does not stop, of a run that ended by itself",
		children: []child{{name: "web.1", life: time.Minute, rest: never}, {name: "worker.1"}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1m0s   · web.1 has ended: exit 0
1m0s   · stopping: web.1 exit 0
1m0s   ask worker.1
1m0s   ask the rest of web.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m5s   · web.1 did not stop in 5s
1m5s   kill web.1
1m5s   · web.1 is gone
1m5s   exit 137
`,
	},
	{
		name:     "a start that fails",
		children: []child{{name: "web.1"}, {name: "typo.1", fails: ErrNotFound}, {name: "worker.1"}},
		want: `
0s     · web.1 has started
0s     · typo.1 has ended: command not found
0s     · stopping: typo.1 command not found
0s     ask web.1
0s     · web.1 has ended: exit 0
0s     · web.1 is gone
0s     exit 127
`,
	},
	{
		name:     "a start that fails before anything runs",
		children: []child{{name: "typo.1", fails: ErrNotExecutable}, {name: "web.1"}},
		want: `
0s     · typo.1 has ended: permission denied
0s     · stopping: typo.1 permission denied
0s     exit 126
`,
	},
	{
		name:     "one that ends at once",
		children: []child{{name: "web.1", life: time.Nanosecond, ends: Status{Code: 1}}},
		want: `
0s     · web.1 has started
1ns    · web.1 has ended: exit 1
1ns    · stopping: web.1 exit 1
1ns    ask the rest of web.1
1ns    · web.1 is gone
1ns    exit 1
`,
	},
	{
		name:     "signals for the processes are handed on",
		children: []child{{name: "web.1", obeys: time.Second}, {name: "worker.1"}},
		requests: []request{{at: 1 * time.Second, signal: syscall.SIGUSR1}, {at: 2 * time.Second, signal: syscall.SIGTERM}, {at: 2500 * time.Millisecond, signal: syscall.SIGUSR2}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1s     forward SIGUSR1 web.1 worker.1
2s     · stopping: SIGTERM
2s     ask web.1 worker.1
2s     · worker.1 has ended: exit 0
2s     · worker.1 is gone
2.5s   forward SIGUSR2 web.1
3s     · web.1 has ended: exit 0
3s     · web.1 is gone
3s     exit 0, as asked
`,
	},
	{
		name:     "Ctrl-Z and fg",
		children: []child{{name: "web.1"}, {name: "worker.1"}},
		requests: []request{
			{at: 1 * time.Second, signal: syscall.SIGCONT},
			{at: 2 * time.Second, signal: syscall.SIGTSTP},
			{at: 3 * time.Second, signal: syscall.SIGCONT},
			{at: 4 * time.Second, signal: syscall.SIGCONT},
			{at: 5 * time.Second, signal: syscall.SIGTERM},
		},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
2s     SIGSTOP web.1 worker.1
2.05s  suspend
3s     SIGCONT web.1 worker.1
5s     · stopping: SIGTERM
5s     ask web.1 worker.1
5s     · web.1 has ended: exit 0
5s     · worker.1 has ended: exit 0
5s     · web.1 is gone
5s     · worker.1 is gone
5s     exit 0, as asked
`,
	},
	{
		name:     "a stop from within the program",
		children: []child{{name: "web.1", obeys: 2 * time.Second}},
		requests: []request{{at: time.Minute, reason: "nobody reads the log any more"}, {at: 61 * time.Second, reason: "again"}},
		want: `
0s     · web.1 has started
1m0s   · stopping: nobody reads the log any more
1m0s   ask web.1
1m2s   · web.1 has ended: exit 0
1m2s   · web.1 is gone
1m2s   exit 0, as asked
`,
	},
	{
		name: "nothing to run",
		want: `
0s     exit 0
`,
	},
}

func TestHistories(t *testing.T) {
	for _, h := range histories {
		t.Run(h.name, h.test)
	}
}

func (h history) test(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{t: t, script: h.children}
		m.run(make(chan os.Signal, 64), h.requests)
		time.Sleep(time.Second) // for the probes that have been told to end
		if got := strings.TrimSpace(m.log.String()); got != strings.TrimSpace(h.want) {
			t.Errorf("got:\n%s\nwant:%s", got, h.want)
		}
	})
}

// TestSignalInABigStartUp sends a signal while the tenth of a thousand instances starts.
func TestSignalInABigStartUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{t: t}
		for n := range 1000 {
			m.script = append(m.script, child{name: fmt.Sprintf("web.%d", n+1)})
		}
		signals := make(chan os.Signal, 1)
		m.onStart = func(started int) {
			if started == 10 {
				signals <- syscall.SIGTERM
			}
		}
		if code := m.run(signals, nil); code != 0 {
			t.Errorf("exit code %d", code)
		}
		// The signal and the next start are ready at the same time, and chance decides:
		// a hundred times in a row it does not decide the same.
		if started := len(m.runs); started < 10 || started > 110 {
			t.Errorf("%d were started", started)
		}
	})
}

// TestStopBeforeRun asks for the stop before there is anything to stop.
func TestStopBeforeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{t: t, began: time.Now(), happened: make(chan func(), 10), children: make(chan os.Signal, 1)}
		s := New(Config{Instances: []Spec{{Name: "web.1"}}, System: m, Children: m.children})
		for range 10 {
			s.Stop("not wanted any more") // never waits
		}
		if code := s.Run(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

func TestDefaultStopSignal(t *testing.T) {
	s := New(Config{Instances: []Spec{{Name: "web.1"}, {Name: "web.2", Stop: syscall.SIGINT}}})
	if a, b := s.instances[0].Stop, s.instances[1].Stop; a != syscall.SIGTERM || b != syscall.SIGINT {
		t.Errorf("%v, %v", a, b)
	}
}
