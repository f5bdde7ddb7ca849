//go:build unix

package supervisor

import "syscall"

// Helpers are processes that reeve starts for itself, such as the command of a probe.

// AddHelper makes Reap tell of the end of a process that [Spawn] has started and that
// is no run. The channel has room for one status.
func (p *Processes) AddHelper(pid int, ended chan<- Status) {
	if p.helpers == nil {
		p.helpers = map[int]chan<- Status{}
	}
	p.helpers[pid] = ended
}

// KillHelper ends a helper that takes too long, and what is in its process group.
func (p *Processes) KillHelper(pid int) {
	if p.helpers[pid] != nil {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
}
