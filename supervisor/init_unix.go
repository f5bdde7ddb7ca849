//go:build unix

package supervisor

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"reeve/supervisor/terminal"
)

// Init runs the command and stays: it forwards signals, reaps every orphan, and ends
// when the command does, as an init for a container whose one process is not made to
// be PID 1. What the command leaves behind is stopped, as the spec says: it says nothing else
// here.
//
// Apart from that nobody should notice it. The command is a process group, as a job of
// a shell is, and has the terminal's foreground where reeve has it: the terminal's
// keys reach the command and not reeve. When a key stops the command, reeve stops too,
// so that the shell that waits for reeve goes on; and both continue together.
//
// If reeve is killed meanwhile, the guardian stops the command. Nil: nobody does.
func Init(c *Command, s Spec, signals chan os.Signal, g *Guardian) Status {
	adoptOrphans()
	heedIgnored()
	signal.Notify(signals, toForward()...)
	tty := openTerminal()
	pid, err := spawnJob(c)
	if err != nil {
		g.Close()
		return Status{Code: StartCode(err), Err: err}
	}
	// Only now, since the command would inherit it. A process in the background may
	// change the foreground if it ignores this.
	signal.Ignore(syscall.SIGTTOU)
	tty.pass(tty.own, pid)
	j := &job{pid: pid, tty: tty, signals: signals, spec: s, processes: Processes{foreground: true, Recheck: signals, Guardian: g}}
	if g != nil {
		j.processes.Formation = g.formation
	}
	j.run = j.processes.adopt(pid, s)
	hearHangup(c.Files, signals)
	status := j.wait()
	j.windDown()
	j.close()
	return status
}

// toForward lists all signals, but for SIGHUP if that was ignored when reeve started
// (nohup), and those that stop reeve where Go could not restore the default action.
func toForward() []os.Signal {
	var all []os.Signal
	for n := syscall.Signal(1); n <= 64; n++ {
		switch {
		case n == syscall.SIGTTIN, n == syscall.SIGTTOU, n == sigTSTP && !forwardsTSTP:
		case n == syscall.SIGHUP && signal.Ignored(n):
		default:
			all = append(all, n)
		}
	}
	return all
}

// hearHangup makes a terminal that is gone count as SIGHUP where nobody else would say so: it
// is another session's, as under su, which keeps the signal to itself.
func hearHangup(files [3]*os.File, signals chan<- os.Signal) {
	if signal.Ignored(syscall.SIGHUP) {
		return
	}
	for _, f := range files {
		if terminal.IsForeign(int(f.Fd())) {
			terminal.AwaitHangup(int(f.Fd()), func() { signals <- syscall.SIGHUP })
			return
		}
	}
}

// heedIgnored makes the default action that of all signals that were ignored when reeve
// started, so that the command begins with it, as the processes of a formation do. Only
// SIGHUP stays as it is: whoever runs a command with nohup means the command.
func heedIgnored() {
	nohup := signal.Ignored(syscall.SIGHUP)
	stopIgnoring()
	if nohup {
		signal.Ignore(syscall.SIGHUP)
	}
}

// job is the one command that [Init] runs.
type job struct {
	pid       int // and its process group
	tty       controllingTerminal
	signals   <-chan os.Signal
	spec      Spec
	processes Processes // which know one run
	run       *run

	stop      syscall.Signal   // that asked the command to stop last
	asked     time.Time        // when that was
	rest      <-chan time.Time // when what it has started is asked as well; nil: never
	suspended bool             // a SIGTSTP has come, and no SIGCONT since
	suspends  <-chan time.Time // when it takes effect; nil: it has
	continued time.Time        // when a SIGCONT came last
}

// wait forwards signals until the command ends.
func (j *job) wait() Status {
	for {
		select {
		case sig := <-j.signals:
			if status, ended := j.take(sig.(syscall.Signal)); ended {
				return status
			}
		case <-j.rest:
			j.rest = nil
			j.processes.Ask([]int{j.pid})
		case <-j.suspends:
			j.suspends = nil
			if status, ended := j.suspend(); ended {
				return status
			}
		}
	}
}

// take does what a signal to reeve asks for, and reports whether the command has ended. A SIGTSTP
// that has come together with a SIGCONT is dropped, as [Supervisor.dropSwapped] does.
func (j *job) take(sig syscall.Signal) (status Status, ended bool) {
	if sig == syscall.SIGCHLD {
		return j.reap()
	}
	j.forward(sig)
	if sig == sigCONT {
		settle()
		return j.takeAll(sigTSTP)
	}
	return status, false
}

// takeAll does so with the signals that have come, but for one kind.
func (j *job) takeAll(but syscall.Signal) (status Status, ended bool) {
	for len(j.signals) > 0 && !ended {
		if sig := (<-j.signals).(syscall.Signal); sig != but {
			status, ended = j.take(sig)
		}
	}
	return status, ended
}

// forward does with a signal to reeve what the command would have done. One that asks it to
// stop keeps the rule for all stops: the first process, and then the rest. It is the
// command that decides when to end.
func (j *job) forward(sig syscall.Signal) {
	switch {
	case sig == syscall.SIGURG: // Go's own, to preempt goroutines
	case sig == sigTSTP:
		if time.Since(j.continued) >= swappedWithin {
			_ = syscall.Kill(-j.pid, sig)
			j.suspended, j.suspends = true, time.After(suspendAfter)
		}
	case sig == sigCONT:
		j.suspended, j.suspends = false, nil
		j.resume()
		j.continued = time.Now()
	case !AsksToStop(sig):
		_ = syscall.Kill(j.pid, sig)
	case sig != j.stop || time.Since(j.asked) >= EchoWithin:
		j.stop, j.asked = sig, time.Now()
		j.rest = time.After(j.spec.Grace / 2)
		j.run.Stop, j.run.asked = sig, nil
		j.run.askFirst()
	}
}

// suspend stops the command and reeve, as SIGTSTP stops a formation.
func (j *job) suspend() (status Status, ended bool) {
	_ = syscall.Kill(-j.pid, sigSTOP) // it may take no notice of SIGTSTP
	j.tty.pass(j.pid, j.tty.own)
	stopSelf(func() bool {
		status, ended = j.takeAll(0)
		return j.suspended && !ended
	})
	return status, ended
}

// windDown stops what the command has left behind: everything is asked, and killed when the
// grace period is over or somebody insists.
func (j *job) windDown() {
	runs := []int{j.pid}
	j.run.Stop, j.run.asked = j.spec.Stop, nil
	j.processes.Ask(runs)
	grace := time.After(j.spec.Grace)
	for {
		gone, _ := j.processes.Gone(runs)
		if len(gone) > 0 {
			return
		}
		j.tty.pass(j.pid, j.tty.own) // whose Ctrl-C is for reeve now
		select {
		case sig := <-j.signals:
			if j.insists(sig.(syscall.Signal)) {
				j.processes.Kill(runs)
				return
			}
			j.processes.Reap()
		case <-grace:
			j.processes.Kill(runs)
			return
		}
	}
}

// insists reports whether somebody asks for the end a second time.
func (j *job) insists(sig syscall.Signal) bool {
	first := j.asked.IsZero()
	if !AsksToStop(sig) || !first && time.Since(j.asked) < EchoWithin {
		return false
	}
	j.asked = time.Now()
	return !first && isUrgent(sig)
}

// spawnJob begins a command in a process group of its own.
func spawnJob(c *Command) (pid int, err error) {
	program, err := c.LookPath()
	if err != nil {
		return 0, err
	}
	return start(program, c, &syscall.SysProcAttr{Setpgid: true})
}

// reap collects everything that has ended, and reports whether the command has.
func (j *job) reap() (status Status, ended bool) {
	defer j.processes.guard()
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, syscall.WNOHANG|syscall.WUNTRACED, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil || pid <= 0:
			return status, ended
		case pid != j.pid:
			if !ws.Stopped() {
				j.processes.Guardian.reaped(pid)
			}
		case ws.Stopped():
			j.stopped(ws.StopSignal())
		default:
			status, ended = statusOf(ws), true
			j.processes.behead(j.pid)
		}
	}
}

// stopped does what the terminal's driver and a shell do for a job that is stopped:
// reeve's own group stops with it, and the terminal is the shell's. A SIGSTOP that
// comes from elsewhere does not concern reeve.
func (j *job) stopped(sig syscall.Signal) {
	front := j.tty.foreground()
	wantsTerminal := sig == syscall.SIGTTIN || sig == syscall.SIGTTOU
	switch {
	case j.suspends != nil: // it was asked to, and reeve stops in a moment
		return
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
		stopOwnGroup()
	}
	j.resume()
}

// resume continues the command, in the foreground if reeve is there.
func (j *job) resume() {
	j.tty.pass(j.tty.own, j.pid)
	_ = syscall.Kill(-j.pid, syscall.SIGCONT)
}

// close kills what is left even so, and takes the terminal back.
func (j *job) close() {
	clear(j.processes.headless)
	j.processes.Close()
	j.tty.pass(j.pid, j.tty.own)
	if front := j.tty.foreground(); front > 0 && errors.Is(syscall.Kill(-front, 0), syscall.ESRCH) {
		j.tty.pass(front, j.tty.own) // a job of a command that is a shell
	}
}
