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
//
// Pages that the dynamic loader has written to would come back as they were before,
// so mappings that have any (smaps calls them anonymous) are kept.
func slim() {
	ranges := cleanMappings()
	debug.FreeOSMemory()
	// Nothing but this loop, so that hardly any page is used again at once.
	for _, r := range ranges {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, r.from, r.to-r.from, unix.MADV_DONTNEED)
	}
}

// mapping is a range of addresses.
type mapping struct{ from, to uintptr }

// cleanMappings finds what is mapped from a file and not written to.
func cleanMappings() []mapping {
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return nil
	}
	var found []mapping
	var m mapping  // that the line is about
	var clean bool // it is of a file, and not written to
	for line := range strings.Lines(string(smaps)) {
		switch {
		case line[0] < 'A' || line[0] > 'Z': // the first line of a mapping
			var offset, major, minor, inode uint64
			var perms string
			_, _ = fmt.Sscanf(line, "%x-%x %s %x %x:%x %d", &m.from, &m.to, &perms, &offset, &major, &minor, &inode)
			clean = inode != 0 && (perms == "r-xp" || perms == "r--p")
		case clean && strings.HasPrefix(line, "Anonymous: ") && strings.HasSuffix(line, " 0 kB\n"):
			found = append(found, m)
		}
	}
	return found
}

// wardsLeft finds the processes of the wards, by ward: those of its session, those
// that carry the formation's marker, and the children of both.
func wardsLeft(wards map[int]*run, formation string) map[int][]proc {
	procs, ok := processTable()
	if !ok {
		return wardGroups(wards)
	}
	marked := func(pid int) bool { f, _ := markIn(pid); return f == formation && f != "" }
	left := map[int][]proc{}
	for pid := range procs {
		if ward := wardOf(pid, procs, wards, marked); ward != 0 && pid != os.Getpid() {
			left[ward] = append(left[ward], procs[pid])
		}
	}
	return left
}

// wardOf climbs from a process to its parents until one of them belongs to a ward.
func wardOf(pid int, procs map[int]proc, wards map[int]*run, marked func(pid int) bool) int {
	for range len(procs) {
		pr, ok := procs[pid]
		if !ok || pid == 1 {
			return 0
		}
		if wards[pr.session] != nil {
			return pr.session
		}
		if marked(pid) {
			return anyOf(wards)
		}
		pid = pr.ppid
	}
	return 0
}
