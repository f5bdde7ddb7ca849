//go:build unix

package supervisor

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"reeve/supervisor/terminal"
)

// patience is how long a test waits for what must happen before it fails.
const patience = time.Minute

// lab is where a test runs real processes. At the end of the test nothing of them may be
// left, and no descriptor.
type lab struct {
	Processes
	t        *testing.T
	children chan os.Signal
	command  *Command // what the next run executes
	subjects []*subject
	ended    map[int]Status
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t, children: make(chan os.Signal, 1), ended: map[int]Status{}}
	// A guardian stops everything with its formation's marker, even in somebody else's test.
	l.Formation = rand.Text()
	l.Recheck = l.children
	l.Begin = func(Spec) (int, error) { return Spawn(l.command) }
	signal.Notify(l.children, ChildSignal)
	before := openFiles()
	t.Cleanup(func() {
		l.checkDeserted()
		signal.Stop(l.children)
		if after := openFiles(); !slices.Equal(before, after) {
			t.Errorf("descriptors have leaked: %v before, %v after", before, after)
		}
	})
	return l
}

// openFiles lists the descriptors of this process.
func openFiles() (fds []int) {
	for fd := range 1024 {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			fds = append(fds, fd)
		}
	}
	return fds
}

// checkDeserted fails if this process has a child. Orphans are its children too, where
// the system can do that.
func (l *lab) checkDeserted() {
	l.Reap()
	if l.childless {
		return
	}
	l.t.Error("something is left")
	for _, s := range l.subjects {
		_ = syscall.Kill(-s.pid, syscall.SIGKILL)
		for _, pid := range s.pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	l.await("the end of what is left", l.isDeserted)
}

// await reaps, and asks again at every SIGCHLD until the answer is yes.
func (l *lab) await(what string, yes func() bool) {
	l.t.Helper()
	for timeout := time.After(patience); ; {
		for _, e := range l.Reap() {
			l.ended[e.Pid] = e.Status
		}
		if yes() {
			return
		}
		select {
		case <-l.children:
		case <-timeout:
			l.t.Fatalf("waited too long for %s", what)
		}
	}
}

func (l *lab) isDeserted() bool { return l.childless }

// subject is a run in the lab.
type subject struct {
	lab   *lab
	pid   int
	out   *os.File
	lines *bufio.Reader
	pids  map[string]int // of those that have said who they are
	said  []string       // everything else
}

// start begins a run of a helper with its output in a pipe.
func (l *lab) start(script ...string) *subject {
	l.t.Helper()
	return l.startCommand(&Command{Args: helper(script...), Dir: "/", Env: helperEnv})
}

// startCommand begins the run of a command with its output in a pipe, and its input too
// if it has none. Every run is an instance of its own.
func (l *lab) startCommand(c *Command) *subject {
	l.t.Helper()
	ours, theirs, err := Pipe()
	if err != nil {
		l.t.Fatal(err)
	}
	null := must(os.Open(os.DevNull))
	defer null.Close()
	defer theirs.Close()
	if c.Files[0] == nil {
		c.Files[0] = null
	}
	c.Files[1], c.Files[2] = theirs, theirs
	return l.begin(c, ours)
}

func (l *lab) begin(c *Command, ours int) *subject {
	l.t.Helper()
	name := fmt.Sprintf("run.%d", len(l.subjects)+1)
	c.Env = append(slices.Clone(c.Env), Marker(l.Formation, name))
	l.command = c
	s := &subject{lab: l, out: os.NewFile(uintptr(ours), "output"), pids: map[string]int{}}
	l.t.Cleanup(func() { _ = s.out.Close() })
	s.lines = bufio.NewReader(s.out)
	pid, err := l.Start(Spec{Name: name, Stop: syscall.SIGTERM, Grace: grace})
	if err != nil {
		l.t.Fatal(err)
	}
	s.pid = pid
	l.subjects = append(l.subjects, s)
	return s
}

// line reads a line that somebody in the run has written.
func (s *subject) line() (line string, err error) {
	check(s.out.SetReadDeadline(time.Now().Add(patience)))
	line, err = s.lines.ReadString('\n')
	line = strings.TrimPrefix(strings.TrimRight(line, "\r\n"), "^C") // the echo of a terminal
	var name string
	var pid int
	if n, _ := fmt.Sscanf(line, "%s is %d", &name, &pid); n == 2 {
		s.pids[name] = pid
	} else if err == nil {
		s.said = append(s.said, line)
	}
	return line, err
}

// meet waits until everybody has said who they are.
func (s *subject) meet(names ...string) {
	s.lab.t.Helper()
	for _, name := range names {
		for s.pids[name] == 0 {
			if _, err := s.line(); err != nil {
				s.lab.t.Fatalf("where is %s? %v; %q", name, err, s.said)
			}
		}
	}
}

// hear waits until somebody in the run says this.
func (s *subject) hear(want string) {
	s.lab.t.Helper()
	for !slices.Contains(s.said, want) {
		if _, err := s.line(); err != nil {
			s.lab.t.Fatalf("nobody says %q: %v; %q", want, err, s.said)
		}
	}
}

// all reads to the end, which is when nobody can write any longer, and gives everything
// that was said, sorted.
func (s *subject) all() []string {
	s.lab.t.Helper()
	for {
		_, err := s.line()
		if errors.Is(err, io.EOF) || errors.Is(err, syscall.EIO) {
			return slices.Sorted(slices.Values(s.said))
		}
		if err != nil {
			s.lab.t.Fatal(err)
		}
	}
}

// exit waits for the end of the run's leader.
func (s *subject) exit() Status {
	s.lab.t.Helper()
	s.lab.await("the end of the leader", func() bool { _, ok := s.lab.ended[s.pid]; return ok })
	return s.lab.ended[s.pid]
}

// gone waits until nothing of the run is left.
func (s *subject) gone() {
	s.lab.t.Helper()
	s.exit()
	s.lab.await("the end of the rest", s.isGone)
}

func (s *subject) isGone() bool {
	gone, _ := s.lab.Gone([]int{s.pid})
	return slices.Contains(gone, s.pid)
}

func (s *subject) ask()                      { s.lab.Ask([]int{s.pid}) }
func (s *subject) askFirst()                 { s.lab.AskFirst([]int{s.pid}) }
func (s *subject) kill()                     { s.lab.Kill([]int{s.pid}) }
func (s *subject) signal(sig syscall.Signal) { s.lab.Signal(sig, []int{s.pid}) }

func TestStatus(t *testing.T) {
	for _, tt := range []struct {
		script string
		want   Status
	}{
		{"exit 0", Status{}},
		{"exit 3", Status{Code: 3}},
		{"exit 255", Status{Code: 255}},
		{"die TERM", Status{Signal: syscall.SIGTERM}},
		{"die KILL", Status{Signal: syscall.SIGKILL}},
	} {
		t.Run(tt.script, func(t *testing.T) {
			s := newLab(t).start(tt.script)
			if got := s.exit(); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
			s.gone()
		})
	}
}

func TestSession(t *testing.T) {
	s := newLab(t).start("obey leader")
	s.meet("leader")
	if s.pids["leader"] != s.pid {
		t.Errorf("the leader is %d, not %d", s.pids["leader"], s.pid)
	}
	sid, err := unix.Getsid(s.pid)
	if pgrp, _ := unix.Getpgid(s.pid); sid != s.pid || pgrp != s.pid {
		t.Errorf("session %d, group %d of %d: %v", sid, pgrp, s.pid, err)
	}
	s.ask()
	s.gone()
}

// TestLeaderExitsFirst leaves a process behind that keeps the output open: that delays
// neither the news of the leader's end nor hides the rest.
func TestLeaderExitsFirst(t *testing.T) {
	s := newLab(t).start("spawn same obey rest", "exit 3")
	if got := s.exit(); got.Code != 3 {
		t.Errorf("%v", got)
	}
	s.meet("rest")
	if s.isGone() {
		t.Error("the rest was overlooked")
	}
	s.ask()
	s.gone()
	if got := s.all(); !slices.Equal(got, []string{"rest hears SIGTERM"}) {
		t.Errorf("%q", got)
	}
}

// TestStopReachesEverybody asks a run to stop while its leader lives. Everybody is asked
// once, although the run is looked at again whenever something of it ends.
func TestStopReachesEverybody(t *testing.T) {
	for _, how := range hideouts {
		t.Run(how, func(t *testing.T) {
			s := newLab(t).start("spawn "+how+" stubborn rest", "obey leader")
			s.meet("leader", "rest")
			s.ask()
			s.exit()
			s.ask()
			if s.isGone() {
				t.Error("the rest was overlooked")
			}
			s.hear("rest hears SIGTERM")
			s.kill()
			s.gone()
			if got := s.all(); !slices.Equal(got, []string{"leader hears SIGTERM", "rest hears SIGTERM"}) {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestNothingIsLeftBehind lets the leader exit first.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, how := range hideouts {
		t.Run(how, func(t *testing.T) {
			s := newLab(t).start("spawn "+how+" stubborn rest", "exit 3")
			s.meet("rest")
			if got := s.exit(); got.Code != 3 {
				t.Errorf("%v", got)
			}
			s.ask()
			if s.isGone() {
				t.Error("the rest was overlooked")
			}
			s.hear("rest hears SIGTERM")
			s.kill()
			s.gone()
			if got := s.all(); !slices.Equal(got, []string{"rest hears SIGTERM"}) {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestIgnoredStopSignal(t *testing.T) {
	s := newLab(t).start("spawn same stubborn rest", "stubborn leader")
	s.meet("leader", "rest")
	s.ask()
	s.hear("leader hears SIGTERM")
	s.hear("rest hears SIGTERM")
	s.kill()
	if got := s.exit(); got.Signal != syscall.SIGKILL {
		t.Errorf("%v", got)
	}
	s.gone()
}

// TestForward signals the leader alone. The rest tells of signals in the order in which
// they come, so it would have told.
func TestForward(t *testing.T) {
	s := newLab(t).start("spawn same obey rest", "obey leader")
	s.meet("leader", "rest")
	s.lab.Forward(syscall.SIGUSR1, []int{s.pid})
	s.hear("leader hears SIGUSR1")
	s.ask()
	s.gone()
	want := []string{"leader hears SIGTERM", "leader hears SIGUSR1", "rest hears SIGTERM"}
	if got := s.all(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	s.lab.Forward(syscall.SIGUSR1, []int{s.pid}) // nobody is there, nothing happens
}

// TestFormation runs real processes under the loop, to the end.
func TestFormation(t *testing.T) {
	l := newLab(t)
	signals := make(chan os.Signal, 1)
	ours, theirs, err := Pipe()
	if err != nil {
		t.Fatal(err)
	}
	null := must(os.Open(os.DevNull))
	scripts := map[string][]string{
		"obey.1":     {"spawn same obey rest", "obey leader"},
		"stubborn.1": {"stubborn other"},
	}
	l.Begin = func(s Spec) (int, error) {
		return Spawn(&Command{Args: helper(scripts[s.Name]...), Dir: "/", Env: helperEnv, Files: [3]*os.File{null, theirs, theirs}})
	}
	s := &subject{lab: l, out: os.NewFile(uintptr(ours), "output"), pids: map[string]int{}}
	s.lines = bufio.NewReader(s.out)
	done := make(chan int)
	go func() {
		done <- New(Config{
			Instances: []Spec{{Name: "obey.1", Grace: time.Minute}, {Name: "stubborn.1", Grace: 50 * time.Millisecond}},
			System:    &l.Processes, Signals: signals, Children: l.children,
		}).Run()
	}()
	s.meet("leader", "rest", "other")
	signals <- syscall.SIGINT
	if code := <-done; code != 137 {
		t.Errorf("exit code %d", code)
	}
	check(theirs.Close())
	check(null.Close())
	// The other one may have been killed before it could tell.
	got := slices.DeleteFunc(s.all(), func(line string) bool { return strings.HasPrefix(line, "other") })
	if want := []string{"leader hears SIGTERM", "rest hears SIGTERM"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	check(s.out.Close())
}

// files makes a directory with some files in it: their modes and contents.
func files(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		mode, content, _ := strings.Cut(content, " ")
		path := filepath.Join(dir, name)
		check(os.MkdirAll(filepath.Dir(path), 0o755))
		switch mode {
		case "x":
			check(os.WriteFile(path, []byte(content), 0o755))
		case "-":
			check(os.WriteFile(path, []byte(content), 0o644))
		case "dir":
			check(os.MkdirAll(path, 0o755))
		case "helper":
			check(os.Symlink(must(os.Executable()), path))
		}
	}
	return dir
}

func TestCannotStart(t *testing.T) {
	dir := files(t, map[string]string{
		"bin/plain":   "- #!/bin/sh\n",
		"bin/script":  "x #!/no/such/interpreter\n",
		"bin/other":   "x \x7fELF\x02\x01\x01\x00(\n",
		"bin/dir/tmp": "dir",
		"plain":       "- #!/bin/sh\n",
	})
	for _, tt := range []struct {
		program string
		code    int
		says    string
	}{
		{"no-such-program", 127, "no-such-program: command not found"},
		{"./no-such-program", 127, "./no-such-program: command not found"},
		{"/no/such/program", 127, "/no/such/program: command not found"},
		{"./plain/program", 127, "./plain/program: command not found"},
		{"plain", 126, "plain: permission denied"},
		{"./plain", 126, "./plain: permission denied"},
		{"./bin", 126, "./bin: permission denied: it is a directory"},
		{"bin/dir", 126, "bin/dir: permission denied: it is a directory"},
		{"script", 127, "script: command not found: its interpreter or loader is missing"},
		{"bin/script", 127, "bin/script: command not found: its interpreter or loader is missing"},
		{"other", 126, "other: exec format error: is it built for " + runtime.GOOS + "/" + runtime.GOARCH + "?"},
	} {
		t.Run(tt.program, func(t *testing.T) {
			l := newLab(t)
			null := must(os.Open(os.DevNull))
			defer null.Close()
			l.command = &Command{Args: []string{tt.program}, Dir: dir, Env: []string{"PATH=bin"}, Files: [3]*os.File{null, null, null}}
			pid, err := l.Start(Spec{})
			if pid != 0 || err == nil || StartCode(err) != tt.code || err.Error() != tt.says {
				t.Errorf("%d, %v (%d), want %s (%d)", pid, err, StartCode(err), tt.says, tt.code)
			}
		})
	}
}

// TestNowhere has lost the directory, which must not look like a lost program.
func TestNowhere(t *testing.T) {
	l := newLab(t)
	null := must(os.Open(os.DevNull))
	defer null.Close()
	dir := filepath.Join(t.TempDir(), "gone")
	l.command = &Command{Args: []string{"cat"}, Dir: dir, Env: helperEnv, Files: [3]*os.File{null, null, null}}
	_, err := l.Start(Spec{})
	if err == nil || StartCode(err) != 127 || !strings.Contains(err.Error(), dir) || errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestStartError(t *testing.T) {
	for err, want := range map[syscall.Errno]string{
		syscall.ENOENT:  "command not found: its interpreter or loader is missing",
		syscall.EAGAIN:  "no more processes allowed (see ulimit -u): ",
		syscall.EMFILE:  "no more open files allowed (see ulimit -n): ",
		syscall.ENFILE:  "no more open files allowed (see ulimit -n): ",
		syscall.E2BIG:   syscall.E2BIG.Error(),
		syscall.ENOEXEC: syscall.ENOEXEC.Error(),
	} {
		if got := startError(err); !strings.HasPrefix(got.Error(), want) {
			t.Errorf("%v: %v", err, got)
		}
	}
	if err := startError(nil); err != nil {
		t.Error(err)
	}
}

// TestProgram finds programs as the process itself would: in its PATH, from its directory.
func TestProgram(t *testing.T) {
	dir := files(t, map[string]string{
		"tool":           "helper",
		"bin/tool":       "helper",
		"sub/tool":       "helper",
		"denied/tool":    "- ",
		"shadowed/tool":  "dir",
		"bin/no-hashes":  "x echo sh runs \"$0\" \"$@\"\n",
		"bin/with-hash":  "x #!/bin/sh\necho \"$1\" in \"$PWD\"\n",
		"bin/empty-file": "x ",
	})
	arguments := func(name string) string { return fmt.Sprintf("%q", []string{name, helperName, "arguments"}) }
	for _, tt := range []struct {
		name string
		args []string
		env  []string
		want string
	}{
		{"by PATH", []string{"tool"}, []string{"PATH=/no:" + dir + "/bin"}, arguments("tool")},
		{"a relative PATH", []string{"tool"}, []string{"PATH=bin"}, arguments("tool")},
		{"an empty entry of PATH is the directory", []string{"tool"}, []string{"PATH=/no:"}, arguments("tool")},
		{"the last PATH counts", []string{"tool"}, []string{"PATH=/no", "PATH=bin"}, arguments("tool")},
		{"what cannot be executed is passed over", []string{"tool"}, []string{"PATH=denied:shadowed:bin"}, arguments("tool")},
		{"without PATH", []string{"echo", "hello"}, nil, "hello"},
		{"by path", []string{"./tool"}, []string{"PATH=/no"}, arguments("./tool")},
		{"by path, below", []string{"sub/tool"}, nil, arguments("sub/tool")},
		{"by absolute path", []string{dir + "/tool"}, nil, arguments(dir + "/tool")},
		{"a script", []string{"with-hash", "a b"}, []string{"PATH=bin", "PWD=" + dir}, "a b in " + dir},
		{"a script without #!", []string{"no-hashes", "a", "b c"}, []string{"PATH=bin"}, "sh runs " + dir + "/bin/no-hashes a b c"},
		{"an empty script", []string{"bin/empty-file"}, []string{"PATH=/no"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.HasSuffix(tt.args[0], "tool") {
				tt.args = append(tt.args, helperName, "arguments")
			}
			c := &Command{Args: tt.args, Dir: dir, Env: tt.env}
			s := newLab(t).startCommand(c)
			if st := s.exit(); st.ExitCode() != 0 {
				t.Errorf("%v", st)
			}
			s.gone()
			if got := strings.Join(s.all(), "\n"); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestTerminal gives a run a terminal that it owns.
func TestTerminal(t *testing.T) {
	l := newLab(t)
	master, slave, err := terminal.Open(terminal.Size{})
	if err != nil {
		t.Fatal(err)
	}
	s := l.begin(&Command{
		Args: helper("terminal t", "obey leader"), Dir: "/", Env: helperEnv,
		Files: [3]*os.File{slave, slave, slave}, Terminal: slave,
	}, master)
	check(slave.Close())
	s.meet("leader")
	check(terminal.Resize(master, terminal.Size{Rows: 40, Columns: 100}))
	s.hear("leader hears SIGWINCH")
	if got := terminal.SizeOf(master); got != (terminal.Size{Rows: 40, Columns: 100}) {
		t.Errorf("size %v", got)
	}
	if flags := must(unix.FcntlInt(uintptr(master), unix.F_GETFL, 0)); flags&unix.O_NONBLOCK == 0 {
		t.Error("the master blocks")
	}
	_, _ = s.out.WriteString("\x03") // Ctrl-C
	s.hear("leader hears SIGINT")
	s.ask()
	s.gone()
	want := []string{
		"leader hears SIGINT", "leader hears SIGTERM", "leader hears SIGWINCH",
		"t blocks true", "t blocks true", "t blocks true", "t controls true", "t size 24x80",
	}
	if got := s.all(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestPipe(t *testing.T) {
	newLab(t)
	ours, theirs, err := Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(ours)
	defer theirs.Close()
	for fd, blocks := range map[int]bool{ours: false, int(theirs.Fd()): true} {
		status := must(unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0))
		flags := must(unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0))
		if (status&unix.O_NONBLOCK == 0) != blocks || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("%d: blocks %v, flags %#x", fd, !blocks, flags)
		}
	}
}

func TestSignalNames(t *testing.T) {
	for _, tt := range []struct {
		name string
		want syscall.Signal
	}{
		{"TERM", syscall.SIGTERM}, {"SIGTERM", syscall.SIGTERM}, {"sigterm", syscall.SIGTERM}, {"term", syscall.SIGTERM},
		{"15", syscall.SIGTERM}, {"int", syscall.SIGINT}, {"KILL", syscall.SIGKILL}, {"USR2", syscall.SIGUSR2},
		{"", 0}, {"SIG", 0}, {"0", 0}, {"-9", 0}, {"99", 0}, {"TERMINATE", 0}, {"SIGSIGTERM", 0}, {"TERM ", 0},
	} {
		if got, ok := ParseSignal(tt.name); ok != (tt.want != 0) || ok && got != tt.want {
			t.Errorf("ParseSignal(%q) = %d, %v, want %d", tt.name, got, ok, tt.want)
		}
	}
	if got := SignalName(syscall.SIGUSR1); got != "SIGUSR1" {
		t.Error(got)
	}
	if got := SignalName(99); got != "signal 99" {
		t.Error(got)
	}
}
