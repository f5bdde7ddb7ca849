//go:build unix

package supervisor

import (
	"maps"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// members finds the processes of the runs, by the leaders' pids.
func (p *Processes) members(runs []int) map[int][]proc {
	wanted := map[int]bool{}
	for _, pid := range runs {
		wanted[pid] = true
	}
	procs := lookAround(p.anchors())
	found := map[int][]proc{}
	for pid, o := range p.family(procs).all() {
		run := o.run
		if o == astray {
			run = p.foster(procs[pid])
		}
		if wanted[run] {
			found[run] = append(found[run], procs[pid])
		}
	}
	return found
}

// anchors are reeve and the leaders: everything else has begun after one of them.
func (p *Processes) anchors() []int {
	anchors := []int{os.Getpid()}
	for pid := range p.runs() {
		anchors = append(anchors, pid)
	}
	return anchors
}

// foster gives a process that nothing tells the run of to a run, so that it is stopped with
// that: when everything ends, to the one that has the most time; before, to the one that
// it came with, the youngest that is older, and says so. 0: there is none.
func (p *Processes) foster(pr proc) (run int) {
	if p.ending() {
		return anyOf(maps.Collect(p.runs()))
	}
	for pid, r := range p.runs() {
		if r.began <= pr.start && (run == 0 || r.began > p.run(run).began || r.began == p.run(run).began && pid < run) {
			run = pid
		}
	}
	if run != 0 && p.fostered[pr.pid] != pr.start && p.Report != nil {
		if p.fostered == nil {
			p.fostered = map[int]uint64{}
		}
		p.fostered[pr.pid] = pr.start
		r := p.run(run)
		p.Report(Report{Kind: Fostered, Instance: r.Name, Type: r.Type, Left: []Process{pr.forMessages()}})
	}
	return run
}

// ending reports whether every run has been told to end.
func (p *Processes) ending() bool {
	for _, r := range p.live {
		if r.last == 0 {
			return false
		}
	}
	return true
}

// family joins a process table to the runs. Where reeve can reap them, all orphans of theirs come
// to it, and nobody else does, but for the children that it had before it was reeve. Elsewhere
// they come to init, with everybody's, and only those with a marker are the formation's.
func (p *Processes) family(procs map[int]proc) *family {
	self := os.Getpid()
	session, _ := unix.Getsid(0)
	reaper, unmarked := self, astray
	if !reaps {
		reaper, unmarked = initPid, nobody
	}
	f := &family{
		procs: procs, reaper: reaper, unmarked: unmarked,
		isRun:     p.hasNumber,
		isOutside: func(of int) bool { return p.isOutside(of, session) },
		isHelper:  p.isHelper,
		markedAs:  lazily(func() *markers { return markersOf(p.Formation, p.runs()) }),
		owners:    map[int]owner{self: nobody},
	}
	if p.Guardian != nil {
		f.owners[p.Guardian.pid] = nobody
	}
	return f
}

// initPid is the process to which orphans go that no other process reaps.
const initPid = 1

// hasNumber reports whether a number is that of a run's session and group. Once nothing has been
// left there for some looks, it may come again and be a stranger's.
func (p *Processes) hasNumber(pid int) bool {
	r := p.run(pid)
	return r != nil && r.looks < guardLooks
}

// lazily makes markers when they are needed first, which they seldom are.
func lazily(make func() *markers) func(pid int, start uint64) owner {
	once := sync.OnceValue(make)
	return func(pid int, start uint64) owner { return once().ownerOf(pid, start) }
}

// remains finds what is left of headless runs. All of that descends from an orphan
// that came to reeve, so one look at reeve's own children is mostly enough.
func (p *Processes) remains(runs []int) map[int][]proc {
	switch {
	case !reaps:
		return p.unreaped(runs)
	case p.childless || !p.hasOrphans():
		return nil
	}
	return p.members(runs)
}

// recheckEvery is how often what is left of a run that is to end is looked for where no signal
// tells of that, and slowRecheck how often the rest of one that may go on.
const recheckEvery, slowRecheck = 50 * time.Millisecond, 250 * time.Millisecond

// unreaped finds what is left where orphans do not come to reeve. It looks twice before it says
// that there is nothing: one look misses what forks just then, and ends.
func (p *Processes) unreaped(runs []int) map[int][]proc {
	left := p.members(runs)
	if len(left) < len(runs) {
		left = p.members(runs)
	}
	again := slowRecheck
	for _, pid := range runs {
		if r := p.run(pid); r != nil {
			r.noteLook(left[pid])
			if r.last != 0 {
				again = recheckEvery
			}
		}
	}
	if len(left) > 0 {
		p.recheckAfter(again)
	}
	return left
}

// noteLook counts how often in a row nobody was in a run's session or group.
func (r *run) noteLook(members []proc) {
	r.looks++
	for _, m := range members {
		if m.session == r.pid || m.pgrp == r.pid {
			r.looks = 0
		}
	}
}

// hasOrphans reports whether reeve has children that it did not start, alive or not yet
// reaped.
func (p *Processes) hasOrphans() bool { return len(p.orphans()) > 0 }

// orphans lists the children that reeve did not start, alive or not yet reaped. The
// kernel gives orphans to the main thread of their reaper. The list can miss one only
// while another is reaped (proc_pid_children(5)), and nobody reaps but the loop, which
// reads it.
func (p *Processes) orphans() (pids []int) {
	own, _ := unix.Getsid(0)
	for _, pid := range p.children() {
		if p.live[pid] != nil || p.isHelper(pid) || p.Guardian.is(pid) {
			continue
		}
		if session, err := unix.Getsid(pid); err != nil || !p.isOutside(session, own) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// isOutside reports whether a session is one that no run can be in. Every run has left
// reeve's own session, so a child there is one that reeve had before it was reeve
// ("redis & exec reeve"). Session 0 is somewhere outside of the PID namespace.
func (p *Processes) isOutside(session, own int) bool {
	return !p.foreground && (session == own || session == 0)
}
