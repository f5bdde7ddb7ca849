//go:build unix

package supervisor

import "syscall"

// run is what has been done to one run.
type run struct {
	Spec
	pid       int
	began     uint64         // as a process's start is counted
	last      syscall.Signal // the signal that ends it, if one was sent
	spare     bool           // only the first processes have had it so far
	asked     map[int]uint64 // who had the stop signal: pid, and start time since pids come again
	leaderHad bool           // so had the leader, which lives and so keeps its pid
	bequeaths bool           // the stop signal has ended a first process, whose heirs have not been asked yet
	stopper   int            // the command that asks it to stop; 0: none runs
	byCommand bool           // it is up to the command to stop it
	restToo   bool           // all of it should be asked by now
	looks     int            // in a row that have found nobody who has its number, where that can come again
}

// deliver sends a run's last signal to those of its processes that should have it
// and do not.
func (r *run) deliver(members []proc) {
	for _, m := range members {
		switch {
		case r.last == 0, r.spare && !r.hasAsked(m):
			continue
		case r.last == syscall.SIGKILL:
			m.killGroup()
		case !r.hasAsked(m):
			r.note(m)
			m.send(r.last)
		}
		if m.state == 'T' {
			// A stopped process would keep the signal for later.
			m.send(syscall.SIGCONT)
		}
	}
}

// note remembers that a process has had the stop signal.
func (r *run) note(m proc) {
	if r.asked == nil {
		r.asked = map[int]uint64{}
	}
	r.asked[m.pid] = m.start
}

// hasAsked reports whether a process has had the stop signal.
func (r *run) hasAsked(m proc) bool {
	start, ok := r.asked[m.pid]
	return ok && start == m.start || r.leaderHad && m.pid == r.pid
}
