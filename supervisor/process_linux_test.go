package supervisor

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// hideouts are the ways in which a process can be in a run and is found, see spawn.
var hideouts = []string{"same", "group", "session", "outcast", "daemon", "stray", "outlaw"}

// TestRunsAreKeptApart stops one of two runs that both have something everywhere.
func TestRunsAreKeptApart(t *testing.T) {
	l := newLab(t)
	start := func(stray string) *subject {
		s := l.start("spawn group obey group", "spawn session obey session", "spawn daemon obey daemon", stray, "obey leader")
		s.meet("leader", "group", "session", "daemon")
		return s
	}
	everybody := []string{"daemon hears SIGTERM", "group hears SIGTERM", "leader hears SIGTERM", "session hears SIGTERM"}
	first, second := start("spawn stray obey stray"), start("spawn same obey same")
	first.meet("stray")
	second.meet("same")

	second.ask()
	second.gone()
	if got := second.all(); !slices.Equal(got, slices.Sorted(slices.Values(append(everybody, "same hears SIGTERM")))) {
		t.Errorf("%q", got)
	}
	first.ask()
	first.gone()
	if got := first.all(); !slices.Equal(got, append(everybody, "stray hears SIGTERM")) {
		t.Errorf("%q", got)
	}
}

// TestFosterage stops the instance that a process came with which has no marker at all.
func TestFosterage(t *testing.T) {
	l := newLab(t)
	var reports []Report
	l.Report = func(r Report) { reports = append(reports, r) }
	a := l.start("obey a")
	a.meet("a")
	time.Sleep(time.Second / userHZ) // or they begin in the same tick
	b := l.start("spawn outlaw obey outlaw", "obey b")
	b.meet("b", "outlaw")
	b.ask()
	b.hear("outlaw hears SIGTERM")
	b.gone()
	if len(reports) != 1 || reports[0].Kind != Fostered || reports[0].Instance != "run.2" || reports[0].Left[0].Pid != b.pids["outlaw"] {
		t.Errorf("%+v", reports)
	}
	a.ask()
	a.gone()
}

// TestStrayIsAskedOnce ends a formation of three with one process that nobody can tell
// the run of.
func TestStrayIsAskedOnce(t *testing.T) {
	l := newLab(t)
	a, b, c := l.start("obey a"), l.start("spawn outlaw stubborn stray", "obey b"), l.start("obey c")
	a.meet("a")
	b.meet("b", "stray")
	c.meet("c")
	runs := []int{a.pid, b.pid, c.pid}
	l.Ask(runs)
	a.exit()
	b.exit()
	c.exit()
	l.Ask(runs)
	if gone, _ := l.Gone(runs); len(gone) != 2 {
		t.Errorf("%v are gone, want two of %v", gone, runs)
	}
	b.hear("stray hears SIGTERM")
	l.Kill(runs)
	l.await("the end of all", func() bool { l.Gone(runs); return len(l.headless) == 0 })
	if got := b.all(); !slices.Equal(got, []string{"b hears SIGTERM", "stray hears SIGTERM"}) {
		t.Errorf("%q", got)
	}
}

// TestOldChildren is about children that the process had before it became reeve, as
// after "redis-server & exec reeve start" in a script. They are none of its business.
func TestOldChildren(t *testing.T) {
	l := newLab(t)
	null := must(os.Open(os.DevNull))
	defer null.Close()
	ours, theirs, err := Pipe()
	if err != nil {
		t.Fatal(err)
	}
	args := helper("stubborn old")
	pid, err := syscall.ForkExec(args[0], args, &syscall.ProcAttr{Env: helperEnv, Files: []uintptr{null.Fd(), theirs.Fd(), theirs.Fd()}})
	if err != nil {
		t.Fatal(err)
	}
	check(theirs.Close())
	old := &subject{lab: l, pid: pid, out: os.NewFile(uintptr(ours), "output"), pids: map[string]int{}}
	defer old.out.Close()
	old.lines = bufio.NewReader(old.out)
	old.meet("old")

	s := l.start("obey leader")
	s.meet("leader")
	s.ask()
	s.gone()
	l.Close()

	check(syscall.Kill(pid, syscall.SIGUSR1))
	old.hear("old hears SIGUSR1")
	check(syscall.Kill(pid, syscall.SIGKILL))
	l.await("the end of the old child", l.isDeserted)
	if got := old.all(); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

// TestClose has overlooked something: at the end of reeve that is killed.
func TestClose(t *testing.T) {
	l := newLab(t)
	l.Guardian = must(StartGuardian(l.Formation))
	s := l.start("spawn stray stubborn stray", "exit 0")
	s.meet("stray")
	l.Close() // leaves a run alone
	if l.Guardian.pid == 0 {
		t.Error("nobody guards the run any more")
	}
	s.exit()
	delete(l.headless, s.pid)
	l.Close()
	l.await("the end of what was killed", l.isDeserted)
	if got := s.all(); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// TestStopWakesTheStopped stops processes that are stopped (Ctrl-Z).
func TestStopWakesTheStopped(t *testing.T) {
	s := newLab(t).start("spawn group obey rest", "obey leader")
	s.meet("leader", "rest")
	s.signal(syscall.SIGSTOP)
	for _, pid := range s.pids {
		eventually(t, "stopped", func() bool {
			pr, _ := readProc(pid, make([]byte, 1024))
			return pr.state == 'T'
		})
	}
	s.ask()
	s.gone()
}

// eventually waits for what no event tells of.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not %s in time", what)
		}
	}
}

func TestLeft(t *testing.T) {
	s := newLab(t).start("spawn daemon obey rest", "obey leader")
	s.meet("leader", "rest")
	left := s.lab.Left([]int{s.pid})[s.pid]
	var pids []int
	for _, p := range left {
		pids = append(pids, p.Pid)
		if p.Name == "" || p.State == "" {
			t.Errorf("%+v", p)
		}
	}
	slices.Sort(pids)
	want := []int{s.pids["leader"], s.pids["rest"]}
	slices.Sort(want)
	if !slices.Equal(pids, want) {
		t.Errorf("%v, want %v", pids, want)
	}
	s.ask()
	s.gone()
	if left := s.lab.Left([]int{s.pid}); len(left) != 0 {
		t.Errorf("%v", left)
	}
}

// TestCleanStart starts cat from a reeve that was itself started by somebody nasty: with
// signals ignored and blocked, and with open files.
func TestCleanStart(t *testing.T) {
	l := newLab(t)
	stdin, ours, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s := l.startCommand(&Command{Args: helper("nasty"), Dir: "/", Env: helperEnv, Files: [3]*os.File{stdin}})
	check(stdin.Close())
	s.meet("cat")
	cat := "/proc/" + strconv.Itoa(s.pids["cat"])
	must(ours.WriteString("hello\n"))
	s.hear("hello") // so it has opened all that it opens

	status := string(must(os.ReadFile(cat + "/status")))
	for _, field := range []string{"SigBlk", "SigIgn", "SigCgt", "ShdPnd", "SigPnd"} {
		if want := field + ":\t0000000000000000\n"; !strings.Contains(status, want) {
			t.Errorf("%s is not 0 in\n%s", field, status)
		}
	}
	var fds []string
	for _, entry := range must(os.ReadDir(cat + "/fd")) {
		fds = append(fds, entry.Name())
	}
	if !slices.Equal(fds, []string{"0", "1", "2"}) {
		t.Errorf("descriptors %v", fds)
	}
	// It ends at the end of its input, and so does the nasty one.
	check(ours.Close())
	if st := s.exit(); st.ExitCode() != 0 {
		t.Errorf("%v", st)
	}
	s.gone()
}

func init() {
	acts["nasty"] = beNasty
	acts["clean"] = beClean
}

// beNasty becomes a helper that has inherited everything one should not hand on.
func beNasty(string, string) {
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGPIPE,
		syscall.SIGTERM, syscall.SIGCHLD, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGCONT, syscall.Signal(40))
	for _, fd := range []int{3, 9, 300} {
		if err := unix.Dup3(2, fd, 0); err != nil {
			panic(err)
		}
	}
	runtime.LockOSThread()
	var all unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	check(unix.PthreadSigmask(unix.SIG_SETMASK, &all, nil))
	args := helper("clean")
	check(syscall.Exec(args[0], args, os.Environ()))
}

// beClean starts cat as reeve starts a process.
func beClean(string, string) {
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, ChildSignal)
	signal.Notify(signals, FormationSignals...)
	Prepare()
	pid := must(Spawn(&Command{Args: []string{"cat"}, Dir: "/", Env: os.Environ(), Files: [3]*os.File{os.Stdin, os.Stdout, os.Stderr}}))
	say("cat is %d", pid)
	check(os.Stdout.Close())
	must(syscall.Wait4(pid, nil, 0, nil))
}

func TestParseStat(t *testing.T) {
	const rest = " 1 2 3 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 %d 0 4567 0 0 0"
	for _, tt := range []struct {
		line string
		want proc
		ok   bool
	}{
		{"42 (cat) S" + fmt.Sprintf(rest, 1), proc{42, 1, 2, 3, 'S', 4567, "cat"}, true},
		{"42 ((a) b)) R" + fmt.Sprintf(rest, 1), proc{42, 1, 2, 3, 'R', 4567, "(a) b)"}, true},
		{"42 (x) Z 1 2 3 4 5) T" + fmt.Sprintf(rest, 1), proc{42, 1, 2, 3, 'T', 4567, "x) Z 1 2 3 4 5"}, true},
		{"42 () S" + fmt.Sprintf(rest, 1), proc{42, 1, 2, 3, 'S', 4567, ""}, true},
		{"42 (a\nb) S" + fmt.Sprintf(rest, 1), proc{42, 1, 2, 3, 'S', 4567, "a\nb"}, true},
		{"42 (kworker) I 2 0 0" + strings.TrimPrefix(fmt.Sprintf(rest, 1), " 1 2 3"), proc{42, 2, 0, 0, 'I', 4567, "kworker"}, true},
		{"42 (ended) Z" + fmt.Sprintf(rest, 1), proc{}, false},
		{"42 (ended) X" + fmt.Sprintf(rest, 1), proc{}, false},
		{"42 (first thread has ended) Z" + fmt.Sprintf(rest, 2), proc{42, 1, 2, 3, 'Z', 4567, "first thread has ended"}, true},
		{"", proc{}, false},
		{"42", proc{}, false},
		{"42 (cat", proc{}, false},
		{"42 (cat)", proc{}, false},
		{"42 (cat) ", proc{}, false},
		{"42 (cat) S 1 2 3", proc{}, false},
		{")( S", proc{}, false},
		{"x (cat) S" + fmt.Sprintf(rest, 1), proc{}, false},
	} {
		got, ok := parseStat([]byte(tt.line))
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("%q: %v, %v, want %v, %v", tt.line, got, ok, tt.want, tt.ok)
		}
	}
}

func TestProcessTable(t *testing.T) {
	procs, ok := processTable()
	if self := procs[os.Getpid()]; !ok || self.ppid != os.Getppid() || self.pgrp != syscall.Getpgrp() || self.start == 0 {
		t.Errorf("%+v, %v", self, ok)
	}
}
