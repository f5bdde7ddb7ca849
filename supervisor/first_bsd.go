//go:build darwin || freebsd

package supervisor

import (
	"os"
	"syscall"

	"reeve/supervisor/kinfo"
)

// firstOf gives the first processes of a run, see [kinfo.First], or the leader alone where nobody
// tells of processes.
func firstOf(leader int, stop syscall.Signal) (first []proc) {
	all, err := kinfo.All()
	if err != nil {
		return []proc{{pid: leader, ppid: os.Getpid(), pgrp: leader, session: leader, start: 1, state: '?'}}
	}
	for _, p := range kinfo.First(all, leader, stop) {
		first = append(first, procOf(p))
	}
	return first
}

// askOwn looks beforehand, as orphans may go to another process.
func (r *run) askOwn() { r.askFirst() }

// bequeath does nothing: heirs were asked together with the processes that leave them.
func (p *Processes) bequeath(int, syscall.WaitStatus) {}

// askHeirs finds nobody.
func (p *Processes) askHeirs(*run, []proc) {}
