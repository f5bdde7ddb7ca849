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

// usage is what the job's processes use, and have used that have ended. Wine's jobs do not count time, so
// at least it is what those do that live.
func (j job) usage() (u Usage) {
	for _, pid := range j.members() {
		of := usageOf(pid)
		u.CPU += of.CPU
		u.Memory += of.Memory
	}
	a := j.accounting()
	u.CPU = max(u.CPU, time.Duration(a.userTime+a.kernelTime)*100)
	return u
}

// usageOf is what one process uses.
func usageOf(pid int) (u Usage) {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION|windows.PROCESS_VM_READ, false, uint32(pid))
	if err != nil {
		return u
	}
	defer func() { _ = windows.CloseHandle(process) }()
	m := memoryCounters{size: uint32(unsafe.Sizeof(memoryCounters{}))}
	_, _, _ = procMemory.Call(uintptr(process), uintptr(unsafe.Pointer(&m)), uintptr(m.size))
	u.Memory = int64(m.working)
	var began, ended, kernel, user windows.Filetime
	if windows.GetProcessTimes(process, &began, &ended, &kernel, &user) == nil {
		u.CPU = time.Duration(ticksOf(kernel)+ticksOf(user)) * 100
	}
	return u
}

// ticksOf are the units of 100 ns of a duration.
func ticksOf(t windows.Filetime) int64 { return int64(t.HighDateTime)<<32 + int64(t.LowDateTime) }
