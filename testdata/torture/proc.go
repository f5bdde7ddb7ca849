package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// proc is one process as /proc shows it.
type proc struct {
	pid, ppid, pgrp, session int
	state                    byte
	start                    uint64 // clock ticks since boot: with the pid the process's identity
	name                     string
}

// same reports whether two looks were at the same process.
func (p proc) same(q proc) bool { return p.pid == q.pid && p.start == q.start }

// dead reports whether the process waits to be reaped.
func (p proc) dead() bool { return p.state == 'Z' || p.state == 'X' }

func (p proc) String() string {
	return fmt.Sprintf("pid %d, parent %d, group %d, session %d, state %c: %s",
		p.pid, p.ppid, p.pgrp, p.session, p.state, cmdline(p))
}

// parseStat reads a line as proc_pid_stat(5) describes it.
func parseStat(line []byte) (p proc, ok bool) {
	opening, closing := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
	if opening < 0 || closing < opening || closing+2 > len(line) {
		return proc{}, false
	}
	fields := bytes.Fields(line[closing+1:])
	const ppid, pgrp, session, start = 1, 2, 3, 19 // from the state on
	if len(fields) <= start {
		return proc{}, false
	}
	number := func(b []byte) int { n, _ := strconv.Atoi(string(b)); return n }
	p = proc{
		pid: number(bytes.TrimSpace(line[:opening])), ppid: number(fields[ppid]),
		pgrp: number(fields[pgrp]), session: number(fields[session]),
		state: fields[0][0], name: string(line[opening+1 : closing]),
	}
	p.start, _ = strconv.ParseUint(string(fields[start]), 10, 64)
	return p, true
}

// look reads one process.
func look(pid int) (proc, bool) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return proc{}, false
	}
	return parseStat(line)
}

// everybody reads all of /proc.
func everybody() map[int]proc {
	entries, _ := os.ReadDir("/proc")
	all := make(map[int]proc, len(entries))
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			if p, ok := look(pid); ok {
				all[pid] = p
			}
		}
	}
	return all
}

// descendants finds the children of a process, theirs, and so on, by pid.
func descendants(of int) []proc {
	all := everybody()
	var found []proc
	for _, p := range all {
		for up := p; up.pid != 0; up = all[up.ppid] {
			if up.ppid == of {
				found = append(found, p)
				break
			}
		}
	}
	return found
}

// cmdline is what a process was started as, or its name where that cannot be read.
func cmdline(p proc) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.pid))
	if err != nil || len(text) == 0 {
		return "[" + p.name + "]"
	}
	return strings.ReplaceAll(strings.TrimRight(string(text), "\x00"), "\x00", " ")
}
