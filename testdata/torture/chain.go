package main

import (
	"path/filepath"
	"syscall"
	"time"
	"unsafe"
)

// Go starts processes by fork and exec, which takes a millisecond. What is hard to
// kill is faster: a process that forks its replacement and ends, again and again. So
// the processes of a chain only fork, and between fork and end use nothing of Go's
// runtime, which needs threads that a fork leaves behind: no allocation, no growth of
// the stack, system calls only.

// link is what the processes of a chain know. It is filled before the first fork.
var link struct {
	births, stat, self [4096]byte // paths, and room for a line of /proc
	pause              syscall.Timespec
	sessions           uintptr // 1: each in a session of its own
}

// chain starts a chain of so many processes, so far apart: "chain:COUNT:PAUSE:HOW",
// where HOW is group or session.
func chain(s step) {
	path, err := filepath.Abs(birthsFile)
	if err != nil {
		return
	}
	copy(link.births[:], path)
	copy(link.self[:], "/proc/self/stat")
	link.pause = syscall.NsecToTimespec(int64(min(s.duration(1), time.Second)))
	if s.args[2] == "session" {
		link.sessions = 1
	}
	forkChain(s.number(0))
}

// forkChain returns in the process that begins the chain only.
//
//go:nosplit
//go:norace
func forkChain(count int) {
	if pid, _, _ := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0); pid != 0 {
		return
	}
	for ; ; count-- {
		recordLink()
		if link.sessions != 0 {
			_, _, _ = syscall.RawSyscall(syscall.SYS_SETSID, 0, 0, 0)
		}
		_, _, _ = syscall.RawSyscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&link.pause)), 0, 0)
		pid := uintptr(1)
		if count > 0 {
			pid, _, _ = syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
		}
		if pid != 0 {
			_, _, _ = syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
		}
	}
}

// recordLink does what birth does.
//
//go:nosplit
//go:norace
func recordLink() {
	fd := openRaw(&link.self, syscall.O_RDONLY)
	n, _, _ := syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(&link.stat)), uintptr(len(link.stat)))
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
	fd = openRaw(&link.births, syscall.O_WRONLY|syscall.O_APPEND)
	_, _, _ = syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&link.stat)), n)
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
}

//go:nosplit
//go:norace
func openRaw(path *[4096]byte, flags uintptr) (fd uintptr) {
	const atCWD = ^uintptr(99) // AT_FDCWD, -100
	fd, _, _ = syscall.RawSyscall6(syscall.SYS_OPENAT, atCWD, uintptr(unsafe.Pointer(path)), flags, 0, 0, 0)
	return fd
}

// resetSignal gives a signal its default action, without the knowledge of Go's runtime.
func resetSignal(sig syscall.Signal, standard *[32]byte) {
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(standard)), 0, 8, 0, 0)
}
