package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// detached runs an app in the background until the end of the test.
func detached(t *testing.T, procfile string, args ...string) (dir string) {
	t.Helper()
	dir = newApp(t, procfile)
	mustRun(t, dir, append([]string{"start", "--detach"}, args...)...)
	t.Cleanup(func() {
		_ = newCommand(dir, "reeve", "quit").Run()
		if left := within(patience, func() any { return someOr(processesOf(dir)) }); left != nil {
			t.Error("still running:", left)
		}
	})
	return dir
}

// mustRun runs reeve to its end, which has to be a success, and returns what it prints.
func mustRun(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := newCommand(dir, "reeve", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("reeve %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// leave is what leaves an attached terminal.
const leave = "\x1d\x1d"

// gone waits for the end of what runs in the terminal, while others go on.
func (x *tty) gone(code int) {
	x.t.Helper()
	if within(patience, func() any { return someOr(stillOpen(x.done)) }) != nil {
		x.t.Fatalf("it is still running: %q", x.text())
	}
	if got := exitCodeOf(x.cmd.ProcessState); got != code {
		x.t.Fatalf("exit code %d, want %d: %q", got, code, x.text())
	}
}

// attached is a terminal that is attached to a process.
func attached(t *testing.T, dir, name string) *tty {
	t.Helper()
	x := anotherTerminal(t, dir, nil, "reeve", "attach", name)
	t.Cleanup(func() { _ = newCommand(dir, "reeve", "quit").Run() }) // before the terminal is closed
	return x
}

// What is typed reaches the process, and what it writes comes back, to as many as like.
func TestAttach(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper chat\nworker: helper wait")
	x := attached(t, dir, "web")
	x.await(`^> `)
	x.enter("hello\r")
	x.await(`^> hello\r\nheard "hello"\r\n> `)
	y := attached(t, dir, "web.1")
	y.await(`heard "hello"\r\n> `) // the last screenful
	y.enter("me too\r")
	x.await(`heard "me too"`)
	y.await(`heard "me too"`)
	x.enter("a key\x1d is no end\r")
	x.await(`heard "a key\\x1d is no end"`)
	x.enter(leave)
	x.gone(0)
	y.enter(leave)
	y.gone(0)
	if ps := mustRun(t, dir, "ps"); strings.Count(ps, "running") != 2 {
		t.Errorf("not everything runs: %s", ps)
	}
}

// The process's terminal is as large as that of who attached or changed it last.
func TestAttachSize(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper size")
	x := attached(t, dir, "web")
	x.await(`size 97×31\r\n`)
	x.resize(50, 132)
	x.await(`size 132×50\r\n`)
	y := attached(t, dir, "web")
	x.await(`size 132×50\r\n(.|\n)*size 97×31\r\n`)
	y.enter(leave)
	y.gone(0)
	x.await(`size 97×31\r\nsize 132×50\r\n$`)
}

// Whoever attaches has a terminal without a prefix.
func TestTerminalSizeWhileAttached(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper size")
	x.await(`size 88×31`)
	y := attached(t, x.dir, "web")
	y.await(`size 97×31`)
	y.enter(leave)
	y.gone(0)
	x.await(`size 97×31\r\nweb.1  \| size 88×31`)
	x.press(ctrlC)
	x.ends(0)
}

// It says how to leave, and that one has left.
func TestAttachSaysHowToLeave(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper chat")
	x := attached(t, dir, "web")
	x.await(`^reeve: attached to web.1: Ctrl-C goes to it, Ctrl-\] Ctrl-\] leaves\r\n> $`)
	x.enter(leave)
	x.gone(0)
	x.await(`^> \r\nreeve: left web.1\r\n$`)
}

// What it says begins at the left, also where the process has left its terminal raw.
func TestAttachLeavesRawTerminal(t *testing.T) {
	t.Parallel()
	x := attached(t, detached(t, `web: stty -opost; printf 'abc\n'; helper wait`), "web")
	x.await(`abc\n`)
	x.enter(leave)
	x.gone(0)
	x.await(`abc\n\r+reeve: left web.1\r\n$`)
}

// Ctrl-] alone is the process's, without another key, and two of them with a pause between do
// not leave.
func TestAttachKeyAlone(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper chat")
	x := attached(t, dir, "web")
	x.await(`^> $`)
	x.press(0x1d)
	x.await(`^> \^\]$`) // the terminal echoes what has reached it
	x.press(0x1d)
	x.await(`^> \^\]\^\]$`)
	x.enter("\r")
	x.await(`heard "\\x1d\\x1d"\r\n> $`)
	x.enter(leave)
	x.gone(0)
}

// Who types at a prompt in the log is told once how to; what was typed stays for the shell.
func TestTypingIntoTheLog(t *testing.T) {
	t.Parallel()
	x := programInTerminal(t, nil, "web: helper wait-for started then write '(Pdb) ' then wait\nworker: helper wait",
		"sh", "-c", "reeve start --no-timestamp; read -r line; echo \"left: $line\"")
	x.started("worker.1")
	x.await(`^web.1    \| \(Pdb\) $`)
	x.enter("\n")
	x.enter("\n")
	x.enter("next\n")
	x.await(`system   \| web.1 does not receive what you type here: run reeve attach web.1 in another terminal`)
	x.enter("continue\n")
	mustRun(t, x.dir, "quit")
	x.await(`left: `)
	if n := x.count(`does not receive`); n != 1 {
		t.Errorf("it is said %d times: %q", n, x.text())
	}
	x.ends(0)
}

// Nothing is said to who does not ask, and nothing in the background, where keys are the
// shell's.
func TestTypingIsTheShells(t *testing.T) {
	t.Parallel()
	x := programInTerminal(t, []string{"PS1=ask> "}, "web: helper write '(Pdb) ' then wait", "sh", "-i")
	x.await(`ask> $`)
	x.enter("reeve start --no-timestamp </dev/tty &\n")
	x.await(`web.1  \| \(Pdb\) `)
	x.enter("echo typed $((40+2))\n")
	x.await(`typed 42`)
	x.enter("reeve quit; wait; echo over\n")
	x.await(`^over\r`)
	if x.count(`what you type`) != 0 {
		t.Errorf("it is said in the background: %q", x.text())
	}
	x.enter("exit 0\n")
	x.ends(0)
}

// A signal ends what shows something without an end, also while nobody reads that.
func TestEndsUnread(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper chat")
	for _, program := range [][]string{{"attach", "web"}, {"ps", "--watch"}} {
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
			master, slave, err := pty.Open()
			if err != nil {
				t.Fatal(err)
			}
			fillTerminal(t, slave)
			cmd := newCommand(dir, "reeve", program...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() { _ = cmd.Wait(); close(done) }()
			if within(patience, func() any {
				_ = cmd.Process.Signal(sig) // perhaps it does not hear it yet
				return someOr(stillOpen(done))
			}) != nil {
				_ = cmd.Process.Kill()
				t.Errorf("%v does not end by %v", program, sig)
			}
			_, _ = master.Close(), slave.Close()
		}
	}
}

// fillTerminal writes to a terminal until there is no room.
func fillTerminal(t *testing.T, slave *os.File) {
	t.Helper()
	fd := int(slave.Fd())
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := syscall.Write(fd, make([]byte, 512)); err != nil {
			break
		}
	}
	for {
		if _, err := syscall.Write(fd, []byte{'x'}); err != nil {
			break
		}
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		t.Fatal(err)
	}
}

// A later instance may have a longer name than all before.
func TestTerminalSizeBesideLongerNames(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper size")
	x.await(`size 88×31`)
	mustRun(t, x.dir, "scale", "web=10")
	x.await(`web.1  \| size 88×31\r\n`)
	x.press(ctrlC)
	x.ends(0)
	x = inTerminal(t, "w: helper size\nlong-name: helper wait", "-m", "long-name=0")
	x.await(`size 88×31`)
	mustRun(t, x.dir, "scale", "long-name=1")
	x.await(`^w.1 +\| size 83×31\r\n`)
	x.press(ctrlC)
	x.ends(0)
}

// Ctrl-C is a key like any other: what it does is the process's own affair.
func TestAttachCtrlC(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper print ready then signals-until go then wait")
	x := attached(t, dir, "web")
	x.await(`ready`)
	x.press(ctrlC)
	x.await(`got SIGINT`)
	x.enter(leave)
	x.gone(0)
}

// A new run of the instance is shown in the same place.
func TestAttachAndRestart(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper chat")
	x := attached(t, dir, "web")
	x.await(`^> `)
	mustRun(t, dir, "restart", "web")
	x.await(`reeve: web.1 ended by SIGTERM \(Ctrl-\] Ctrl-\] leaves\)`)
	x.await(`reeve: web.1 started with pid (.|\n)*> `)
	x.enter("again\r")
	x.await(`heard "again"`)
	x.enter(leave)
	x.gone(0)
}

// The terminal is as it was, however this ends.
func TestAttachGivesTerminalBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		end  func(t *testing.T, x *tty)
	}{
		{"by the keys", func(_ *testing.T, x *tty) { x.enter(leave); x.gone(0) }},
		{"by the end of the formation", func(t *testing.T, x *tty) {
			mustRun(t, x.dir, "quit")
			x.await(`reeve: the formation has ended`)
			x.gone(0)
		}},
		{"by the death of reeve", func(t *testing.T, x *tty) {
			ps := strings.Fields(mustRun(t, x.dir, "ps"))
			parent := parentOf(number(ps[slices.Index(ps, "web.1")+1]))
			if err := syscall.Kill(parent, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			x.await(`reeve: the formation has ended`)
			x.gone(0)
		}},
		{"by SIGTERM", func(_ *testing.T, x *tty) { x.signal(syscall.SIGTERM); x.gone(143) }},
		{"by SIGKILL", func(_ *testing.T, x *tty) { x.signal(syscall.SIGKILL); <-x.done }},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := detached(t, "web: helper print ready then wait")
			x := anotherTerminal(t, dir, nil, "helper", "wait-for", "go", "then", "exec", "reeve", "attach", "web")
			t.Cleanup(func() { _ = newCommand(dir, "reeve", "quit").Run() })
			before := attributes(t, x.slave)
			x.touch("go")
			x.await("ready")
			if attributes(t, x.slave) == before {
				t.Fatal("the terminal is not taken")
			}
			test.end(t, x)
			x.awaitAttributes(func() bool { return attributes(t, x.slave) == before })
		})
	}
}

// awaitAttributes waits until the terminal is as it should be: when reeve is killed, it is
// the guardian that does that.
func (x *tty) awaitAttributes(right func() bool) {
	x.t.Helper()
	if within(patience, func() any {
		if right() {
			return nil
		}
		return "wrong"
	}) != nil {
		x.t.Error("the terminal is not as it was")
	}
}

// parentOf gives a process's parent.
func parentOf(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	return number(strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))[1])
}

func TestAttachErrors(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper wait\nworker: helper wait", "-m", "web=2", "--tty", "never")
	for _, test := range []struct{ name, want string }{
		{"web", `reeve: web matches several: name one of web.1, web.2\r\n`},
		{"wbe", `reeve: no instance or process type "wbe": did you mean web\?\r\n`},
		{"worker", `reeve: worker.1 has no terminal: reeve start --tty worker=always gives it one\r\n`},
	} {
		x := attached(t, dir, test.name)
		x.await(test.want)
		x.gone(1)
	}
	out, err := newCommand(dir, "reeve", "attach", "web.1").CombinedOutput()
	if err == nil || string(out) != "reeve: attach needs a terminal\n" {
		t.Errorf("got %s, %v", out, err)
	}
}

// With --attach the keyboard belongs to a process; the others' lines stand above its
// prompt.
func TestStartAttach(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper wait-for started then chat\nworker: helper wait-for go then print busy then wait", "--attach", "web")
	x.started("worker.1")
	x.await(`> (\r\x1b\[2C)?$`)
	x.enter("hel")
	x.await(`> (\r\x1b\[2C)?hel$`)
	x.touch("go")
	x.await(`worker.1 \| busy\r?\n(.|\n)*> (\r\x1b\[2C)?hel`)
	x.enter("lo\r")
	x.await(`heard "hello"`)
	x.press(ctrlC)
	x.await(`SIGINT received: stopping all`)
	x.ends(0)
}

// Ctrl-C can belong to the process, too.
func TestStartAttachCtrlC(t *testing.T) {
	t.Parallel()
	x := inTerminal(t, "web: helper print ready then signals", "--attach", "web,ctrl-c")
	x.await(`ready`)
	x.press(ctrlC)
	x.await(`got SIGINT`)
	x.ends(0)
}

// The terminal is given back in the end, for Ctrl-Z, and if reeve is killed.
func TestStartAttachGivesTerminalBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		end  func(x *tty)
	}{
		{"by itself", func(x *tty) { x.touch("go"); x.ends(0) }},
		{"by Ctrl-C", func(x *tty) { x.press(ctrlC); x.ends(0) }},
		{"by SIGKILL", func(x *tty) { x.signal(syscall.SIGKILL); <-x.done }},
		{"by Ctrl-Z", func(x *tty) { x.press(ctrlZ) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := newApp(t, "web: helper print ready then wait-for go")
			x := anotherTerminal(t, dir, nil, "helper", "wait-for", "begin", "then", "exec", "reeve", "start", "--attach", "web")
			before := attributes(t, x.slave)
			x.touch("begin")
			x.await("ready")
			if attributes(t, x.slave) == before {
				t.Fatal("the terminal is not taken")
			}
			test.end(x)
			x.awaitAttributes(func() bool { return attributes(t, x.slave) == before })
			if test.name == "by Ctrl-Z" {
				x.awaitStates([]int{x.cmd.Process.Pid}, "T")
				x.signal(syscall.SIGCONT)
				x.awaitAttributes(func() bool { return attributes(t, x.slave) != before })
				x.press(ctrlC)
				x.ends(0)
			}
		})
	}
}
