package supervisor

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

// userHZ is how many clock ticks /proc counts in a second, on every architecture that Go
// runs on (proc_pid_stat(5)).
const userHZ = 100

// looking is held by who looks at processes: each would occupy a thread.
var looking sync.Mutex

// UsageOf tells what the sessions of runs use, by their leaders' pids. It can be called
// from any goroutine. A run of which nothing is known is left out.
func UsageOf(leaders []int) map[int]Usage {
	if len(leaders) == 0 {
		return nil // to look at all processes takes milliseconds
	}
	looking.Lock()
	defer looking.Unlock()
	procs, _ := processTable()
	used := map[int]Usage{}
	for _, pr := range procs {
		if !slices.Contains(leaders, pr.session) {
			continue
		}
		line, _ := os.ReadFile("/proc/" + strconv.Itoa(pr.pid) + "/stat")
		u := used[pr.session]
		u.add(line)
		used[pr.session] = u
	}
	return used
}

// Members gives the processes in the sessions of runs, by their leaders' pids. It can be
// called from any goroutine.
func Members(leaders []int) map[int][]int {
	looking.Lock()
	defer looking.Unlock()
	procs, _ := processTable()
	members := map[int][]int{}
	for _, pr := range procs {
		if slices.Contains(leaders, pr.session) {
			members[pr.session] = append(members[pr.session], pr.pid)
		}
	}
	return members
}

// add adds what one process uses, and what those of its children did that have ended.
func (u *Usage) add(stat []byte) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	const utime, cstime, rss = 11, 14, 21 // from the state on
	if len(fields) <= rss {
		return // it has just ended
	}
	number := func(i int) int64 { n, _ := strconv.ParseInt(string(fields[i]), 10, 64); return n }
	for i := utime; i <= cstime; i++ {
		u.CPU += time.Duration(number(i)) * (time.Second / userHZ)
	}
	u.Memory += number(rss) * int64(os.Getpagesize())
}
