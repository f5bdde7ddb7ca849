package supervisor

import (
	"errors"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// hasConsole reports whether reeve has a console. Services have none.
var hasConsole = sync.OnceValue(func() bool {
	page, err := windows.GetConsoleCP()
	return err == nil && page != 0
})

// lacksBreak reports whether consoles have no Ctrl-Break, like Wine's up to version 8. There, a process in a
// process group of its own would not be reached in the other way, either.
var lacksBreak = sync.OnceValue(func() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
})

// apart are the flags with which a run is created, so that a Ctrl-C in reeve's console does not reach it,
// and a Ctrl-Break for it reaches no other process.
func apart() uint32 {
	switch {
	case lacksBreak():
		return windows.CREATE_NO_WINDOW // a hidden console of its own
	case !hasConsole():
		return windows.CREATE_NO_WINDOW | windows.CREATE_NEW_PROCESS_GROUP
	}
	return windows.CREATE_NEW_PROCESS_GROUP
}

// Apart says how to start another program so that [Break] reaches it and nothing else.
func Apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{CreationFlags: apart()} }

// Break sends Ctrl-Break to a program that was started Apart.
func Break(pid int) { sendBreak(pid, []int{pid}) }

var (
	kernelbase        = windows.NewLazySystemDLL("kernelbase.dll")
	procCtrlRoutine   = kernelbase.NewProc("CtrlRoutine")
	procRemoteThread  = kernel32.NewProc("CreateRemoteThread")
	procAttachConsole = kernel32.NewProc("AttachConsole")
	procFreeConsole   = kernel32.NewProc("FreeConsole")
)

// sendBreak asks the processes of a run to stop: through the console, where they are the leader's process
// group, or, if that does not work, one by one as the console would, with a thread that calls their
// handlers.
func sendBreak(leader int, members []int) {
	if !breakGroup(leader) {
		breakEach(members)
	}
}

// breakEach asks processes one by one, and reports whether it has reached any.
func breakEach(members []int) (some bool) {
	for _, pid := range members {
		switch rest := youth - ageOf(pid); {
		case rest > 0:
			some = true
			time.AfterFunc(rest, func() { _ = breakOne(pid) })
		case breakOne(pid) == nil:
			some = true
		}
	}
	return some
}

// youth is how long a process may still be starting, so that a thread created in it would be lost.
const youth = time.Second

// ageOf is how long a process has existed.
func ageOf(pid int) time.Duration {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return youth
	}
	defer func() { _ = windows.CloseHandle(process) }()
	var began, ended, kernel, user windows.Filetime
	if windows.GetProcessTimes(process, &began, &ended, &kernel, &user) != nil {
		return youth
	}
	return time.Since(time.Unix(0, began.Nanoseconds()))
}

// breakGroup sends Ctrl-Break to a process group. That reaches only processes with the same console, so a
// reeve without one attaches to theirs for the moment.
func breakGroup(leader int) bool {
	if lacksBreak() {
		return false
	}
	if !hasConsole() {
		if ok, _, _ := procAttachConsole.Call(uintptr(leader)); ok == 0 {
			return false
		}
		defer func() { _, _, _ = procFreeConsole.Call() }()
	}
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(leader)) == nil
}

// breakOne has a process call its handlers for Ctrl-Break. If it has none, it ends.
func breakOne(pid int) error {
	if err := procCtrlRoutine.Find(); err != nil {
		return err
	}
	const access = windows.PROCESS_CREATE_THREAD | windows.PROCESS_QUERY_INFORMATION |
		windows.PROCESS_VM_OPERATION | windows.PROCESS_VM_READ | windows.PROCESS_VM_WRITE
	process, err := windows.OpenProcess(access, false, uint32(pid))
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(process) }()
	base, err := kernelbaseOf(pid)
	if err != nil {
		return err
	}
	routine := base + procCtrlRoutine.Addr() - kernelbase.Handle()
	thread, _, err := procRemoteThread.Call(uintptr(process), 0, 0, routine, windows.CTRL_BREAK_EVENT, 0, 0)
	if thread == 0 {
		return err
	}
	return windows.CloseHandle(windows.Handle(thread))
}

var errNoConsoleProgram = errors.New("no program with a console")

// kernelbaseOf is the address of the library with the handlers in a process: the same as in any other
// program for the same processor. In a program for another one, this process cannot see it.
func kernelbaseOf(pid int) (base uintptr, err error) {
	all, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPMODULE, uint32(pid))
	if err != nil {
		return 0, err
	}
	defer func() { _ = windows.CloseHandle(all) }()
	m := windows.ModuleEntry32{Size: uint32(unsafe.Sizeof(windows.ModuleEntry32{}))}
	for err = windows.Module32First(all, &m); err == nil; err = windows.Module32Next(all, &m) {
		if strings.EqualFold(windows.UTF16ToString(m.Module[:]), "kernelbase.dll") {
			return m.ModBaseAddr, nil
		}
	}
	return 0, errNoConsoleProgram
}
