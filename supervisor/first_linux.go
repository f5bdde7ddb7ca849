package supervisor

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
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
		if isEndedBy(pids[n], stop) {
			pids = append(pids, withoutReaders(childrenOf(pids[n]))...)
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
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return false
	}
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
	tasks, _ := os.ReadDir(dir)
	for _, task := range tasks {
		list, _ := os.ReadFile(dir + task.Name() + "/children")
		for _, field := range bytes.Fields(list) {
			if child, err := strconv.Atoi(string(field)); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}
