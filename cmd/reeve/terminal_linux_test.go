package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// The terminal is left as it was, however reeve ends.
func TestTerminalAttributes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		end  func(x *tty)
	}{
		{"by itself", func(x *tty) { x.touch("go"); x.ends(0) }},
		{"by Ctrl-C", func(x *tty) { x.press(ctrlC); x.ends(0) }},
		{"by SIGKILL", func(x *tty) { x.signal(syscall.SIGKILL); <-x.done }},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := inTerminal(t, "web: helper print ready then wait-for go")
			x.await("ready")
			test.end(x)
			x.awaitAttributes(func() bool { return attributes(t, x.slave) == usualAttributes(t) })
		})
	}
}

// usualAttributes are those of a terminal that nobody has used.
func usualAttributes(t *testing.T) unix.Termios {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	return attributes(t, slave)
}

func attributes(t *testing.T, f *os.File) unix.Termios {
	t.Helper()
	a, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *a
}

// As PID 1 reeve reaps every orphan, needs no guardian, and takes everything along.
func TestPID1(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "web: helper daemon daemon then pid inner then print ready then block")
	cmd := asPID1(t, dir, "reeve", "start", "--no-timestamp")
	out, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	text := func() string {
		text, _ := os.ReadFile(out.Name())
		return string(text)
	}
	if within(patience, func() any {
		if strings.Contains(text(), "ready") {
			return nil
		}
		return "not ready"
	}) != nil {
		t.Fatalf("it is not ready: %q", text())
	}
	children := childrenOf(cmd.Process.Pid)
	if len(children) != 1 {
		t.Fatalf("unshare has the children %v", children)
	}
	reeve := children[0]
	// The leader and the daemon; the process that started the daemon is reaped.
	left := within(patience, func() any {
		if len(childrenOf(reeve)) == 2 {
			return nil
		}
		return childrenOf(reeve)
	})
	if left != nil {
		t.Errorf("reeve has the children %v, want the leader and the daemon: %q", left, text())
	}
	if err := syscall.Kill(reeve, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	mustLeaveNothing(t, dir)
	if code := exitCodeOf(cmd.ProcessState); code != 0 {
		t.Errorf("exit code %d: %q", code, text())
	}
}

// As PID 1 its exit code is the same.
func TestPID1ExitCode(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "web: helper grandchild other then exit 7")
	out, _ := asPID1(t, dir, "reeve", "start").CombinedOutput()
	cmd := asPID1(t, dir, "reeve", "start")
	_ = cmd.Run()
	mustLeaveNothing(t, dir)
	if code := exitCodeOf(cmd.ProcessState); code != 7 {
		t.Errorf("exit code %d: %q", code, out)
	}
}

// asPID1 is a command that is the first process of a PID namespace, as in a container.
func asPID1(t *testing.T, dir, program string, args ...string) *exec.Cmd {
	t.Helper()
	unshare := []string{"--pid", "--fork", "--mount-proc", "--kill-child"}
	if os.Geteuid() != 0 {
		unshare = append([]string{"--user", "--map-root-user"}, unshare...)
	}
	if err := exec.Command("unshare", append(unshare, "true")...).Run(); err != nil {
		t.Skip("no PID namespaces here:", err)
	}
	return newCommand(dir, "unshare", slices.Concat(unshare, []string{program}, args)...)
}

// childrenOf lists a process's children.
func childrenOf(parent int) (children []int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		stat, err := os.ReadFile(filepath.Join(dir, "stat"))
		if err != nil {
			continue
		}
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+2:])
		if number(string(fields[1])) == parent {
			children = append(children, number(filepath.Base(dir)))
		}
	}
	return children
}

// At no moment of a start does a SIGTERM leave anything behind, be it before reeve
// knows what to do with it, in the middle, or afterwards.
func TestStopWhileStarting(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "web: helper wait\nworker: true && helper daemon $PS\nclock: helper block\n")
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for range 30 {
		delay := time.Duration(random.Int64N(int64(30 * time.Millisecond)))
		cmd := newCommand(dir, "reeve", "start", "-m", "all=2")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(delay)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		err := cmd.Wait()
		code := exitCodeOf(cmd.ProcessState)
		if code != 0 { // it did not hear that: the guardian sees to the rest
			within(patience, func() any { return someOr(processesOf(dir)) })
		}
		mustLeaveNothing(t, dir)
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) || code != 0 && code != 128+int(syscall.SIGTERM) {
			t.Errorf("exit code %d", code)
		}
		if t.Failed() {
			t.Fatalf("after %v, seed %d", delay, seed)
		}
	}
}
