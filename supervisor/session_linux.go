package supervisor

import (
	"bytes"
	"maps"
	"math"
	"os"
	"strconv"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Prepare makes reeve fit to have children. Orphans of the formation come to reeve
// instead of init (prctl(2), PR_SET_CHILD_SUBREAPER), so that it can find and reap
// them, and neither ignored signals nor descriptors that reeve was started with are
// handed on. Signals that are to have no effect must be caught before.
func Prepare() {
	stopIgnoring()
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	if unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) != nil {
		closeOnExec() // before Linux 5.11
	}
}

func emptySignalMask() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &unix.Sigset_t{}, nil) }

// sigaction is the kernel's struct sigaction (rt_sigaction(2)), with room for the mask
// of 64 signals wherever a word has 32 bits.
type sigaction struct {
	handler, flags, restorer uintptr
	mask                     [2]uintptr
}

// stopIgnoring gives every signal that was ignored when reeve started its default
// action, which children then inherit. Most of them Go catches anyhow, and what is
// caught has its default action after exec; of the rest Go does not tell.
func stopIgnoring() {
	const ignored = 1 // SIG_IGN
	for sig := syscall.Signal(1); sig <= 64; sig++ {
		if swapAction(sig, nil).handler == ignored {
			swapAction(sig, &sigaction{})
		}
	}
}

// swapAction sets the action of a signal, behind Go's back, and returns the one before. Nil
// sets nothing.
func swapAction(sig syscall.Signal, to *sigaction) (old sigaction) {
	const maskSize = 8
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(to)),
		uintptr(unsafe.Pointer(&old)), maskSize, 0, 0)
	return old
}

// members finds the processes of the runs, by the leaders' pids.
func (p *Processes) members(runs []int) map[int][]proc {
	wanted := map[int]bool{}
	for _, pid := range runs {
		wanted[pid] = true
	}
	procs := p.table()
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

// table is all processes, as well as they can be known.
func (p *Processes) table() map[int]proc {
	if procs, ok := processTable(); ok {
		return procs
	}
	return askedTable(p.anchors())
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

// family joins a process table to the runs. All orphans of theirs come to reeve, and
// nobody else does, but for the children that it had before it was reeve.
func (p *Processes) family(procs map[int]proc) *family {
	self := os.Getpid()
	session, _ := unix.Getsid(0)
	f := &family{
		procs: procs, reaper: self, unmarked: astray,
		isRun:     func(pid int) bool { return p.run(pid) != nil },
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

// lazily makes markers when they are needed first, which they seldom are.
func lazily(make func() *markers) func(pid int) owner {
	once := sync.OnceValue(make)
	return func(pid int) owner { return once().ownerOf(pid) }
}

// remains finds what is left of headless runs. All of that descends from an orphan
// that came to reeve, so one look at reeve's own children is mostly enough.
func (p *Processes) remains(runs []int) map[int][]proc {
	if p.childless || !p.hasOrphans() {
		return nil
	}
	return p.members(runs)
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

// children lists reeve's children.
func (p *Processes) children() (pids []int) {
	if !hasProc() {
		return askedChildren(p.anchors())
	}
	list := readAll("/proc/self/task/" + strconv.Itoa(os.Getpid()) + "/children")
	if list == nil { // the kernel was built without
		return askedChildren(p.anchors())
	}
	for field := range bytes.FieldsSeq(list) {
		pid, _ := strconv.Atoi(string(field))
		pids = append(pids, pid)
	}
	return pids
}

// isOutside reports whether a session is one that no run can be in. Every run has left
// reeve's own session, so a child there is one that reeve had before it was reeve
// ("redis & exec reeve"). Session 0 is somewhere outside of the PID namespace.
func (p *Processes) isOutside(session, own int) bool {
	return !p.foreground && (session == own || session == 0)
}
