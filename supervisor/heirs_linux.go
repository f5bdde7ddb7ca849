package supervisor

import (
	"os"
	"slices"
	"syscall"
)

// Who asks a run that is not its own has to find out first who has children, and what the signal
// would do to whom (see firstOf). That takes some files of /proc for each run, which was half of
// what it took to stop 500. Orphans come to reeve, so of its own runs it asks the leader alone, waits
// until the signal has ended it, and asks those in its place that it has left: its heirs. Most
// programs have none.

// askOwn sends the stop signal to the leader of a run, which lives.
func (r *run) askOwn() {
	r.last, r.spare, r.leaderHad = r.Stop, true, true
	_ = syscall.Kill(r.pid, r.Stop)
	if stateOfChild(r.pid) == 'T' {
		_ = syscall.Kill(r.pid, syscall.SIGCONT) // it would keep the signal for later
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

// askHeirs asks those of a run's members that its first processes have left, if the signal has ended
// these.
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

// heirsAmong finds those of some processes that have come to reeve as orphans, but for those who
// read what others of them write.
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
