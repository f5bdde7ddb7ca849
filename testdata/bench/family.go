package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// familyVariable is in the environment of everything that a run starts, so that it is
// found wherever it goes: some runners have a server in the background.
const familyVariable = "REEVE_BENCH_FAMILY"

// family finds the processes of a run. Without /proc there are none to be seen.
type family string

var families int

func newFamily() family {
	families++
	return family(fmt.Sprintf("%d-%d", os.Getpid(), families))
}

func (f family) variable() string { return familyVariable + "=" + string(f) }

// members gives the living processes that carry the variable, and the children of
// these and of a given one, which may have been started without it.
func (f family) members(root int) []int {
	parents := parents()
	belongs := map[int]bool{}
	if parents[root] > 0 {
		belongs[root] = true
	}
	for pid := range parents {
		environ, _ := os.ReadFile(procFile(pid, "environ"))
		if bytes.Contains(append(environ, 0), []byte(f.variable()+"\x00")) {
			belongs[pid] = true
		}
	}
	var members []int
	for pid := range parents {
		for p := pid; p > 1; p = parents[p] {
			if belongs[p] {
				members = append(members, pid)
				break
			}
		}
	}
	return members
}

// own gives those that the runner needs besides what it was asked to run: itself,
// first, its servers, guardians and shells.
func (f family) own(root int) []int {
	own := []int{root}
	for _, pid := range f.members(root) {
		if name := statField(pid, "Name"); pid != root && name != generatorName && name != "cat" {
			own = append(own, pid)
		}
	}
	return own
}

// parents gives the parent of every process that is alive.
func parents() map[int]int {
	paths, _ := filepath.Glob("/proc/[0-9]*")
	parents := map[int]int{}
	for _, path := range paths {
		pid, _ := strconv.Atoi(filepath.Base(path))
		stat, _ := os.ReadFile(procFile(pid, "stat"))
		// "pid (name) state ppid …", and there may be anything in the name.
		var state string
		var ppid int
		_, _ = fmt.Sscan(string(stat[bytes.LastIndexByte(stat, ')')+1:]), &state, &ppid)
		if ppid > 0 && state != "Z" {
			parents[pid] = ppid
		}
	}
	return parents
}

func procFile(pid int, name string) string { return fmt.Sprintf("/proc/%d/%s", pid, name) }

// statField gives a field of /proc/PID/status.
func statField(pid int, name string) string {
	status, _ := os.ReadFile(procFile(pid, "status"))
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// statNumber gives a number of /proc/PID/status, NaN if there is none.
func statNumber(pid int, name string) float64 {
	number, _, _ := strings.Cut(statField(pid, name), " ")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// megabytes gives a size of /proc/PID/status, which are in KiB.
func megabytes(pid int, name string) float64 { return statNumber(pid, name) * 1024 / 1e6 }

// usage is the processor time, user and system, that processes have used themselves,
// in nanoseconds, without their children's.
type usage map[int]int64

// usageOf asks the clocks that Linux has for every process (clock_getres(2)). They
// count nanoseconds, where /proc counts ticks, and leave out the children, which
// wait4(2) does not. Those that have ended, and elsewhere all, are left out.
func usageOf(pids []int) usage {
	u := usage{}
	for _, pid := range pids {
		const scheduler = 2
		var t unix.Timespec
		if unix.ClockGettime(int32(^pid<<3|scheduler), &t) == nil {
			u[pid] = t.Nano()
		}
	}
	return u
}

// secondsSince gives what the processes have used since, NaN if the first of them, the
// runner, cannot be asked.
func (u usage) secondsSince(pids []int) float64 {
	now := usageOf(pids)
	if _, ok := now[pids[0]]; !ok {
		return math.NaN()
	}
	var sum int64
	for pid, used := range now {
		sum += used - u[pid]
	}
	return float64(sum) / 1e9
}
