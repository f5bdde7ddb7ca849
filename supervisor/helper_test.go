//go:build unix

package supervisor

import (
	"crypto/rand"
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

	"reeve/supervisor/terminal"
)

// The test binary plays everybody: the tests, the guardian of a formation, and the
// processes that are supervised, which do what their arguments say one by one.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[0] == GuardianName:
		Guard(os.Stdin, os.Args[1], func(string) {})
		exit(0)
	case len(os.Args) > 1 && os.Args[1] == helperName:
		for _, line := range os.Args[2:] {
			act(line)
		}
		exit(0)
	default:
		Prepare()
		os.Exit(m.Run())
	}
}

const helperName = "helper"

// helper is the command line of a process that acts like this.
func helper(script ...string) []string {
	return append([]string{must(os.Executable()), helperName}, script...)
}

// helperEnv is the environment of all helpers.
var helperEnv = []string{"PATH=/usr/bin:/bin"}

// exit ends a helper at once: at [os.Exit] the race detector waits a second for reports,
// and the coverage tool prints a warning.
func exit(code int) { syscall.Exit(code) }

// act does one line of a script:
//
//	obey NAME         tell of every signal, end at SIGTERM
//	stubborn NAME     tell of every signal
//	spawn HOW SCRIPT  start a process, see spawn; its lines are separated by ";"
//	exit N
//	die SIGNAL
//	terminal NAME     tell about the terminal
//	arguments         tell them
//	guarded NAME      be a reeve that runs a formation, with a guardian
//	run MS SCRIPT     begin a run in that formation, with a grace period
//	lose guardian     let it be killed, and wait for another
//	init SCRIPT       stay in front of a process and exit as it does
func act(line string) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	word, script, _ := strings.Cut(rest, " ")
	switch verb {
	case "obey":
		hear(word, syscall.SIGTERM)
	case "stubborn":
		hear(word)
	case "spawn":
		spawn(word, script)
	case "exit":
		exit(must(strconv.Atoi(word)))
	case "die":
		sig, _ := ParseSignal(word)
		check(syscall.Kill(os.Getpid(), sig))
		select {}
	case "terminal":
		tellTerminal(word)
	case "arguments":
		say("%q", os.Args)
	default:
		acts[verb](word, script)
	}
}

// acts are the lines that only some tests need.
var acts = map[string]func(word, script string){"guarded": beGuarded, "run": beginRun, "lose": loseGuardian, "init": beInit}

// hear tells who it is, then of every signal, until one of those comes that end it. It
// is not there for longer than any test, nor than go test waits for what one has left behind.
func hear(name string, until ...os.Signal) {
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR1, syscall.SIGWINCH, syscall.SIGCONT)
	time.AfterFunc(time.Minute, func() { exit(99) })
	say("%s is %d", name, os.Getpid())
	for sig := range signals {
		say("%s hears %s", name, SignalName(sig.(syscall.Signal)))
		if slices.Contains(until, sig) {
			exit(0)
		}
	}
}

// say writes a line, in one piece.
func say(format string, args ...any) {
	_, _ = os.Stdout.WriteString(fmt.Sprintf(format, args...) + "\n")
}

// spawn starts a process that keeps our output open:
//
//	same     like any child
//	group    in a process group of its own
//	session  in a session of its own
//	daemon   in a session of its own, its parent gone
//	stray    the same, and with an empty environment
//	outlaw   the same, and without the other copies of its marker
//	outcast  in a process group of its own, its parent gone
func spawn(how, script string) {
	attr := &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{
		Setpgid: how == "group", Setsid: how == "session",
	}}
	lines := strings.Split(script, ";")
	orphan := map[string]string{"daemon": "session", "stray": "session", "outlaw": "session", "outcast": "group"}[how]
	if orphan != "" {
		lines = []string{"spawn " + orphan + " " + script, "exit 0"}
	}
	if how == "stray" || how == "outlaw" {
		attr.Env = helperEnv
	}
	if how == "outlaw" {
		runtime.LockOSThread()
		defer inherit(nil)()
	}
	args := helper(lines...)
	pid := must(syscall.ForkExec(args[0], args, attr))
	if orphan != "" {
		must(syscall.Wait4(pid, nil, 0, nil))
	}
}

// tellTerminal tells what a program can see of its terminal.
func tellTerminal(name string) {
	size := terminal.SizeOf(0)
	say("%s size %dx%d", name, size.Rows, size.Columns)
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	foreground, _ := unix.IoctlGetInt(0, unix.TIOCGPGRP)
	say("%s controls %v", name, err == nil && foreground == os.Getpid())
	check(tty.Close())
	for fd := range 3 {
		flags := must(unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0))
		say("%s blocks %v", name, flags&unix.O_NONBLOCK == 0)
	}
}

// must is for what does not fail.
func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// reeve is what a helper does that runs a formation itself.
var reeve struct {
	Processes
	children chan os.Signal
	script   string // of the next run
	runs     int
}

func beGuarded(formation, _ string) {
	Prepare()
	reeve.children = make(chan os.Signal, 1)
	signal.Notify(reeve.children, ChildSignal)
	reeve.Formation = formation
	reeve.Guardian = must(StartGuardian(formation))
	reeve.Begin = func(s Spec) (int, error) {
		return Spawn(&Command{
			Args: helper(strings.Split(reeve.script, ";")...), Dir: "/",
			Env:   append(slices.Clone(helperEnv), Marker(formation, s.Name)),
			Files: [3]*os.File{os.Stdin, os.Stdout, os.Stderr},
		})
	}
}

func beginRun(ms, script string) {
	reeve.script = script
	reeve.runs++
	must(reeve.Start(Spec{
		Name: "run." + strconv.Itoa(reeve.runs), Stop: syscall.SIGTERM,
		Grace: time.Duration(must(strconv.Atoi(ms))) * time.Millisecond,
	}))
}

func beInit(word, script string) {
	formation := rand.Text()
	check(os.Setenv(MarkerKey, strings.TrimPrefix(Marker(formation, "run.1"), MarkerKey+"=")))
	st := Init(&Command{
		Args: helper(strings.Split(word+" "+script, ";")...), Dir: "/", Env: os.Environ(),
		Files: [3]*os.File{os.Stdin, os.Stdout, os.Stderr},
	}, Spec{Name: "run.1", Stop: syscall.SIGTERM, Grace: 200 * time.Millisecond}, make(chan os.Signal, 64), must(StartGuardian(formation)))
	exit(st.ExitCode())
}

func loseGuardian(string, string) {
	first := reeve.Guardian.pid
	reeve.Guardian.started = time.Time{} // it has been there for long
	check(syscall.Kill(first, syscall.SIGKILL))
	for reeve.Guardian.pid == first {
		<-reeve.children
		reeve.Reap()
	}
}
