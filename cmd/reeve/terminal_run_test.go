//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A one-off has the terminal as if it had been typed there, with and without --init.
var waysToRun = [][]string{{"reeve", "run"}, {"reeve", "run", "--init"}}

const anyProcfile = "web: helper wait\n"

func forEachWay(t *testing.T, test func(t *testing.T, run []string)) {
	t.Parallel()
	for _, run := range waysToRun {
		t.Run(strings.Join(run, " "), func(t *testing.T) { test(t, run) })
	}
}

// The command is the process that was started, unless --init has to stay.
func TestRunReplacesItself(t *testing.T) {
	forEachWay(t, func(t *testing.T, run []string) {
		x := programInTerminal(t, nil, anyProcfile, append(run, "helper", "pid", "pid", "then", "tty", "then", "wait")...)
		x.await(`stdin is a terminal\r\nstdout is a terminal\r\nstderr is a terminal\r\n`)
		if same := x.pid("pid") == x.cmd.Process.Pid; same != (len(run) == 2) {
			t.Errorf("the command is the process that was started: %v", same)
		}
		x.press(ctrlC)
		x.ends(0)
	})
}

// Ctrl-C reaches the command, and once.
func TestRunCtrlC(t *testing.T) {
	forEachWay(t, func(t *testing.T, run []string) {
		x := programInTerminal(t, nil, anyProcfile, append(run, "helper", "print", "ready", "then", "signals", "then", "exit", "3")...)
		x.await(`ready\r\n`)
		x.press(ctrlC)
		x.ends(3)
		if n := x.count(`got SIGINT\r\n`); n != 1 {
			t.Errorf("it got SIGINT %d times: %q", n, x.text())
		}
	})
}

// What is typed reaches the command, which asks for it as soon as it runs.
func TestRunReadsTerminal(t *testing.T) {
	forEachWay(t, func(t *testing.T, run []string) {
		x := programInTerminal(t, nil, anyProcfile, append(run, "helper", "prompt", "name?")...)
		x.enter("Odo\n")
		x.await(`answer: Odo\r\n`)
		x.ends(0)
	})
}

// Under a shell Ctrl-Z gives the shell back, fg continues the command in the foreground
// and bg in the background, and in the end the terminal is the shell's.
func TestRunJobControl(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("only /proc tells what is stopped")
	}
	forEachWay(t, func(t *testing.T, run []string) {
		for _, shell := range [][]string{{"dash"}, {"bash", "--norc", "--noprofile"}} {
			t.Run(shell[0], func(t *testing.T) {
				if _, err := exec.LookPath(shell[0]); err != nil {
					t.Skip(err)
				}
				x := programInTerminal(t, []string{"PS1=ask> ", "TERM=dumb"}, anyProcfile, append(shell, "-i")...)
				x.await(`ask> $`)
				x.enter(strings.Join(run, " ") + " helper pid pid then print ready then signals then exit 3\n")
				x.await(`^ready\r\n`)
				x.awaitForeground(func(front int) bool { group, _ := unix.Getpgid(x.pid("pid")); return front == group })
				x.press(ctrlZ)
				x.await(`Stopped`)
				x.awaitStates([]int{x.pid("pid")}, "T")
				x.enter("bg\n")
				x.await(`got SIGCONT\r\n`)
				x.enter("echo lives $((40+2))\n")
				x.await(`lives 42\r\n`)
				x.enter("fg\n")
				x.awaitForeground(func(front int) bool { return front != x.cmd.Process.Pid })
				x.press(ctrlC)
				x.await(`got SIGINT\r\n`)
				x.await(`ask> $`)
				x.enter("echo was $?\n")
				x.await(`was 3\r\n`)
				x.enter("exit 0\n")
				x.ends(0)
			})
		}
	})
}

// A script that has no job control can read on afterwards, however the command ended.
func TestRunGivesTerminalBack(t *testing.T) {
	forEachWay(t, func(t *testing.T, run []string) {
		for _, end := range []string{"exit 3", "raise KILL"} {
			script := strings.Join(run, " ") + " helper " + end + `; read -r line; echo "read $line"`
			x := programInTerminal(t, nil, anyProcfile, "sh", "-c", script)
			x.enter("hello\n")
			x.await(`^read hello\r\n`)
			x.ends(0)
		}
	})
}

// A command that opens the terminal itself, as pagers do, has it too.
func TestRunInPipe(t *testing.T) {
	forEachWay(t, func(t *testing.T, run []string) {
		script := "echo piped | " + strings.Join(run, " ") + ` sh -c 'read -r a; read -r b </dev/tty; echo "$a and $b"'`
		x := programInTerminal(t, nil, anyProcfile, "sh", "-c", script)
		x.enter("typed\n")
		x.await(`^piped and typed\r\n`)
		x.ends(0)
	})
}

// In the background a command does not take the terminal from the shell.
func TestRunInBackground(t *testing.T) {
	forEachWay(t, func(t *testing.T, run []string) {
		x := programInTerminal(t, []string{"PS1=ask> "}, anyProcfile, "sh", "-i")
		x.await(`ask> $`)
		x.enter(strings.Join(run, " ") + " helper wait-for go then touch done &\n")
		for n := range 3 {
			x.enter(fmt.Sprintf("echo line $((%d+1))\n", n))
			x.await(fmt.Sprintf(`line %d\r\n`, n+1))
		}
		x.touch("go")
		x.enter("wait; echo over $?\n")
		x.await(`over 0\r\n`)
		x.enter("exit 0\n")
		x.ends(0)
	})
}

// awaitForeground waits until the right process group has the terminal.
func (x *tty) awaitForeground(right func(front int) bool) {
	x.t.Helper()
	if wrong := within(patience, func() any {
		front, err := unix.IoctlGetInt(int(x.master.Fd()), unix.TIOCGPGRP)
		if err == nil && right(front) {
			return nil
		}
		return fmt.Sprint(front, err)
	}); wrong != nil {
		x.t.Fatalf("the terminal belongs to %v: %q", wrong, x.text())
	}
}
