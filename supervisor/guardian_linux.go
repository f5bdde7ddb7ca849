package supervisor

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"
)

func pipe(ends []int) error { return unix.Pipe2(ends, unix.O_CLOEXEC) }

// slim gives back the memory that was only needed to start: the heap, and the pages of
// the program file, which come back from the page cache if they are used again. A
// guardian waits for as long as its formation runs and mostly does nothing else.
func slim() {
	debug.FreeOSMemory()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(maps)) {
		var from, to, offset, major, minor, inode uint64
		var perms string
		_, _ = fmt.Sscanf(line, "%x-%x %s %x %x:%x %d", &from, &to, &perms, &offset, &major, &minor, &inode)
		if inode != 0 && (perms == "r-xp" || perms == "r--p") {
			_, _, _ = unix.Syscall(unix.SYS_MADVISE, uintptr(from), uintptr(to-from), unix.MADV_DONTNEED)
		}
	}
}

// wardsLeft finds the processes of the wards, by ward: those of its session, those
// that carry the formation's marker, and the children of both.
func wardsLeft(wards map[int]*run, formation string) map[int][]proc {
	procs, ok := processTable()
	if !ok {
		return wardGroups(wards)
	}
	left := map[int][]proc{}
	for pid := range procs {
		if ward := wardOf(pid, procs, wards, formation); ward != 0 && pid != os.Getpid() {
			left[ward] = append(left[ward], procs[pid])
		}
	}
	return left
}

// wardOf climbs from a process to its parents until one of them belongs to a ward.
func wardOf(pid int, procs map[int]proc, wards map[int]*run, formation string) int {
	for range len(procs) {
		pr, ok := procs[pid]
		if !ok || pid == 1 {
			return 0
		}
		if wards[pr.session] != nil {
			return pr.session
		}
		if f, _ := markIn(pid); f == formation {
			return anyOf(wards)
		}
		pid = pr.ppid
	}
	return 0
}
