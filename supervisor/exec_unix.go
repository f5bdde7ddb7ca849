//go:build unix

package supervisor

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// Exec turns this process into the command (exec(2)), so that nothing stays in
// between: terminal, signals and exit code are the command's own. It returns only if
// that fails. Files must be the standard ones.
func Exec(c *Command) error {
	program, err := c.LookPath()
	if err != nil {
		return err
	}
	if err := os.Chdir(c.Dir); err != nil {
		return err
	}
	err = syscall.Exec(program, c.Args, c.Env)
	if errors.Is(err, syscall.ENOEXEC) {
		err = syscall.Exec("/bin/sh", append([]string{"sh", program}, c.Args[1:]...), c.Env)
	}
	return fmt.Errorf("%s: %w", c.Args[0], startError(err))
}

// Init runs the command and stays: it forwards signals, reaps every orphan, and ends
// when the command does, as an init for a container whose one process is not made to
// be PID 1. The command is in the foreground of the terminal, if there is one. What it
// leaves behind is killed.
func Init(c *Command) Status {
	Prepare()
	signals := make(chan os.Signal, 64)
	signal.Notify(signals)
	signal.Ignore(syscall.SIGTTOU, syscall.SIGTTIN) // to hand the terminal over
	pid, err := spawnInForeground(c)
	if err != nil {
		return Status{Code: StartCode(err), Err: err}
	}
	p := &Processes{live: map[int]*run{pid: {pid: pid}}, headless: map[int]*run{}, foreground: true}
	for sig := range signals {
		switch sig {
		case syscall.SIGCHLD:
			if exits := p.Reap(); len(exits) > 0 {
				clear(p.headless)
				p.Close()
				return exits[0].Status
			}
		case syscall.SIGURG: // Go's own, to preempt goroutines
		default:
			_ = syscall.Kill(-pid, sig.(syscall.Signal))
		}
	}
	return Status{}
}

// spawnInForeground begins a command in a process group of its own, which gets the
// terminal if standard input is one.
func spawnInForeground(c *Command) (pid int, err error) {
	program, err := c.LookPath()
	if err != nil {
		return 0, err
	}
	_, noTerminal := unix.IoctlGetInt(int(c.Files[0].Fd()), unix.TIOCGPGRP)
	return start(program, c, &syscall.SysProcAttr{Setpgid: true, Foreground: noTerminal == nil, Ctty: int(c.Files[0].Fd())})
}
