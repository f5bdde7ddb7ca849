package supervisor

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// A process that is no child of reeve's can end at any time after it was looked at, and its
// pid be somebody else's. So signals go to who was looked at, and to nobody else.

// send sends a signal to the process.
func (m proc) send(sig syscall.Signal) {
	if m.ppid == os.Getpid() {
		_ = syscall.Kill(m.pid, sig) // it has its pid until it is reaped
		return
	}
	fd, err := unix.PidfdOpen(m.pid, 0)
	switch {
	case err == nil:
		defer unix.Close(fd)
	case err == unix.ESRCH:
		return
	}
	if !m.isThere() {
		return
	}
	// The descriptor is of the process that is there, whatever its pid becomes.
	if err != nil || unix.PidfdSendSignal(fd, sig, nil, 0) == unix.ENOSYS {
		_ = syscall.Kill(m.pid, sig) // before Linux 5.3
	}
}

// killGroup sends SIGKILL to the process and its group, so that nobody forks away. A group
// never spans sessions, and its number cannot come again while the process is in it.
func (m proc) killGroup() {
	if group, err := unix.Getpgid(m.pid); err == nil && group == m.pgrp && m.isThere() {
		_ = syscall.Kill(-m.pgrp, syscall.SIGKILL)
	}
	m.send(syscall.SIGKILL)
}

// isThere reports whether the process is what has its pid, as far as that can be known.
func (m proc) isThere() bool {
	if !hasProc() {
		session, err := unix.Getsid(m.pid)
		return err == nil && session == m.session
	}
	now, ok := readProc(m.pid, make([]byte, 1024))
	return ok && now.start == m.start
}
