package supervisor

import (
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
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

// wardsLeft finds the processes of the wards, by ward. Their orphans have come to the same
// process as this one, whose parent was theirs; but so have other people's, and only those
// with a marker are the formation's.
func wardsLeft(wards map[int]*run, formation string) map[int][]proc {
	self, reaper := os.Getpid(), os.Getppid()
	procs, ok := processTable()
	if !ok {
		procs = askedTable(append(slices.Collect(maps.Keys(wards)), self))
	}
	f := &family{
		procs: procs, reaper: reaper, unmarked: nobody,
		isRun:    func(pid int) bool { return wards[pid] != nil },
		markedAs: lazily(func() *markers { return markersOf(formation, maps.All(wards)) }),
		owners:   map[int]owner{self: nobody, reaper: nobody},
	}
	left := map[int][]proc{}
	for pid, o := range f.all() {
		ward := o.run
		if o == astray {
			ward = anyOf(wards)
		}
		left[ward] = append(left[ward], procs[pid])
	}
	return left
}
