package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// As PID 1, reeve run --init is the init that the command is not: it reaps orphans,
// forwards signals and has the command's exit code.
func TestRunInitAsPID1(t *testing.T) {
	t.Parallel()
	dir := newApp(t, anyProcfile)
	cmd := asPID1(t, dir, "reeve", "run", "--init", "helper", "daemon", "daemon", "then", "print", "ready", "then", "signals", "then", "exit", "3")
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
	reeve := childrenOf(cmd.Process.Pid)[0]
	// The command and the daemon; the process that started the daemon is reaped.
	if left := within(patience, func() any {
		if len(childrenOf(reeve)) == 2 {
			return nil
		}
		return childrenOf(reeve)
	}); left != nil {
		t.Errorf("reeve has the children %v, want the command and the daemon: %q", left, text())
	}
	if err := syscall.Kill(reeve, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	mustLeaveNothing(t, dir)
	if code := exitCodeOf(cmd.ProcessState); code != 3 || strings.Count(text(), "got SIGTERM") != 1 {
		t.Errorf("exit code %d: %q", code, text())
	}
}

// Without --init the command itself is PID 1.
func TestRunAsPID1(t *testing.T) {
	t.Parallel()
	dir := newApp(t, anyProcfile)
	out, err := asPID1(t, dir, "reeve", "run", "helper", "pid", "pid", "then", "exit", "3").CombinedOutput()
	if pid, _ := os.ReadFile(filepath.Join(dir, "pid")); string(pid) != "1" {
		t.Errorf("its pid is %s: %v: %q", pid, err, out)
	}
}

// While it waits for a service, PID 1 ends when it is asked to, as anybody else.
func TestRunWaitsAsPID1(t *testing.T) {
	t.Parallel()
	dir := newApp(t, anyProcfile)
	cmd := asPID1(t, dir, "reeve", "run", "--wait-for", "X_URL", "helper", "touch", "started")
	cmd.Env = append(cmd.Env, "X_URL=unix:///no/such/socket")
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(errs).ReadString('\n')
	if err := syscall.Kill(childrenOf(cmd.Process.Pid)[0], syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := exitCodeOf(cmd.ProcessState); code != 143 || !strings.Contains(line, "waiting for X_URL") {
		t.Errorf("exit code %d: %q", code, line)
	}
}
