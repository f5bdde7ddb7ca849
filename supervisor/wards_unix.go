//go:build unix

package supervisor

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
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

// untold is the ward that stands for a run that reeve has started and could not tell the
// pid of any longer. No session has this number.
const untold = -1

// readWards reads what the supervisor tells until it ends.
func readWards(in io.Reader) (wards map[int]*run, k kept) {
	wards = map[int]*run{}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if k.note(fields) {
			continue
		}
		var pid, stop, grace int
		var name string
		_, _ = fmt.Sscan(lines.Text(), &pid, &stop, &grace, &name)
		switch {
		case pid < 0:
			delete(wards, -pid)
			continue
		case pid > 0: // session 0 is the kernel's
			delete(wards, untold)
		case name != "":
			pid = untold
		default:
			continue
		}
		wards[pid] = &run{pid: pid, Spec: Spec{
			Name: name, Stop: syscall.Signal(stop), Grace: time.Duration(grace) * time.Millisecond,
		}}
	}
	return wards, k
}

// anyOf gives the ward with the longest grace: whose a process is that has left its
// session does not matter any longer, only how long it may take. It is the same ward each
// time, which remembers who has been asked.
func anyOf(wards map[int]*run) int {
	longest := 0
	for pid, r := range wards {
		l := wards[longest]
		if l == nil || r.Grace > l.Grace || r.Grace == l.Grace && pid < longest {
			longest = pid
		}
	}
	return longest
}
