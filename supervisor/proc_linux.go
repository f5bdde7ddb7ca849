package supervisor

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// proc is one process as /proc shows it.
type proc struct {
	pid, ppid, pgrp, session int
	state                    byte
	start                    uint64 // clock ticks since boot; with pid the process's identity
	name                     string
}

// ticks is the time now, as the start of a process is counted: in hundredths of a second
// since boot, on every architecture that Go runs on.
func ticks() uint64 {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &now) != nil {
		return 0
	}
	return uint64(now.Sec)*userHZ + uint64(now.Nsec)/(1e9/userHZ)
}

// hasProc reports whether /proc is that of this process's PID namespace. In any other one
// everybody has another pid, and the pids there are strangers here (unshare --pid without
// --mount-proc, bwrap --unshare-pid without --proc). A variable for tests.
var hasProc = func() bool {
	self, err := os.Readlink("/proc/self")
	return err == nil && self == strconv.Itoa(os.Getpid()) && isInnermost()
}

// isInnermost reports whether /proc knows this process by one pid alone. One of a namespace
// further out knows that of each in between, and the first may be the last by chance.
// Neither changes while a process lives.
var isInnermost = sync.OnceValue(func() bool {
	status := readAll("/proc/self/status")
	for line := range bytes.Lines(status) {
		if pids, ok := bytes.CutPrefix(line, []byte("NSpid:")); ok {
			return len(bytes.Fields(pids)) == 1
		}
	}
	return true // before Linux 4.1
})

// processTable reads /proc. Processes that have ended and wait to be reaped are left
// out. Not ok: there is no /proc.
func processTable() (procs map[int]proc, ok bool) {
	if !hasProc() {
		return nil, false
	}
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
	return procs, true
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

// readAll reads a file of /proc. [os.ReadFile] makes twice as many system calls, as it cannot
// know that none of these ever has to be waited for. Nil: it cannot be opened.
func readAll(path string) []byte {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer func() { _ = syscall.Close(fd) }()
	text := make([]byte, 0, 4096)
	for {
		n, err := syscall.Read(fd, text[len(text):cap(text)])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return text
		}
		text = slices.Grow(text[:len(text)+n], 512)
	}
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
