//go:build unix

package supervisor

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Init runs the command and stays: it forwards signals, reaps every orphan, and ends
// when the command does, as an init for a container whose one process is not made to
// be PID 1. What the command leaves behind is killed.
//
// Apart from that nobody shall notice it. The command is a process group, as a job of
// a shell is, and has the terminal's foreground where reeve has it: the terminal's
// keys reach the command and not reeve. When a key stops the command, reeve stops too,
// so that the shell that waits for reeve goes on; and both continue together.
func Init(c *Command) Status {
	adoptOrphans()
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, toForward()...)
	tty := openTerminal()
	pid, err := spawnJob(c)
	if err != nil {
		return Status{Code: StartCode(err), Err: err}
	}
	// Only now, since the command would inherit it. A process in the background may
	// change the foreground if it ignores this.
	signal.Ignore(syscall.SIGTTOU)
	tty.pass(tty.own, pid)
	j := &job{pid: pid, tty: tty}
	for sig := range signals {
		switch sig {
		case syscall.SIGCHLD:
			if status, ended := j.reap(); ended {
				j.close()
				return status
			}
		case syscall.SIGCONT:
			j.resume()
		case syscall.SIGURG: // Go's own, to preempt goroutines
		default:
			_ = syscall.Kill(-pid, sig.(syscall.Signal))
		}
	}
	return Status{}
}

// toForward lists all signals, but for those that were ignored when reeve started and
// that the command shall ignore as well (nohup), and those that stop reeve: of these
// Go could not restore the default action.
func toForward() []os.Signal {
	var all []os.Signal
	for n := syscall.Signal(1); n <= 64; n++ {
		switch n {
		case syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU:
			continue
		}
		if !signal.Ignored(n) {
			all = append(all, n)
		}
	}
	return all
}

// spawnJob begins a command in a process group of its own.
func spawnJob(c *Command) (pid int, err error) {
	program, err := c.LookPath()
	if err != nil {
		return 0, err
	}
	return start(program, c, &syscall.SysProcAttr{Setpgid: true})
}

// stopTakes is more than it takes to stop a process that has a signal.
const stopTakes = 50 * time.Millisecond

// job is the one command that [Init] runs.
type job struct {
	pid int // and its process group
	tty controllingTerminal
}

// reap collects everything that has ended, and says whether the command has.
func (j *job) reap() (status Status, ended bool) {
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, syscall.WNOHANG|syscall.WUNTRACED, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil || pid <= 0:
			return status, ended
		case pid != j.pid:
		case ws.Stopped():
			j.stopped(ws.StopSignal())
		default:
			status, ended = statusOf(ws), true
		}
	}
}

// stopped does what the terminal's driver and a shell do for a job that is stopped:
// reeve's own group stops with it, and the terminal is the shell's. A SIGSTOP that
// comes from elsewhere is none of reeve's business.
func (j *job) stopped(sig syscall.Signal) {
	front := j.tty.foreground()
	wantsTerminal := sig == syscall.SIGTTIN || sig == syscall.SIGTTOU
	switch {
	case front < 0, sig == syscall.SIGSTOP && front != j.pid:
		return
	case wantsTerminal && (front == j.pid || front == j.tty.own):
		// It asked for the terminal before it had it.
	case os.Getpid() == 1:
		if sig == syscall.SIGSTOP {
			return
		}
		// Nobody is there who could continue it later.
	default:
		j.tty.pass(j.pid, j.tty.own)
		// The kernel drops it where there is no shell that could continue reeve. It may
		// take effect in another thread and so a little later, but then time goes on
		// only when reeve does.
		_ = syscall.Kill(0, syscall.SIGTSTP)
		time.Sleep(stopTakes)
	}
	j.resume()
}

// resume continues the command, in the foreground if reeve is there.
func (j *job) resume() {
	j.tty.pass(j.tty.own, j.pid)
	_ = syscall.Kill(-j.pid, syscall.SIGCONT)
}

// close kills what the command has left behind and takes the terminal back.
func (j *job) close() {
	p := &Processes{foreground: true}
	p.Close()
	j.tty.pass(j.pid, j.tty.own)
	if front := j.tty.foreground(); front > 0 && errors.Is(syscall.Kill(-front, 0), syscall.ESRCH) {
		j.tty.pass(front, j.tty.own) // a job of a command that is a shell
	}
}

// controllingTerminal is the terminal that reeve can be stopped from, if it has one.
type controllingTerminal struct {
	fd  int // -1: none
	own int // reeve's process group
}

// openTerminal finds it, even where no standard descriptor is that terminal.
func openTerminal() controllingTerminal {
	t := controllingTerminal{own: unix.Getpgrp()}
	var err error
	if t.fd, err = unix.Open("/dev/tty", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0); err != nil {
		t.fd = 0 // an image may have no /dev/tty
		if t.foreground() < 0 {
			t.fd = -1
		}
	}
	return t
}

// foreground gives the process group in the foreground, or -1.
func (t controllingTerminal) foreground() int {
	group, err := unix.IoctlGetInt(t.fd, unix.TIOCGPGRP)
	if err != nil {
		return -1
	}
	return group
}

// pass gives the foreground to a process group, if another one has it.
func (t controllingTerminal) pass(from, to int) {
	if t.foreground() == from {
		_ = unix.IoctlSetPointerInt(t.fd, unix.TIOCSPGRP, to)
	}
}
