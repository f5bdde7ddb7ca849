package live

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// dropProgram gives the pages of the program's file back. A start touches nearly all of them,
// and what runs afterwards a quarter: these come back from the page cache, sixteen at a time,
// as they are used (8.5 MB of memory become 2). It is done earlier if processes write so much at once
// that reeve needs the memory for that.
func dropProgram() {
	smaps, _ := os.ReadFile("/proc/self/smaps")
	ranges := cleanMappings(string(smaps))
	for _, r := range ranges { // nothing but this, so that hardly any page is used again at once
		_, _, _ = unix.RawSyscall(unix.SYS_MADVISE, r.from, r.to-r.from, unix.MADV_DONTNEED)
	}
}

// mapping is a range of addresses.
type mapping struct{ from, to uintptr }

// cleanMappings finds what is mapped from a file and not written to, code and constants. Pages
// that a dynamic loader has written to would come back as they were before, so mappings that
// have any, which smaps calls anonymous, are kept.
func cleanMappings(smaps string) (found []mapping) {
	var m mapping  // that the line is about
	var clean bool // it is of a file, and not written to
	for line := range strings.Lines(smaps) {
		if line[0] < 'A' || line[0] > 'Z' { // the first line of a mapping
			m, clean = readMapping(line)
		} else if clean && strings.HasPrefix(line, "Anonymous: ") && strings.HasSuffix(line, " 0 kB\n") {
			found = append(found, m)
		}
	}
	return found
}

// readMapping reads a line of proc_pid_maps(5), "from-to permissions offset device inode
// path", and says whether that is of a file and cannot be written to.
func readMapping(line string) (m mapping, ofFile bool) {
	fields := strings.Fields(line)
	if len(fields) < 6 || fields[1] != "r-xp" && fields[1] != "r--p" || fields[4] == "0" {
		return m, false
	}
	from, to, _ := strings.Cut(fields[0], "-")
	first, err := strconv.ParseUint(from, 16, 64)
	last, lastErr := strconv.ParseUint(to, 16, 64)
	return mapping{uintptr(first), uintptr(last)}, err == nil && lastErr == nil
}
