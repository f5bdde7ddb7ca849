package supervisor

import (
	"bytes"
	"maps"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// proc is one process as /proc shows it.
type proc struct {
	pid, ppid, pgrp, session int
	state                    byte
	start                    uint64 // clock ticks since boot; with pid the process's identity
	name                     string
}

// Prepare makes reeve fit to have children. Orphans of the formation come to reeve
// instead of init (prctl(2), PR_SET_CHILD_SUBREAPER), so that it can find and reap
// them, and neither ignored signals nor descriptors that reeve was started with are
// handed on. Signals that shall stay without effect are caught before.
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
	const ignored, maskSize = 1, 8 // SIG_IGN
	for sig := uintptr(1); sig <= 64; sig++ {
		var old, standard sigaction
		_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, sig, 0, uintptr(unsafe.Pointer(&old)), maskSize, 0, 0)
		if errno == 0 && old.handler == ignored {
			_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, sig, uintptr(unsafe.Pointer(&standard)), 0, maskSize, 0, 0)
		}
	}
}

// members finds the processes of the runs, by the leaders' pids.
func (p *Processes) members(runs []int) map[int][]proc {
	procs, ok := processTable()
	if !ok {
		return p.groups(runs)
	}
	wanted := map[int]bool{}
	for _, pid := range runs {
		wanted[pid] = true
	}
	found := map[int][]proc{}
	for pid, owner := range p.owners(os.Getpid(), procs, p.markOf) {
		if owner == unknown && p.ending() {
			// Nothing says whose it is, but everything that it can belong to ends. One
			// run answers for it, so that it is asked once.
			owner = p.heir()
		}
		if wanted[owner] {
			found[owner] = append(found[owner], procs[pid])
		}
	}
	return found
}

// groups is what can be known of runs without a process table.
func (p *Processes) groups(runs []int) map[int][]proc {
	found := map[int][]proc{}
	var headless []int
	for _, pid := range runs {
		if p.live[pid] != nil {
			found[pid] = []proc{{pid: -pid, pgrp: pid, start: 1, state: '?'}}
		} else {
			headless = append(headless, pid)
		}
	}
	for pid, left := range p.groupsLeft(headless) {
		found[pid] = left
	}
	return found
}

// remains finds what is left of headless runs. All of that descends from an orphan
// that came to reeve, so one look at reeve's own children is mostly enough.
func (p *Processes) remains(runs []int) map[int][]proc {
	if p.childless || !p.hasOrphans() {
		return nil
	}
	return p.members(runs)
}

// hasOrphans says whether reeve has children that it did not start, alive or not yet
// reaped.
func (p *Processes) hasOrphans() bool {
	orphans, ok := p.orphans()
	return !ok || len(orphans) > 0 // not ok: it has to be found out the long way
}

// orphans lists the children that reeve did not start, alive or not yet reaped. The
// kernel gives orphans to the main thread of their reaper. The list can miss one only
// while another is reaped (proc_pid_children(5)), and nobody reaps but the loop, which
// reads it. Not ok: there is no such list.
func (p *Processes) orphans() (pids []int, ok bool) {
	self := strconv.Itoa(os.Getpid())
	children, err := os.ReadFile("/proc/self/task/" + self + "/children")
	if err != nil {
		return nil, false
	}
	own, _ := unix.Getsid(0)
	for _, field := range bytes.Fields(children) {
		pid, _ := strconv.Atoi(string(field))
		if p.live[pid] != nil || p.helpers[pid] != nil || p.Guardian.is(pid) {
			continue
		}
		if session, err := unix.Getsid(pid); err != nil || !p.isOutside(session, own) {
			pids = append(pids, pid)
		}
	}
	return pids, true
}

// pidSpan is how many pids behind that of the first leader are asked for.
const pidSpan = 1 << 16

// childrenByAsking finds reeve's children where there is no /proc: of every pid that one
// may have, it asks whether it is one. That takes some milliseconds, and changes nothing
// (waitid(2), WNOWAIT).
func (p *Processes) childrenByAsking() []int {
	var pids []int
	for pid := p.first; pid < p.first+pidSpan; pid++ {
		if unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil) == nil && !p.Guardian.is(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// isOutside says whether a session is one that no run can be in. Every run has left
// reeve's own session, so a child there is one that reeve had before it was reeve
// ("redis & exec reeve"). Session 0 is somewhere outside of the PID namespace.
func (p *Processes) isOutside(session, own int) bool {
	return !p.foreground && (session == own || session == 0)
}

// unknown owns the descendants of reeve that no run can be found for.
const unknown = -1

// ending says whether every run has been told to end.
func (p *Processes) ending() bool {
	for _, r := range p.live {
		if r.last == 0 {
			return false
		}
	}
	return true
}

// heir is the run that answers for what no run can be found for.
func (p *Processes) heir() int {
	runs := maps.Clone(p.headless)
	maps.Copy(runs, p.live)
	return anyOf(runs)
}

// owners tells which run each descendant of reeve belongs to: that of its session,
// else that of its parent, else, for an orphan in a session of its own, the one whose
// marker its environment carries.
func (p *Processes) owners(self int, procs map[int]proc, markOf func(pid int) string) map[int]int {
	const other = 0
	owners := map[int]int{self: other, 0: other}
	byName := map[string]int{}
	for _, runs := range []map[int]*run{p.headless, p.live} {
		for pid, r := range runs {
			byName[r.Name] = pid
		}
	}
	listed := func(pid int) bool { _, ok := procs[pid]; return ok || pid == 0 }
	var owner func(pid int) int
	owner = func(pid int) int {
		if o, ok := owners[pid]; ok {
			return o
		}
		owners[pid] = other // whatever happens, ancestry is not a ring
		pr, ok := procs[pid]
		o := other
		switch {
		case !ok, p.Guardian.is(pid):
		case p.run(pr.session) != nil:
			o = pr.session
		case p.isOutside(pr.session, procs[self].session):
		case pr.ppid != self && listed(pr.ppid):
			o = owner(pr.ppid)
		default:
			// An orphan, or about to be one: its parent ended while /proc was read.
			if run, ok := byName[markOf(pid)]; ok {
				o = run
			} else if pr.ppid == self {
				o = unknown
			}
		}
		owners[pid] = o
		return o
	}
	found := map[int]int{}
	for pid := range procs {
		if o := owner(pid); o != other {
			found[pid] = o
		}
	}
	return found
}

// markOf gives the instance of this formation that a process's environment names.
func (p *Processes) markOf(pid int) string {
	formation, instance := markIn(pid)
	if formation != p.Formation {
		return ""
	}
	return instance
}

// markIn reads the marker in a process's environment.
func markIn(pid int) (formation, instance string) {
	environ, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		return "", ""
	}
	for entry := range bytes.SplitSeq(environ, []byte{0}) {
		if mark, ok := strings.CutPrefix(string(entry), MarkerKey+"="); ok {
			formation, instance, _ = strings.Cut(mark, "/")
		}
	}
	return formation, instance
}

// processTable reads /proc. Processes that have ended and wait to be reaped are left
// out. Not ok: there is no /proc.
func processTable() (procs map[int]proc, ok bool) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, false
	}
	defer func() { _ = dir.Close() }()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, false
	}
	procs = make(map[int]proc, len(names))
	buf := make([]byte, 1024)
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if pr, ok := readProc(pid, buf); ok {
			procs[pid] = pr
		}
	}
	_, ok = procs[os.Getpid()]
	return procs, ok
}

// readProc reads one process's line of /proc, as proc_pid_stat(5) describes it.
func readProc(pid int, buf []byte) (pr proc, ok bool) {
	fd, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/stat", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return proc{}, false
	}
	n, err := syscall.Read(fd, buf)
	_ = syscall.Close(fd)
	if err != nil || n <= 0 {
		return proc{}, false
	}
	return parseStat(buf[:n])
}

// parseStat reads "pid (name) state ppid pgrp session …". The name may contain
// anything, so the fields are counted from its last parenthesis.
func parseStat(line []byte) (pr proc, ok bool) {
	opening, closing := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
	if opening < 0 || closing < opening || closing+2 >= len(line) {
		return proc{}, false
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line[:opening])))
	fields := bytes.Fields(line[closing+2:])
	const ppid, pgrp, session, threads, start = 1, 2, 3, 17, 19 // from the state on
	if err != nil || len(fields) <= start {
		return proc{}, false
	}
	number := func(i int) int { n, _ := strconv.Atoi(string(fields[i])); return n }
	pr = proc{
		pid: pid, ppid: number(ppid), pgrp: number(pgrp), session: number(session),
		state: fields[0][0], name: string(line[opening+1 : closing]),
	}
	pr.start, _ = strconv.ParseUint(string(fields[start]), 10, 64)
	// The first thread of a process can end before the others.
	dead := pr.state == 'X' || pr.state == 'Z' && number(threads) <= 1
	return pr, !dead
}
