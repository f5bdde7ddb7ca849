package supervisor

import (
	"os"
	"slices"
	"syscall"
)

// To ask a run that is not its own to stop, reeve must first find out who has children, and what the
// signal would do to each process (see firstOf). That means reading several files of /proc for each run,
// and was half of the work of stopping 500. But the orphans of its own runs come to reeve. So it asks
// only their leader, waits until the signal has ended that, and then asks the processes that the leader
// has left: its heirs. Most programs have none.

// askOwn sends the stop signal to the leader of a run, which is alive.
func (r *run) askOwn() {
	r.last, r.spare, r.leaderHad = r.Stop, true, true
	_ = syscall.Kill(r.pid, r.Stop)
	if stateOfChild(r.pid) == 'T' {
		_ = syscall.Kill(r.pid, syscall.SIGCONT) // otherwise it would keep the signal for later
	}
}

// bequeath takes note if a process that was asked first has been ended by the signal.
func (p *Processes) bequeath(pid int, ws syscall.WaitStatus) {
	r := p.heirs[pid]
	delete(p.heirs, pid)
	if of := p.live[pid]; of != nil && of.leaderHad {
		r = of
	}
	if r != nil && ws.Signaled() && ws.Signal() == r.Stop {
		r.bequeaths = true
	}
}

// askHeirs asks the members of a run that its first processes have left behind, if the signal has ended
// those.
func (p *Processes) askHeirs(r *run, members []proc) {
	if !r.spare || !r.bequeaths {
		return
	}
	r.bequeaths = false
	for _, heir := range heirsAmong(members) {
		if r.hasAsked(heir) {
			continue
		}
		if p.heirs == nil {
			p.heirs = map[int]*run{}
		}
		p.heirs[heir.pid] = r
		r.note(heir)
		heir.send(r.Stop)
	}
}

// heirsAmong finds the processes that have come to reeve as orphans, except for those that read what
// others of them write.
func heirsAmong(members []proc) (heirs []proc) {
	var orphans []int
	for _, m := range members {
		if m.ppid == os.Getpid() {
			orphans = append(orphans, m.pid)
		}
	}
	orphans = withoutReaders(orphans)
	for _, m := range members {
		if slices.Contains(orphans, m.pid) {
			heirs = append(heirs, m)
		}
	}
	return heirs
}
