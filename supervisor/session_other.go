//go:build unix && !linux

package supervisor

import (
	"errors"
	"syscall"
	"time"
)

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
func (p *Processes) orphans() []int { return nil }

// inherit does nothing: nothing here is inherited that could tell whose a process is.
func inherit([]string) (callOff func()) { return func() {} }

// recheckEvery is how often what is left of a run is looked for where no signal
// tells of its end.
const recheckEvery = 50 * time.Millisecond

// groupsLeft is what can be known of headless runs without a process table: whether
// their leaders' process groups still exist.
func (p *Processes) groupsLeft(runs []int) map[int][]proc {
	left := map[int][]proc{}
	for _, pid := range runs {
		if !errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH) {
			left[pid] = []proc{{pid: -pid, pgrp: pid, start: 1, state: '?'}}
		}
	}
	if len(left) > 0 {
		p.recheckAfter(recheckEvery)
	}
	return left
}

// send sends a signal to the process, or the group.
func (m proc) send(sig syscall.Signal) { _ = syscall.Kill(m.pid, sig) }

// killGroup sends SIGKILL to the process and its group.
func (m proc) killGroup() {
	_ = syscall.Kill(-m.pgrp, syscall.SIGKILL)
	m.send(syscall.SIGKILL)
}

// ticks is not needed: nobody knows when a process has started.
func ticks() uint64 { return 0 }
