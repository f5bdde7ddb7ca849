//go:build unix

package supervisor

import (
	"errors"
	"iter"
	"os"
	"slices"
	"syscall"
	"time"
)

// Processes is the [System] of Unix. Like the supervisor it belongs to one goroutine.
type Processes struct {
	// Begin starts a run's leader, with [Spawn]: the one thing about a run that the
	// supervisor cannot know.
	Begin func(Spec) (pid int, err error)
	// StopWith starts the command that asks the run of a leader to stop, of those whose Spec has a
	// StopCommand, with [Spawn].
	StopWith func(s Spec, leader int) (pid int, err error)
	// Formation marks the environment of every process of this formation, see
	// [Marker].
	Formation string
	// Recheck is sent to when the end of a run cannot be had from SIGCHLD and has to
	// be looked for again: the supervisor's channel for SIGCHLD.
	Recheck chan<- os.Signal
	// Guardian is told of every run. Nil: nobody stops them if reeve is killed.
	Guardian *Guardian
	// Report is told what the supervisor cannot know. Nil: nobody.
	Report func(Report)

	live       map[int]*run // runs with a leader, by the leader's pid
	headless   map[int]*run // runs whose leader has been reaped
	helpers    map[int]chan<- Status
	stoppers   map[int]*run   // the runs that commands ask to stop, by the pids of these
	heirs      map[int]*run   // the runs in which orphans were asked in place of those that have left them
	childless  bool           // wait4 has said that there is no child at all
	foreground bool           // the one run is in reeve's own session
	fostered   map[int]uint64 // processes without a run that were reported: pid, and start time
}

// Start begins a run.
func (p *Processes) Start(s Spec) (int, error) {
	began := ticks()
	p.Guardian.expect(s)
	pid, err := p.Begin(s)
	if err != nil {
		return 0, err
	}
	if p.live == nil {
		p.live, p.headless = map[int]*run{}, map[int]*run{}
	}
	p.live[pid] = &run{Spec: s, pid: pid, began: began}
	p.guard()
	p.Guardian.add(pid, s)
	return pid, nil
}

// adopt takes a run in that somebody else has begun.
func (p *Processes) adopt(pid int, s Spec) *run {
	r := &run{Spec: s, pid: pid}
	p.live, p.headless = map[int]*run{pid: r}, map[int]*run{}
	p.Guardian.add(pid, s)
	return r
}

// behead records the end of a run's leader.
func (p *Processes) behead(pid int) {
	if r := p.live[pid]; r != nil {
		delete(p.live, pid)
		p.headless[pid] = r
		r.leaderHad = false
	}
}

// Reap collects everything that has ended: leaders, the guardian, and orphans that
// came to reeve. Nothing else in the program may wait for a child.
func (p *Processes) Reap() (exits []Exit) {
	defer p.guard()
	var stoppers []stopperEnded
	defer func() { p.endStoppers(stoppers) }()
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		p.childless = errors.Is(err, syscall.ECHILD)
		if err != nil || pid <= 0 {
			return exits
		}
		p.bequeath(pid, ws)
		if r := p.live[pid]; r != nil {
			p.behead(pid)
			exits = append(exits, Exit{Pid: pid, Status: statusOf(ws)})
		}
		if ended := p.helpers[pid]; ended != nil {
			// What it has left in its process group, whose number nobody else has until then.
			_ = syscall.Kill(-pid, syscall.SIGKILL)
			ended <- statusOf(ws)
			delete(p.helpers, pid)
		}
		if r := p.stoppers[pid]; r != nil {
			stoppers = append(stoppers, stopperEnded{r, pid, statusOf(ws)})
			delete(p.stoppers, pid)
			r.stopper = 0
		}
		p.Guardian.reaped(pid)
	}
}

// statusOf translates what wait4 says.
func statusOf(ws syscall.WaitStatus) Status {
	if ws.Signaled() {
		return Status{Signal: ws.Signal()}
	}
	return Status{Code: ws.ExitStatus()}
}

// AskFirst sends each run's stop signal to its first processes, or has a command ask it.
func (p *Processes) AskFirst(runs []int) {
	for _, pid := range runs {
		switch r := p.live[pid]; {
		case r == nil:
		case r.StopCommand:
			p.stopWith(r)
		default:
			r.askOwn()
		}
	}
}

// Ask sends each run's stop signal to whatever has not had it. What of a run is left
// without its leader gets it in Gone.
func (p *Processes) Ask(runs []int) {
	var live []int
	for _, pid := range runs {
		r := p.run(pid)
		switch {
		case r == nil:
			continue
		case r.byCommand && p.live[pid] != nil:
			r.restToo = true
			continue
		}
		r.last, r.spare = r.Stop, false
		if p.live[pid] != nil {
			live = append(live, pid)
		}
	}
	if len(live) == 0 {
		return
	}
	for pid, members := range p.members(live) {
		p.live[pid].deliver(members)
	}
}

// Kill sends SIGKILL to everything of the runs. The leaders' process groups get it at
// once, so that nobody forks away.
func (p *Processes) Kill(runs []int) (met []int) {
	members := p.members(runs)
	for _, pid := range runs {
		r := p.run(pid)
		if r == nil {
			continue
		}
		r.last, r.spare = syscall.SIGKILL, false
		if p.live[pid] != nil {
			// The leader is not reaped, so the group is its own for certain.
			_ = syscall.Kill(-pid, r.last)
		}
		killTree(pid)
		r.deliver(members[pid])
		if r.signalStopper(r.last) || slices.ContainsFunc(members[pid], func(m proc) bool { return m.pid > 0 && m.pid != pid }) {
			met = append(met, pid)
		}
	}
	return met
}

// Signal sends a signal to every process of the runs.
func (p *Processes) Signal(sig syscall.Signal, runs []int) {
	for _, members := range p.members(runs) {
		for _, m := range members {
			m.send(sig)
		}
	}
	for _, pid := range runs {
		if r := p.run(pid); r != nil {
			r.signalStopper(sig)
		}
	}
}

// Forward sends a signal to the leaders of the runs.
func (p *Processes) Forward(sig syscall.Signal, runs []int) {
	for _, pid := range runs {
		if p.live[pid] != nil {
			_ = syscall.Kill(pid, sig)
		}
	}
}

// Gone finds the runs of which nothing is left.
func (p *Processes) Gone(runs []int) (gone, bereft []int) {
	left := p.remains(runs)
	for _, pid := range runs {
		r := p.headless[pid]
		switch {
		case r == nil:
		case len(left[pid]) > 0:
			p.askHeirs(r, left[pid])
			r.deliver(left[pid])
			if r.spare && !r.firstLives(left[pid]) {
				bereft = append(bereft, pid)
			}
		case r.stopper != 0:
			// Its end is heard of.
		default:
			delete(p.headless, pid)
			p.Guardian.remove(pid)
			gone = append(gone, pid)
		}
	}
	return gone, bereft
}

// Left names the processes of the runs that live.
func (p *Processes) Left(runs []int) map[int][]Process {
	left := map[int][]Process{}
	for pid, members := range p.members(runs) {
		for _, m := range members {
			left[pid] = append(left[pid], Process{Pid: m.pid, Name: m.name, State: string(m.state), Owner: foreignOwner(m.pid)})
		}
	}
	for _, pid := range runs {
		if r := p.run(pid); r != nil && r.stopper != 0 {
			left[pid] = append(left[pid], Process{Pid: r.stopper, Name: "its stop command"})
		}
	}
	return left
}

// forMessages is what is told of a process.
func (m proc) forMessages() Process {
	return Process{Pid: m.pid, Name: m.name, State: string(m.state)}
}

// Suspend stops reeve until it gets SIGCONT, see [stopSelf]. PID 1 cannot be stopped: the kernel
// drops the signal, and the formation alone stays stopped.
//
// What helps does not wait for that: it asks those who are suspended.
func (p *Processes) Suspend(still func() bool) {
	for pid := range p.helpers {
		p.KillHelper(pid)
	}
	stopSelf(still)
}

// Resume has nothing to do.
func (p *Processes) Resume() {}

func (p *Processes) run(pid int) *run {
	if r := p.live[pid]; r != nil {
		return r
	}
	return p.headless[pid]
}

// runs are all there are.
func (p *Processes) runs() iter.Seq2[int, *run] {
	return func(yield func(int, *run) bool) {
		for _, some := range []map[int]*run{p.headless, p.live} {
			for pid, r := range some {
				if !yield(pid, r) {
					return
				}
			}
		}
	}
}

// recheckAfter makes the supervisor look again after some time.
func (p *Processes) recheckAfter(d time.Duration) {
	time.AfterFunc(d, func() {
		select {
		case p.Recheck <- syscall.SIGCHLD:
		default: // it will look anyway
		}
	})
}
