//go:build unix

package supervisor

import (
	"maps"
	"os"
	"slices"
)

// wardsLeft finds the processes of the wards, by ward. Their orphans have come to the same
// process as this one, whose parent was theirs; but so have other people's, and only those
// with a marker are the formation's.
func wardsLeft(wards map[int]*run, formation string) map[int][]proc {
	self, reaper := os.Getpid(), os.Getppid()
	procs := lookAround(append(slices.Collect(maps.Keys(wards)), self))
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
