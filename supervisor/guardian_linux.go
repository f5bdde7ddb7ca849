package supervisor

import (
	"os"

	"golang.org/x/sys/unix"
)

func pipe(ends []int) error { return unix.Pipe2(ends, unix.O_CLOEXEC) }

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
