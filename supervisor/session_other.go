//go:build unix && !linux

package supervisor

// proc is one process, or, with a negative pid, a process group.
type proc struct {
	pid, pgrp int
	state     byte
	start     uint64
	name      string
}

// Prepare makes reeve fit to have children: descriptors that it was started with are
// not handed on. Only Linux can make orphans come to reeve.
func Prepare() { closeOnExec() }

func emptySignalMask() {}

// members knows the leaders' process groups only.
func (p *Processes) members(runs []int) map[int][]proc {
	found := map[int][]proc{}
	for _, pid := range runs {
		found[pid] = []proc{{pid: -pid, pgrp: pid, start: 1, state: '?'}}
	}
	return found
}

// remains asks whether the leaders' process groups still exist.
func (p *Processes) remains(runs []int) map[int][]proc { return p.groupsLeft(runs) }

// orphans do not come to reeve here.
func (p *Processes) orphans() (pids []int, ok bool) { return nil, true }

func (p *Processes) childrenByAsking() []int { return nil }
