package supervisor

import (
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Processes is the [System] of Windows. A run is a job object: the leader and everything that it has
// started, and it ends with the last of them. There are no signals: Ctrl-Break asks to stop, and ending
// the job is what SIGKILL is elsewhere. Like the supervisor it belongs to one goroutine.
type Processes struct {
	// Begin starts a run's leader, with [Spawn].
	Begin func(Spec) (pid int, err error)
	// StopWith starts the command that asks the run of a leader to stop, with [Spawn].
	StopWith func(s Spec, leader int) (pid int, err error)
	// Formation marks the environment of every process of this formation, see [Marker].
	Formation string
	// Recheck is sent to when something has ended.
	Recheck chan<- os.Signal
	// Guardian is not needed: the jobs end with reeve.
	Guardian *Guardian
	// Report is told what the supervisor cannot know. Nil: nobody.
	Report func(Report)

	runs     map[int]*run   // by their leaders' pids
	stoppers map[int]*run   // the runs that commands ask to stop, by the pids of these
	exits    chan ended     // of leaders and such commands
	port     windows.Handle // is told of ends in jobs
}

// run is what has been done to one run.
type run struct {
	Spec
	*child
	headless  bool      // its leader has been waited for
	asked     bool      // it has had its Ctrl-Break
	killed    bool      // its job was ended
	alone     time.Time // since when nothing but the leader is left of a run that was asked
	stopper   *child    // the command that asks it to stop; nil: none runs
	byCommand bool      // it is up to the command to stop it
}

// ended is the end of a process that reeve has started.
type ended struct {
	pid  int
	code uint32
}

// Start begins a run.
func (p *Processes) Start(s Spec) (int, error) {
	pid, err := p.Begin(s)
	if err != nil {
		return 0, err
	}
	if p.runs == nil {
		p.begin()
	}
	r := &run{Spec: s, child: childOf(pid)}
	p.runs[pid] = r
	_ = r.job.tell(p.port)
	p.await(r.child)
	return pid, nil
}

func (p *Processes) begin() {
	p.runs, p.stoppers = map[int]*run{}, map[int]*run{}
	p.exits = make(chan ended, 1024)
	p.port, _ = windows.CreateIoCompletionPort(windows.InvalidHandle, 0, 0, 1)
	go hear(p.port, p.wake)
}

// await waits for the end of a child, in a goroutine of its own.
func (p *Processes) await(c *child) {
	exits, wake := p.exits, p.wake
	go func() {
		exits <- ended{c.pid, c.wait()}
		wake()
	}()
}

// wake has the loop look at what has ended.
func (p *Processes) wake() {
	select {
	case p.Recheck <- os.Interrupt:
	default: // it is about to look
	}
}

// hear wakes the loop when a process in a job has ended, until the port is closed.
func hear(port windows.Handle, wake func()) {
	// A message has a pid where other uses of a port have a pointer.
	var message uint32
	var key, pid uintptr
	for {
		ok, _, _ := procQueuedCompletion.Call(uintptr(port), uintptr(unsafe.Pointer(&message)),
			uintptr(unsafe.Pointer(&key)), uintptr(unsafe.Pointer(&pid)), windows.INFINITE)
		if ok == 0 {
			return
		}
		wake()
	}
}

// Reap collects the leaders that have ended since the last call.
func (p *Processes) Reap() (exits []Exit) {
	for {
		select {
		case e := <-p.exits:
			if r := p.runs[e.pid]; r != nil {
				r.headless = true
				_ = windows.CloseHandle(r.process)
				exits = append(exits, Exit{Pid: e.pid, Status: r.status(e.code)})
			} else {
				p.stopperEnded(e)
			}
		default:
			p.endWrappers()
			return exits
		}
	}
}

// status is what the leader's exit code says.
func (r *run) status(code uint32) Status {
	switch {
	case r.killed && code == killedExit:
		return Status{Signal: syscall.SIGKILL}
	case (r.asked || r.byCommand) && code == uint32(windows.STATUS_CONTROL_C_EXIT):
		return Status{Signal: r.stopSignal()}
	}
	return Status{Code: int(code)}
}

// stopSignal is what Ctrl-Break stands for.
func (r *run) stopSignal() syscall.Signal {
	if r.Stop == 0 {
		return syscall.SIGTERM
	}
	return r.Stop
}

// Kill ends the jobs of the runs.
func (p *Processes) Kill(runs []int) (met []int) {
	for _, pid := range runs {
		r := p.runs[pid]
		if r == nil {
			continue
		}
		leader := 1
		if r.headless {
			leader = 0
		}
		if r.job.active() > leader {
			met = append(met, pid)
		}
		r.killed = true
		r.job.terminate()
		if r.stopper != nil {
			r.stopper.job.terminate()
		}
	}
	return met
}

// Signal does nothing: there are no signals.
func (p *Processes) Signal(syscall.Signal, []int) {}

// Forward does nothing.
func (p *Processes) Forward(syscall.Signal, []int) {}

// Gone finds the runs whose jobs are empty. A run is asked to stop as a whole, so there is never
// one of which only the rest is left that was not asked.
func (p *Processes) Gone(runs []int) (gone, bereft []int) {
	for _, pid := range runs {
		r := p.runs[pid]
		switch {
		case r == nil:
			gone = append(gone, pid)
		case r.stopper == nil && r.job.active() == 0:
			r.forget()
			delete(p.runs, pid)
			gone = append(gone, pid)
		case r.headless:
			bereft = append(bereft, pid)
		}
	}
	return gone, bereft
}

// Left names the processes of the runs that still live.
func (p *Processes) Left(runs []int) map[int][]Process {
	left := map[int][]Process{}
	for _, pid := range runs {
		if r := p.runs[pid]; r != nil {
			for _, member := range r.job.members() {
				left[pid] = append(left[pid], Process{Pid: member, Name: programOf(member)})
			}
		}
	}
	return left
}

// Settle does nothing.
func (p *Processes) Settle() {}

// Suspend does nothing: there is nothing like Ctrl-Z.
func (p *Processes) Suspend(func() bool) {}

// Resume does nothing.
func (p *Processes) Resume() {}

// Dismiss does nothing.
func (p *Processes) Dismiss() {}

// Close ends what is left, which is nothing but helpers.
func (p *Processes) Close() {
	if whole, err := formationJob(); err == nil {
		whole.terminate()
	}
}

// AddHelper makes a goroutine tell of the end of a process that [Spawn] has started. What it leaves
// behind ends with it.
func (p *Processes) AddHelper(pid int, ended chan<- Status) {
	c := childOf(pid)
	go func() {
		code := c.wait()
		_ = windows.CloseHandle(c.process)
		c.forget()
		ended <- Status{Code: int(code)}
	}()
}

// KillHelper ends a helper that takes too long.
func (p *Processes) KillHelper(pid int) {
	if c := childOf(pid); c != nil {
		c.job.terminate()
	}
}
