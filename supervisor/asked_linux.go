package supervisor

import (
	"bytes"
	"iter"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// Where there is no /proc (in a chroot, or when it shows another PID namespace), processes
// are found by asking about every pid that one may have. That takes some milliseconds.

// lookAround is all processes, as well as they can be known: everything that matters has begun
// after one of the anchors.
func lookAround(anchors []int) map[int]proc {
	if procs, ok := processTable(); ok {
		return procs
	}
	return askedTable(anchors)
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

// pidSpan is how many pids after each anchor are asked about, and pidMax where the kernel
// begins again unless it is told otherwise.
const pidSpan, pidMax = 1 << 16, 1 << 15

// pidsAfter are the pids that processes may have which began after some others.
func pidsAfter(anchors []int) iter.Seq[int] {
	anchors = slices.Sorted(slices.Values(anchors))
	return func(yield func(int) bool) {
		next := 2
		span := func(from, until int) bool {
			for next = max(from, next); next < until; next++ {
				if !yield(next) {
					return false
				}
			}
			return true
		}
		goOn := span(2, min(anchors[0], pidMax))
		for _, pid := range anchors {
			goOn = goOn && span(pid, pid+pidSpan)
		}
	}
}

// unknownParent is that of a process which is no child of this one. No process has it.
const unknownParent = -1

// askedTable is a process table without names and other people's parents.
func askedTable(anchors []int) map[int]proc {
	procs := map[int]proc{}
	for pid := range pidsAfter(anchors) {
		session, err := unix.Getsid(pid)
		if err != nil || !isProcess(pid) {
			continue
		}
		group, _ := unix.Getpgid(pid)
		pr := proc{pid: pid, ppid: unknownParent, pgrp: group, session: session, start: 1, state: '?'}
		if isChild(pid) {
			pr.ppid, pr.state = os.Getpid(), stateOfChild(pid)
		}
		procs[pid] = pr
	}
	return procs
}

// isProcess reports whether something with a pid is a process, and not a thread or a process
// that waits to be reaped.
func isProcess(pid int) bool {
	fd, err := unix.PidfdOpen(pid, 0)
	switch err {
	case nil:
	case unix.EINVAL, unix.ENOENT, unix.ESRCH: // a thread; it has ended
		return false
	default: // before Linux 5.3, or out of descriptors: one cannot know
		return true
	}
	defer unix.Close(fd)
	ended := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(ended, 0)
	return n == 0 || err != nil
}

// askedChildren finds this process's children.
func askedChildren(anchors []int) (pids []int) {
	for pid := range pidsAfter(anchors) {
		if isChild(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// isChild reports whether a process is a child of this one, and changes nothing.
func isChild(pid int) bool {
	return unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil) == nil
}

// stateOfChild says of a child whether it is stopped, which is all that is known.
func stateOfChild(pid int) byte {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WSTOPPED|unix.WNOHANG|unix.WNOWAIT, nil)
	if err == nil && info.Signo != 0 {
		return 'T'
	}
	return '?'
}
