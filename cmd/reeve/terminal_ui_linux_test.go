package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// uiTerminal is reeve ui in a terminal, with a terminal emulator as the judge of what is on the screen.
type uiTerminal struct{ *tty }

// openUI shows what runs for an app.
func openUI(t *testing.T, dir string, environ ...string) *uiTerminal {
	t.Helper()
	x := anotherTerminal(t, dir, environ, "reeve", "ui")
	t.Cleanup(func() { _ = newCommand(dir, "reeve", "quit").Run() }) // before the terminal is closed
	u := &uiTerminal{x}
	u.sees(`all \d+/\d+`)
	return u
}

// clearScreen is what a screen that is drawn in full begins with.
const clearScreen = "\x1b[2J"

// screen is what is to be seen on the terminal.
func (x *uiTerminal) screen() string {
	size, err := pty.GetsizeFull(x.master)
	if err != nil {
		x.t.Fatal(err)
	}
	judge := vt10x.New(vt10x.WithSize(int(size.Cols), int(size.Rows)))
	raw := x.raw()
	_, _ = judge.Write([]byte(raw[max(strings.LastIndex(raw, clearScreen), 0):]))
	return judge.String()
}

// sees waits until something is on the screen, and gives all of that.
func (x *uiTerminal) sees(pattern string) string {
	x.t.Helper()
	re := regexp.MustCompile(`(?m)` + pattern)
	if within(patience, func() any { return someOr(missing(re, x.screen())) }) != nil {
		x.t.Fatalf("there is no %s on the screen:\n%s", pattern, x.screen())
	}
	return x.screen()
}

// leavesUI leaves it, and has the terminal be as it was.
func (x *uiTerminal) leavesUI() {
	x.t.Helper()
	x.enter("q")
	x.gone(0)
	x.usual()
}

// usual waits for the terminal to be as it was.
func (x *uiTerminal) usual() {
	x.t.Helper()
	if left := within(patience, func() any { return someOr(leftSwitched(x.raw())) }); left != nil {
		x.t.Errorf("left switched are the modes %v", left)
	}
	x.awaitAttributes(func() bool { return attributes(x.t, x.slave) == usualAttributes(x.t) })
}

// leftSwitched are the modes that what was written on a terminal leaves other than they usually are.
func leftSwitched(raw string) (modes []string) {
	for mode, usual := range map[string]string{"1049": "l", "25": "h", "7": "h", "2004": "l", "1000": "l"} {
		all := regexp.MustCompile(`\x1b\[\?`+mode+`([hl])`).FindAllStringSubmatch(raw, -1)
		if len(all) > 0 && all[len(all)-1][1] != usual {
			modes = append(modes, mode)
		}
	}
	return modes
}

// What runs, its log, and how it is steered.
func TestUI(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper print hello then wait\nworker: helper print working then wait", "-m", "worker=2")
	x := openUI(t, dir)
	x.sees(`● web\.1(.|\n)*● worker\.1(.|\n)*● worker\.2`)
	x.sees(`web\.1    \| hello`)
	x.enter("j")
	x.sees(`web\.1  running, pid \d+`)
	x.enter("r")
	x.sees(`^web\.1 restarted with pid \d+`)
	x.enter("s")
	x.sees(`■ web\.1`)
	x.sees(`^web\.1 stopped`)
	x.enter("S")
	x.sees(`● web\.1`)
	x.enter("\x1b[B+")
	x.sees(`● worker\.3`)
	x.enter("-")
	x.sees(`^worker\.3 stopped`)
	x.enter("?")
	x.sees(`Enter +attach`)
	x.enter("x")
	x.leavesUI()
	if ps := mustRun(t, dir, "ps"); strings.Count(ps, "running") != 3 {
		t.Errorf("not everything runs: %s", ps)
	}
}

// What a process writes appears as it was written, but moves nothing.
func TestUIShowsText(t *testing.T) {
	t.Parallel()
	dir := detached(t, `web: helper write '\x1b[2J\x1b[H\x1b[38;2;1;2;3mcolour\x1b[0m [x]\ttab \xff \x1b]0;title\x07end\n' then wait`)
	x := openUI(t, dir)
	x.enter("j")
	x.sees(`│colour \[x\]      tab \x{fffd} end`)
	if raw := x.raw(); !strings.Contains(raw, "\x1b[38;2;1;2;3mcolour") || strings.Contains(raw, "title") {
		t.Errorf("it draws %q", raw)
	}
	x.leavesUI()
}

// Attaching leaves the screen, and leaving comes back to it.
func TestUIAttach(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper chat\nworker: helper wait-for go then exit 3", "--can-die", "worker")
	x := openUI(t, dir)
	x.sees(`● web\.1`)
	x.enter("j\r")
	x.await(`attached to web\.1`)
	x.await(`> $`)
	x.enter("hello\r")
	x.await(`heard "hello"`)
	x.enter(leave)
	x.sees(`│.*heard "hello"(.|\n)*\? keys`)
	x.enter("j\r")
	x.await(`attached to worker\.1`)
	x.touch("go")
	x.await(`worker\.1 has ended|exited with code 3`)
	x.enter(leave)
	x.sees(`✗ worker\.1`)
	x.leavesUI()
}

// A formation that ends is seen to the end, and the next one is found.
func TestUIAtTheEnd(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "web: helper print first then wait-for go then print last then exit 3")
	mustRun(t, dir, "start", "--detach")
	x := openUI(t, dir)
	x.sees(`web\.1 +\| first`)
	x.touch("go")
	x.sees(`web\.1 +\| last`)
	x.sees(`^the formation has ended at \S+, with exit code 3`)
	x.sees(`✗ web\.1`)
	if err := os.Remove(filepath.Join(dir, "go")); err != nil {
		t.Fatal(err)
	}
	mustRun(t, dir, "start", "--detach")
	x.sees(`^another formation runs now`)
	x.sees(`● web\.1`)
	x.enter("Qy")
	x.sees(`^the formation has ended at \S+, with exit code 0`)
	x.enter(" ")
	x.gone(0)
	x.usual()
}

// A formation that is killed or suspended cannot say so itself.
func TestUIOfDeadAndSuspended(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "web: helper wait")
	pid := number(regexp.MustCompile(`pid (\d+)`).FindStringSubmatch(mustRun(t, dir, "start", "--detach"))[1])
	x := openUI(t, dir)
	x.sees(`● web\.1`)
	mustKill := func(sig syscall.Signal) {
		if err := syscall.Kill(pid, sig); err != nil {
			t.Fatal(err)
		}
	}
	mustKill(syscall.SIGSTOP)
	x.enter("jr")
	x.sees(fmt.Sprintf(`^reeve is suspended \(pid %d\)`, pid))
	mustKill(syscall.SIGCONT)
	x.sees(`^web\.1 restarted`)
	mustKill(syscall.SIGKILL)
	x.sees(`^the formation has ended, and nobody knows how: reeve was killed`)
	x.enter("q")
	x.gone(0)
}

// Selected lines are copied by the terminal.
func TestUICopy(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper print one then print two then print three then wait")
	x := openUI(t, dir)
	x.enter("j")
	x.sees(`│three`)
	x.enter("Vky")
	x.sees(`^copied 2 lines, 9 bytes`)
	if want := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte("two\nthree")) + "\a"; !strings.Contains(x.raw(), want) {
		t.Errorf("no %q in %q", want, x.raw())
	}
	x.leavesUI()
}

// The log is shown in $PAGER, which may fail.
func TestUIPager(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper print one then print two then wait")
	x := openUI(t, dir, "PAGER=cat; echo the pager; read line < /dev/tty")
	x.enter("j")
	x.sees(`│two`)
	x.enter("v")
	x.await(`one\r\ntwo\r\nthe pager`)
	x.enter("\r")
	x.sees(`│two(.|\n)*\? keys`)
	x.leavesUI()
	y := openUI(t, dir, "PAGER=no-such-pager")
	y.sees(`\| two`)
	y.enter("v")
	y.sees(`^\$PAGER \(no-such-pager\) has failed: .*not found`)
	y.leavesUI()
}

// Signals leave the terminal as it was, and so does its end.
func TestUISignals(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper wait")
	for sig, code := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGHUP: 129, syscall.SIGINT: 130} {
		x := openUI(t, dir)
		x.sees(`● web\.1`)
		x.enter("m")
		x.sees(`^the mouse chooses`)
		x.signal(sig)
		x.gone(code)
		x.usual()
	}
	x := openUI(t, dir)
	x.sees(`● web\.1`)
	x.signal(syscall.SIGKILL)
	if within(patience, func() any {
		return someOr(missing(regexp.MustCompile(`\x1b\[\?1047l`), x.raw()))
	}) != nil {
		t.Error("nobody has left the screen of one that was killed")
	}
}

// Ctrl-Z gives the terminal back to the shell, and fg comes back to the screen.
func TestUISuspend(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper print hello then wait")
	y := anotherTerminal(t, dir, nil, "sh", "-c", "set -m; reeve ui; echo stopped; read line; fg > /dev/null; echo left with $?")
	t.Cleanup(func() { _ = newCommand(dir, "reeve", "quit").Run() }) // before the terminal is closed
	x := &uiTerminal{y}
	x.sees(`all 1/1(.|\n)*\| hello`)
	x.press(ctrlZ)
	x.await(`stopped\r\n`)
	x.usual()
	x.enter("\n")
	x.sees(`all 1/1(.|\n)*\| hello(.|\n)*\? keys`)
	x.enter("q")
	x.await(`left with 0`)
	x.gone(0)
	alone := openUI(t, dir)
	alone.press(ctrlZ)
	alone.sees(`there is no shell to go back to`)
	alone.leavesUI()
}

// Every size has its screen.
func TestUISize(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper print hello then wait")
	x := openUI(t, dir)
	x.sees(`\| hello`)
	for _, size := range []struct{ rows, columns uint16 }{{10, 40}, {50, 132}, {3, 7}, {24, 80}} {
		x.resize(size.rows, size.columns)
		if size.columns > 20 {
			x.sees(`● web\.1(.|\n)*\? keys`)
		}
	}
	x.sees(`\| hello`)
	x.leavesUI()
}

// Without colours there are shapes and bold.
func TestUIWithoutColors(t *testing.T) {
	t.Parallel()
	dir := detached(t, `web: helper write '\x1b[1;31mred\x1b[0m\n' then wait`)
	x := openUI(t, dir, "NO_COLOR=1")
	x.sees(`● web\.1(.|\n)*\| red|\| red(.|\n)*● web\.1|red`)
	if raw := x.raw(); regexp.MustCompile(`\x1b\[[0-9;]*3[0-7]m`).MatchString(strings.ReplaceAll(raw, "\x1b[39m", "")) || !strings.Contains(raw, "\x1b[1mred") {
		t.Errorf("it draws %q", raw)
	}
	x.leavesUI()
}

// Where it cannot draw, it says what else helps.
func TestUIWithoutScreen(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper wait")
	x := anotherTerminal(t, dir, []string{"TERM=dumb"}, "reeve", "ui")
	t.Cleanup(func() { _ = newCommand(dir, "reeve", "quit").Run() }) // before the terminal is closed
	x.await(`^reeve: ui cannot draw on a terminal that is dumb \(TERM=dumb\): reeve logs -f follows`)
	x.gone(2)
	for _, test := range []struct{ args, want string }{
		{"ui", "reeve: ui needs a terminal: reeve logs -f follows the log, and reeve ps --watch the instances"},
		{"ui web", "reeve: ui takes no arguments: reeve logs -f web follows the log of one"},
	} {
		out, err := newCommand(dir, "reeve", strings.Fields(test.args)...).CombinedOutput()
		if err == nil || err.Error() != "exit status 2" || strings.TrimSpace(string(out)) != test.want {
			t.Errorf("%s says %q, %v", test.args, out, err)
		}
	}
	empty := anotherTerminal(t, newApp(t, "web: helper wait"), nil, "reeve", "ui")
	empty.await(`^reeve: no formation is running here`)
	empty.gone(1)
}

// A flood keeps no key waiting, and pushes nobody's lines out.
func TestUIFlood(t *testing.T) {
	t.Parallel()
	dir := detached(t, "web: helper print the error then wait\nworker: helper flood")
	x := openUI(t, dir)
	x.sees(`worker\.1 \| `)
	x.enter("?")
	x.sees(`Enter +attach`)
	x.enter("x/the error\r")
	x.sees(`/the error \(1 of 1\)(.|\n)*web\.1 +\| the error`)
	x.leavesUI()
}
