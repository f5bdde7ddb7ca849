package supervisor

import (
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// UsageOf tells what the jobs of runs use, by their leaders' pids. It can be called from any
// goroutine.
func UsageOf(leaders []int) map[int]Usage {
	used := map[int]Usage{}
	for _, pid := range leaders {
		if c := childOf(pid); c != nil {
			used[pid] = c.job.usage()
		}
	}
	return used
}

// Members gives the processes in the jobs of runs, by their leaders' pids. It can be called from
// any goroutine.
func Members(leaders []int) map[int][]int {
	members := map[int][]int{}
	for _, pid := range leaders {
		if c := childOf(pid); c != nil {
			members[pid] = c.job.members()
		}
	}
	return members
}

// usage is what the job's processes use.
func (j job) usage() (u Usage) {
	a := j.accounting()
	u.CPU = time.Duration(a.userTime+a.kernelTime) * 100
	for _, pid := range j.members() {
		u.Memory += workingSet(pid)
	}
	return u
}

// workingSet is how much memory a process occupies.
func workingSet(pid int) int64 {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION|windows.PROCESS_VM_READ, false, uint32(pid))
	if err != nil {
		return 0
	}
	defer func() { _ = windows.CloseHandle(process) }()
	m := memoryCounters{size: uint32(unsafe.Sizeof(memoryCounters{}))}
	_, _, _ = procMemory.Call(uintptr(process), uintptr(unsafe.Pointer(&m)), uintptr(m.size))
	return int64(m.working)
}
