package kinfo

import (
	"os"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The offsets are those of golang.org/x/sys, or this does not compile.
var (
	_ unix.KinfoProc
	_ = [1]int{}[unsafe.Sizeof(unix.KinfoProc{})-648]
	_ = [1]int{}[unsafe.Offsetof(unix.KinfoProc{}.Eproc)+unsafe.Offsetof(unix.Eproc{}.Ppid)-560]
	_ = [1]int{}[unsafe.Offsetof(unix.KinfoProc{}.Eproc)+unsafe.Offsetof(unix.Eproc{}.Pgid)-564]
	_ = [1]int{}[unsafe.Offsetof(unix.ExternProc{}.P_starttime)]
	_ = [1]int{}[unsafe.Offsetof(unix.ExternProc{}.P_stat)-36]
	_ = [1]int{}[unsafe.Offsetof(unix.ExternProc{}.P_pid)-40]
	_ = [1]int{}[unsafe.Offsetof(unix.ExternProc{}.P_sigignore)-232]
	_ = [1]int{}[unsafe.Offsetof(unix.ExternProc{}.P_sigcatch)-236]
	_ = [1]int{}[unsafe.Offsetof(unix.ExternProc{}.P_comm)-243]
)

// All is every process there is, but for those that have ended.
func All() (map[int]Process, error) { return table(&darwin, "kern.proc.all") }

// Of looks at one process.
func Of(pid int) (Process, bool) { return one(&darwin, "kern.proc.pid", pid) }

// complete adds what the table does not tell.
func complete(p *Process) { p.Session, _ = unix.Getsid(p.Pid) }

// Environ is the environment that a process was started with, as far as this user may see it.
func Environ(pid int) []string {
	memory, err := unix.SysctlRaw("kern.procargs2", pid)
	if err != nil {
		return nil
	}
	return afterArguments(memory)
}

// usageInfo is the beginning of struct rusage_info_v1 (sys/resource.h). Its times are in ticks.
type usageInfo struct {
	_                      [16]byte
	user, system           uint64
	_                      [4]uint64
	resident               uint64
	_                      [3]uint64
	childUser, childSystem uint64
	_                      [4]uint64
}

// Usage is what a process uses: its processor time, with that of its children that have ended, and
// its resident memory. This is proc_pid_rusage(3), which golang.org/x/sys does not have.
func (p Process) Usage() (cpu time.Duration, memory int64) {
	const procInfo, pidRusage, v1 = 336, 9, 1
	var u usageInfo
	_, _, errno := unix.Syscall6(procInfo, pidRusage, uintptr(p.Pid), v1, 0, uintptr(unsafe.Pointer(&u)), 0)
	if errno != 0 {
		return 0, 0 // somebody else's, or it has just ended
	}
	ticks := u.user + u.system + u.childUser + u.childSystem
	return time.Duration(float64(ticks) * tick()), int64(u.resident)
}

// tick is how many nanoseconds one takes.
var tick = sync.OnceValue(func() float64 {
	hertz, err := unix.SysctlUint64("hw.tbfrequency")
	if err != nil || hertz == 0 {
		return 1
	}
	return 1e9 / float64(hertz)
})

var pageSize = os.Getpagesize()
