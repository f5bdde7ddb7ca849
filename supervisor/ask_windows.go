package supervisor

import (
	"slices"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// AskFirst asks all processes of the runs to stop: Ctrl-Break reaches nothing smaller than a process
// group. Or it has a command ask them.
func (p *Processes) AskFirst(runs []int) {
	for _, pid := range runs {
		if r := p.runs[pid]; r != nil && !p.stopWith(r) {
			r.ask()
		}
	}
}

// Ask asks the runs that have not been asked: those whose leaders have ended by themselves, and those
// that a command could not stop.
func (p *Processes) Ask(runs []int) {
	for _, pid := range runs {
		if r := p.runs[pid]; r != nil && !r.asked && (!r.byCommand || r.headless) {
			r.ask()
		}
	}
}

// ask asks all processes of a run to stop: with Ctrl-Break those on reeve's console, and windows as if
// somebody closed them.
func (r *run) ask() {
	r.asked = true
	if r.stopSignal() == syscall.SIGKILL {
		r.killed = true
		r.job.terminate()
		return
	}
	members := r.job.members()
	shown := closeWindows(members)
	members = slices.DeleteFunc(members, func(pid int) bool { return shown[pid] || isConsoleHost(pid) })
	switch {
	case r.console == nil:
		sendBreak(r.pid, members)
	case !breakEach(members):
		r.console.Interrupt()
	}
}

var (
	user32          = windows.NewLazySystemDLL("user32.dll")
	procFindWindow  = user32.NewProc("FindWindowExW")
	procPostMessage = user32.NewProc("PostMessageW")
)

// closeWindows asks the windows of some processes to close, and returns the processes that have any.
func closeWindows(pids []int) (have map[int]bool) {
	have = map[int]bool{}
	const wmClose = 0x0010
	for window := nextWindow(0); window != 0; window = nextWindow(window) {
		var pid uint32
		_, _ = windows.GetWindowThreadProcessId(window, &pid)
		if slices.Contains(pids, int(pid)) && windows.IsWindowVisible(window) {
			_, _, _ = procPostMessage.Call(uintptr(window), wmClose, 0, 0)
			have[int(pid)] = true
		}
	}
	return have
}

// nextWindow is the top-level window after another one; 0: the first, or none.
func nextWindow(after windows.HWND) windows.HWND {
	if procFindWindow.Find() != nil {
		return 0 // a server without windows
	}
	window, _, _ := procFindWindow.Call(0, uintptr(after), 0, uintptr(unsafe.Pointer(nil)))
	return windows.HWND(window)
}

// wrapperPatience is how long cmd.exe may stay when nothing else is left of a run.
const wrapperPatience = 200 * time.Millisecond

// endWrappers ends the cmd.exe of runs that were asked to stop, once the program in it has ended. It
// would ask whether to terminate the batch job, and nobody could answer.
func (p *Processes) endWrappers() {
	now := time.Now()
	for _, r := range p.runs {
		switch {
		case !r.wrapped || !r.asked || r.headless || !r.isAlone():
			r.alone = time.Time{}
		case r.alone.IsZero():
			r.alone = now
			time.AfterFunc(wrapperPatience, p.wake)
		case now.Sub(r.alone) >= wrapperPatience:
			_ = windows.TerminateProcess(r.process, uint32(windows.STATUS_CONTROL_C_EXIT))
		}
	}
}

// isAlone reports whether nothing but the leader lives.
func (r *run) isAlone() bool {
	others := slices.DeleteFunc(r.job.members(), func(pid int) bool { return pid == r.pid || isConsoleHost(pid) })
	return len(others) == 0
}

// isConsoleHost reports whether a process is what keeps a console. In Wine it is in the job of whoever
// has the console, and ends with that.
func isConsoleHost(pid int) bool { return programOf(pid) == "conhost.exe" }
