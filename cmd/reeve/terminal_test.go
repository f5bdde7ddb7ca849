//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"reeve/internal/trial"
	"reeve/supervisor"
)

// tty is reeve in a terminal of its own, as if a person had started it there.
type tty struct {
	*trial.Terminal
	t      *testing.T
	dir    string
	cmd    *exec.Cmd
	master *os.File
	slave  *os.File
	done   <-chan struct{}
}

// newApp makes a directory with a Procfile.
func newApp(t *testing.T, procfile string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Procfile"), []byte(procfile), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// newCommand is a program in a directory, marked so that what it leaves is found.
func newCommand(dir, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + searchPath(), "GORACE=" + os.Getenv("GORACE"), "GOCOVERDIR=" + os.Getenv("GOCOVERDIR"),
		"HOME=/no-home", "TERM=xterm", scriptMark + "=" + dir,
	}
	return cmd
}

// mustLeaveNothing fails the test if anything that was started in a directory lives.
func mustLeaveNothing(t *testing.T, dir string) {
	t.Helper()
	if left := processesOf(dir); len(left) > 0 {
		t.Error("still running:", left)
	}
}

// size of the terminals before anybody changes it.
var usualSize = &pty.Winsize{Rows: 31, Cols: 97}

// inTerminal runs reeve start in a terminal.
func inTerminal(t *testing.T, procfile string, args ...string) *tty {
	t.Helper()
	return inTerminalWith(t, nil, procfile, args...)
}

// inTerminalWith does so with more variables in the environment.
func inTerminalWith(t *testing.T, environ []string, procfile string, args ...string) *tty {
	t.Helper()
	return programInTerminal(t, environ, procfile, append([]string{"reeve", "start", "--no-timestamp"}, args...)...)
}

// programInTerminal runs any program in a terminal.
func programInTerminal(t *testing.T, environ []string, procfile string, args ...string) *tty {
	t.Helper()
	return anotherTerminal(t, newApp(t, procfile), environ, args...)
}

// anotherTerminal runs a program in a terminal, in a directory where others may run.
func anotherTerminal(t *testing.T, dir string, environ []string, args ...string) *tty {
	t.Helper()
	cmd := newCommand(dir, args[0], args[1:]...)
	cmd.Env = append(cmd.Env, environ...)
	of, err := trial.InTerminal(cmd, usualSize)
	if err != nil {
		t.Fatal("no program in a terminal: ", err)
	}
	x := &tty{Terminal: of, t: t, dir: dir, cmd: cmd, master: of.Master, slave: of.Slave, done: of.Ended()}
	t.Cleanup(x.close)
	return x
}

func (x *tty) close() {
	x.Close()
	if left := within(patience, func() any { return someOr(processesOf(x.dir)) }); left != nil {
		x.t.Error("still running:", left)
	}
}

// raw is everything that was written so far, and text the same without colours.
func (x *tty) raw() string  { return x.Raw() }
func (x *tty) text() string { return x.Text() }

// await waits until the text has a match; lines end in "\r\n".
func (x *tty) await(pattern string) {
	x.t.Helper()
	re := regexp.MustCompile(`(?m)` + pattern)
	if within(patience, func() any { return someOr(missing(re, x.text())) }) != nil {
		x.t.Fatalf("waited in vain for %s in %q", pattern, x.text())
	}
}

// started waits until the log says that an instance has started, which must not come after what a
// process shows that waits for the file started.
func (x *tty) started(instance string) {
	x.t.Helper()
	x.await(regexp.QuoteMeta(instance) + ` started with pid \d+\r\n`)
	x.touch("started")
}

// count tells how many matches the text has.
func (x *tty) count(pattern string) int {
	return len(regexp.MustCompile(`(?m)`+pattern).FindAllString(x.text(), -1))
}

// press types a key.
func (x *tty) press(key byte) {
	x.t.Helper()
	x.enter(string([]byte{key}))
}

// enter types a text.
func (x *tty) enter(text string) {
	x.t.Helper()
	if err := x.Type(text); err != nil {
		x.t.Fatal(err)
	}
}

const (
	ctrlC = 3
	ctrlZ = 26
)

func (x *tty) signal(sig os.Signal) {
	x.t.Helper()
	if err := x.cmd.Process.Signal(sig); err != nil {
		x.t.Fatal(err)
	}
}

// touch makes a file that a helper waits for.
func (x *tty) touch(name string) {
	x.t.Helper()
	if err := os.WriteFile(filepath.Join(x.dir, name), nil, 0o666); err != nil {
		x.t.Fatal(err)
	}
}

// ends waits for reeve's end, which must leave nothing running.
func (x *tty) ends(code int) {
	x.t.Helper()
	if within(patience, func() any { return someOr(stillOpen(x.done)) }) != nil {
		x.t.Fatalf("reeve is still running: %q", x.text())
	}
	mustLeaveNothing(x.t, x.dir)
	if got := exitCodeOf(x.cmd.ProcessState); got != code {
		x.t.Fatalf("exit code %d, want %d: %q", got, code, x.text())
	}
}

func stillOpen(done <-chan struct{}) []bool {
	select {
	case <-done:
		return nil
	default:
		return []bool{true}
	}
}

func TestTerminalColors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		environ []string
		args    []string
		colored bool
	}{
		{name: "by default", colored: true},
		{name: "switched off", args: []string{"--color=never"}},
		{name: "NO_COLOR", environ: []string{"NO_COLOR=1"}},
		{name: "NO_COLOR and a flag", environ: []string{"NO_COLOR=1"}, args: []string{"--color"}, colored: true},
		{name: "FORCE_COLOR=0", environ: []string{"FORCE_COLOR=0"}},
		{name: "a terminal without colours", environ: []string{"TERM=dumb"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := inTerminalWith(t, test.environ, "web: helper print hello", test.args...)
			x.await(`^web.1  \| hello\r\n`)
			x.ends(0)
			if got := regexp.MustCompile("\x1b\\[[0-9;]+mweb").MatchString(x.raw()); got != test.colored {
				t.Errorf("coloured: %v, want %v: %q", got, test.colored, x.raw())
			}
		})
	}
}

// A prompt has no newline. It is shown all the same, and what follows comes right after it.
func TestTerminalPrompt(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper write 'name? ' then wait-for go then print Odo then wait")
	x.await(`^web.1  \| name\? $`)
	x.touch("go")
	x.await(`^web.1  \| name\? Odo\r\n`)
	x.press(ctrlC)
	x.ends(0)
}

// The line of another process does not run into a prompt, nor does the answer into it.
func TestTerminalPromptAndOthers(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, `
web: helper wait-for started then write 'name? ' then wait-for go then print Odo then wait
worker: helper wait-for shown then print busy then touch go then wait
`)
	x.started("worker.1")
	x.await(`^web.1    \| name\? $`)
	x.touch("shown")
	x.await(`^web.1    \| name\? \r\nworker.1 \| busy\r\nweb.1    \| Odo\r\n`)
	x.press(ctrlC)
	x.ends(0)
}

// Processes have a terminal of their own, as large as the real one less the prefix,
// whatever that becomes.
func TestTerminalSize(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper tty then size")
	x.await(`stdin is a terminal\r\n`)
	x.await(`stdout is a terminal\r\n`)
	x.await(`stderr is a terminal\r\n`)
	x.await(`^web.1  \| size 88×31\r\n`)
	x.resize(50, 132)
	x.await(`size 123×50\r\n`)
	x.resize(3, 22)
	x.await(`size 20×3\r\n`) // what is left is never too little to draw in
	x.resize(3, 7)
	x.await(`size 7×3\r\n`)
	x.press(ctrlC)
	x.ends(0)
}

// How much a prefix takes depends on what is in it.
func TestTerminalSizeBesidePrefix(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		columns int
		args    []string
	}{
		{97 - len("12:00:00 web.1  | "), []string{"--timestamp"}},
		{97 - len("web.1  | "), []string{"--no-timestamp"}},
		{97, []string{"--no-prefix"}},
		{97, []string{"--attach", "web"}},
		{97, []string{"--log-format", "json"}},
	} {
		x := programInTerminal(t, nil, "web: helper size", append([]string{"reeve", "start"}, test.args...)...)
		x.await(fmt.Sprintf(`size %d×31`, test.columns))
		x.press(ctrlC)
		x.ends(0)
	}
}

// resize gives the terminal another size.
func (x *tty) resize(rows, columns uint16) {
	x.t.Helper()
	if err := pty.Setsize(x.master, &pty.Winsize{Rows: rows, Cols: columns}); err != nil {
		x.t.Fatal(err)
	}
}

// A terminal that does not know its size does not make it 0×0 for the processes.
func TestTerminalWithoutSize(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper wait-for go then size")
	x.resize(0, 0)
	x.touch("go")
	x.await(`size 80×24\r\n`)
	x.press(ctrlC)
	x.ends(0)
}

func TestTerminalNone(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper tty then wait", "--tty", "never")
	x.await(`stdin is no terminal\r\n`)
	x.await(`stdout is no terminal\r\n`)
	x.await(`stderr is no terminal\r\n`)
	x.press(ctrlC)
	x.ends(0)
}

// A Ctrl-C reaches reeve alone, and each process gets one stop signal.
func TestTerminalCtrlC(t *testing.T) {
	t.Parallel()
	for _, tty := range []string{"always", "never"} {
		t.Run("tty "+tty, func(t *testing.T) {
			x := inTerminal(t, `
web: helper print ready then signals
shell: trap : TERM; helper print ready then signals; exit 0
`, "--tty", tty, "-t", "1")
			x.await(`^web.1   \| ready`)
			x.await(`^shell.1 \| ready`)
			x.press(ctrlC)
			x.ends(0)
			for _, name := range []string{"web.1", "shell.1"} {
				if n := x.count(`^(.*\x1b\[K)?` + name + ` .*got SIGTERM`); n != 1 {
					t.Errorf("%s got SIGTERM %d times", name, n)
				}
				if n := x.count(`^`+name+` .*got `) - x.count(`^`+name+` .*got SIG(TERM|WINCH|CONT)`); n != 0 {
					t.Errorf("%s got other signals", name)
				}
			}
			if t.Failed() {
				t.Logf("%q", x.text())
			}
		})
	}
}

func TestTerminalCtrlCTwice(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper ignore TERM then grandchild pid stubborn then print ready then block", "-t", "1h")
	x.await(`ready`)
	x.press(ctrlC)
	x.await(`SIGINT received: stopping all\r\n`)
	time.Sleep(supervisor.EchoWithin) // what comes sooner is the same one
	x.press(ctrlC)
	x.ends(137)
}

// Ctrl-Z stops the processes and then reeve; SIGCONT, as from fg, continues them.
func TestTerminalCtrlZ(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("only /proc tells what is stopped")
	}
	x := inTerminal(t, "web: helper pid leader then grandchild other then print ready then wait")
	x.await(`ready`)
	pids := []int{x.cmd.Process.Pid, x.pid("leader"), x.pid("other")}
	x.press(ctrlZ)
	x.awaitStates(pids, "T")
	x.signal(syscall.SIGCONT)
	x.awaitStates(pids, "RSD")
	x.press(ctrlC)
	x.ends(0)
}

// pid reads a helper's pid.
func (x *tty) pid(file string) (pid int) {
	x.t.Helper()
	text, err := os.ReadFile(filepath.Join(x.dir, file))
	if err != nil {
		x.t.Fatal(err)
	}
	return number(string(text))
}

// awaitStates waits until all processes are in one of the states.
func (x *tty) awaitStates(pids []int, states string) {
	x.t.Helper()
	others := within(patience, func() any {
		var others []string
		for _, pid := range pids {
			if state := stateOf(pid); !regexp.MustCompile("[" + states + "]").MatchString(state) {
				others = append(others, fmt.Sprintf("%d is in state %q", pid, state))
			}
		}
		return someOr(others)
	})
	if others != nil {
		x.t.Fatalf("want %s: %v: %q", states, others, x.text())
	}
}

// A terminal that goes away, as with a window that is closed, stops the formation.
func TestTerminalHangUp(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper tick")
	x.await(`tick`)
	// The last ones to have it open.
	_ = x.slave.Close()
	_ = x.master.Close()
	x.ends(0)
}
