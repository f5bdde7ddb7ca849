package supervisor

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// mostFirst bounds how many processes are asked first: a wrapper has few children.
const mostFirst = 256

// firstOf gives the first processes of a run: its leader, the children of whatever among
// them the signal would simply end, and so on. The leader comes first, so that a shell has
// no time to begin its next command when the one before it has ended.
func firstOf(leader int, stop syscall.Signal) []proc {
	if !hasProc() {
		return []proc{{pid: leader, ppid: os.Getpid(), pgrp: leader, session: leader, start: 1, state: stateOfChild(leader)}}
	}
	pids := []int{leader}
	for n := 0; n < len(pids) && len(pids) < mostFirst; n++ {
		// Most have no children, which costs the least to find out.
		if children := childrenOf(pids[n]); len(children) > 0 && isEndedBy(pids[n], stop) {
			pids = append(pids, withoutReaders(children)...)
		}
	}
	var first []proc
	buf := make([]byte, 1024)
	for _, pid := range pids {
		if pr, ok := readProc(pid, buf); ok {
			first = append(first, pr)
		}
	}
	return first
}

// isEndedBy reports whether a signal has its default action in a process: it is neither
// caught nor ignored, nor blocked by somebody who fetches it with sigwait(3). Where that
// cannot be told, it is not.
func isEndedBy(pid int, sig syscall.Signal) bool {
	status := readAll("/proc/" + strconv.Itoa(pid) + "/status")
	masks := 0
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "SigBlk", "SigIgn", "SigCgt":
			mask, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64)
			if err != nil || mask&(1<<(sig-1)) != 0 {
				return false
			}
			masks++
		}
	}
	return masks == 3
}

// withoutReaders leaves out of some siblings those that read what others write: the end of
// a pipeline is to have the last words of its beginning, and ends with them.
func withoutReaders(siblings []int) []int {
	written := map[string]int{} // pipe → who writes to it
	for _, pid := range siblings {
		for _, fd := range []string{"1", "2"} {
			if pipe, ok := pipeOf(pid, fd); ok {
				written[pipe] = pid
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(siblings), func(pid int) bool {
		pipe, ok := pipeOf(pid, "0")
		by := written[pipe]
		return ok && by != 0 && by != pid
	})
}

// pipeOf names the pipe that a descriptor of a process is.
func pipeOf(pid int, fd string) (pipe string, ok bool) {
	pipe, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/fd/" + fd)
	return pipe, err == nil && strings.HasPrefix(pipe, "pipe:")
}

// childrenOf lists the children of a process, which each of its threads may have.
func childrenOf(pid int) (children []int) {
	dir := "/proc/" + strconv.Itoa(pid) + "/task/"
	threads := []string{strconv.Itoa(pid)}
	if !isSingleThreaded(dir) {
		entries, _ := os.ReadDir(dir)
		threads = threads[:0]
		for _, entry := range entries {
			threads = append(threads, entry.Name())
		}
	}
	for _, thread := range threads {
		for field := range bytes.FieldsSeq(readAll(dir + thread + "/children")) {
			if child, err := strconv.Atoi(string(field)); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}

// isSingleThreaded tells it from the number of links of the directory that has the threads: one
// for each, and its own two.
func isSingleThreaded(tasks string) bool {
	var stat unix.Stat_t
	return unix.Stat(tasks, &stat) == nil && stat.Nlink == 3
}
