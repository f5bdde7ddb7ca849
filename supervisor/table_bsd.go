//go:build darwin || freebsd

package supervisor

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"reeve/supervisor/kinfo"
)

// proc is one process, or, with a negative pid, a process group.
type proc struct {
	pid, ppid, pgrp, session int
	state                    byte
	start                    uint64 // microseconds since 1970; with pid the process's identity
	name                     string
}

func procOf(p kinfo.Process) proc {
	return proc{pid: p.Pid, ppid: p.Parent, pgrp: p.Group, session: p.Session, state: p.State, start: p.Start, name: p.Name}
}

// ticks is the time now, as the start of a process is counted.
func ticks() uint64 { return uint64(time.Now().UnixMicro()) }

// Prepare makes reeve ready to have children: orphans of the formation come to it if the system supports
// that, and descriptors that it was started with are not passed on.
func Prepare() {
	adoptOrphans()
	closeOnExec()
}

func emptySignalMask() {}

// inherit does nothing: the environment is the one copy of the marker.
func inherit([]string) (callOff func()) { return func() {} }

// lookAround returns all processes. Where the process table cannot be read, as in a sandbox, it returns
// the process groups of the anchors.
func lookAround(anchors []int) map[int]proc {
	all, err := kinfo.All()
	if err != nil {
		return groupsOf(anchors)
	}
	procs := make(map[int]proc, len(all))
	for pid, p := range all {
		procs[pid] = procOf(p)
	}
	return procs
}

// unknownParent is that of a group. No process has it.
const unknownParent = -1

// groupsOf is what can be known without a process table: which process groups there are.
func groupsOf(leaders []int) map[int]proc {
	groups := map[int]proc{}
	for _, pid := range leaders {
		if pid > 1 && pid != os.Getpid() && !errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH) {
			groups[-pid] = proc{pid: -pid, ppid: unknownParent, pgrp: pid, session: pid, start: 1, state: '?'}
		}
	}
	return groups
}

// send sends a signal to a process that was looked at. One that is not a child of reeve's can end at any
// time, and its pid be used again, so it is looked at once more.
func (m proc) send(sig syscall.Signal) {
	if m.pid < 0 || m.ppid == os.Getpid() || m.isThere() {
		_ = syscall.Kill(m.pid, sig)
	}
}

// killGroup sends SIGKILL to the process and its group, so that nothing forks away. A group never spans
// sessions, and its number is not used again while the process is in it.
func (m proc) killGroup() {
	if group, err := unix.Getpgid(m.pid); err == nil && group == m.pgrp && m.isThere() {
		_ = syscall.Kill(-m.pgrp, syscall.SIGKILL)
	}
	m.send(syscall.SIGKILL)
}

// isThere reports whether the process is what has its pid.
func (m proc) isThere() bool {
	now, ok := kinfo.Of(m.pid)
	return ok && now.Start == m.start
}
