//go:build darwin || freebsd

package supervisor

import (
	"slices"

	"reeve/supervisor/kinfo"
)

// UsageOf tells what the sessions of runs use, by their leaders' pids. It can be called
// from any goroutine. A run of which nothing is known is left out.
func UsageOf(leaders []int) map[int]Usage {
	used := map[int]Usage{}
	for _, p := range inSessions(leaders) {
		cpu, memory := p.Usage()
		u := used[p.Session]
		u.CPU += cpu
		u.Memory += memory
		used[p.Session] = u
	}
	return used
}

// Members gives the processes in the sessions of runs, by their leaders' pids. It can be
// called from any goroutine.
func Members(leaders []int) map[int][]int {
	members := map[int][]int{}
	for _, p := range inSessions(leaders) {
		members[p.Session] = append(members[p.Session], p.Pid)
	}
	return members
}

// inSessions gives the processes in the sessions of some leaders.
func inSessions(leaders []int) (all []kinfo.Process) {
	if len(leaders) == 0 {
		return nil // to look at all processes takes a while
	}
	procs, _ := kinfo.All()
	for _, p := range procs {
		if slices.Contains(leaders, p.Session) {
			all = append(all, p)
		}
	}
	return all
}
