package supervisor

import (
	"errors"
	"path/filepath"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// A job object holds a process and everything that it starts, none of which can leave it. It ends with
// its last handle, and only reeve has one: when reeve is killed, so is everything in it.
type job windows.Handle

// What golang.org/x/sys does not have of winnt.h and psapi.h.
type (
	jobAccounting struct {
		userTime, kernelTime             int64 // in units of 100 ns
		periodUserTime, periodKernelTime int64
		pageFaults, processes            uint32
		active, terminated               uint32
	}
	jobPort struct {
		key  uintptr
		port windows.Handle
	}
	jobMembers struct {
		assigned, listed uint32
		pids             [1024]uintptr
	}
	memoryCounters struct {
		size, pageFaults        uint32
		peakWorkingSet, working uintptr
		_                       [6]uintptr
	}
)

// jobMembersClass is the class of a job's list of processes.
const jobMembersClass = 3

var (
	kernel32             = windows.NewLazySystemDLL("kernel32.dll")
	procSetJob           = kernel32.NewProc("SetInformationJobObject")
	procQueryJob         = kernel32.NewProc("QueryInformationJobObject")
	procMemory           = kernel32.NewProc("K32GetProcessMemoryInfo")
	procQueuedCompletion = kernel32.NewProc("GetQueuedCompletionStatus")
)

// newJob makes a job without processes.
func newJob() (job, error) {
	handle, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	if err := job(handle).limit(windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE); err != nil {
		return 0, err
	}
	return job(handle), nil
}

// formationJob has the jobs of all runs in it.
var formationJob = sync.OnceValues(newJob)

// limit sets what holds for a job's processes.
func (j job) limit(flags uint32) error {
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = flags
	return asError(procSetJob.Call(uintptr(j), windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), unsafe.Sizeof(limits)))
}

// tell has what happens in the job reported to a completion port.
func (j job) tell(port windows.Handle) error {
	to := jobPort{key: uintptr(j), port: port}
	return asError(procSetJob.Call(uintptr(j), windows.JobObjectAssociateCompletionPortInformation,
		uintptr(unsafe.Pointer(&to)), unsafe.Sizeof(to)))
}

// asError is the error of a call that returns 0 if there is one.
func asError(result, _ uintptr, err error) error {
	if result == 0 {
		return err
	}
	return nil
}

// accounting is what the job's processes have used so far, those that have ended as well.
func (j job) accounting() (a jobAccounting) {
	_, _, _ = procQueryJob.Call(uintptr(j), windows.JobObjectBasicAccountingInformation,
		uintptr(unsafe.Pointer(&a)), unsafe.Sizeof(a), 0)
	return a
}

// active is how many of the job's processes live.
func (j job) active() int { return int(j.accounting().active) }

// members are the processes that live.
func (j job) members() (pids []int) {
	var m jobMembers
	err := asError(procQueryJob.Call(uintptr(j), jobMembersClass, uintptr(unsafe.Pointer(&m)), unsafe.Sizeof(m), 0))
	if err != nil && !errors.Is(err, windows.ERROR_MORE_DATA) {
		return nil
	}
	for _, pid := range m.pids[:min(int(m.listed), len(m.pids))] {
		pids = append(pids, int(pid))
	}
	return pids
}

// killedExit is the exit code of what reeve has ended, as that of what SIGKILL has ended elsewhere.
const killedExit = uint32(killedCode)

// terminate ends all of the job's processes.
func (j job) terminate() { _ = windows.TerminateJobObject(windows.Handle(j), killedExit) }

// close ends what is left of it.
func (j job) close() { _ = windows.CloseHandle(windows.Handle(j)) }

// programOf is the name of a process's program, for messages; empty: nobody knows.
func programOf(pid int) string {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return ""
	}
	defer func() { _ = windows.CloseHandle(process) }()
	path := make([]uint16, windows.MAX_PATH)
	size := uint32(len(path))
	if windows.QueryFullProcessImageName(process, 0, &path[0], &size) != nil {
		return ""
	}
	return filepath.Base(windows.UTF16ToString(path[:size]))
}
