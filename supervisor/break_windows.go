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

// lacksBreak reports whether consoles have no Ctrl-Break: up to its version 8, those of Wine. And there a
// process group of its own would not even hear of it in another way.
var lacksBreak = sync.OnceValue(func() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
})

// apart are the flags with which a run begins, so that a Ctrl-C in reeve's console does not reach it,
// and a Ctrl-Break for it reaches nobody else.
func apart() uint32 {
	switch {
	case lacksBreak():
		return windows.CREATE_NO_WINDOW // a console of its own, which nobody sees
	case !hasConsole():
		return windows.CREATE_NO_WINDOW | windows.CREATE_NEW_PROCESS_GROUP
	}
	return windows.CREATE_NEW_PROCESS_GROUP
}

// Apart is how to start another program that [Break] is to reach, and nobody else with it.
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

// sendBreak asks the processes of a run to stop: by the console, in which they are the process group of
// the leader, or, where that does not work, each as the console would, with a thread that calls its
// handlers.
func sendBreak(leader int, members []int) {
	if !breakGroup(leader) {
		breakEach(members)
	}
}

// breakEach asks processes one by one, and reports whether one of them has been.
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

// youth is how long a process may be busy with its own beginning, so that a thread in it would be lost.
const youth = time.Second

// ageOf is for how long a process has been there.
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

// breakGroup sends Ctrl-Break to a process group. One can do that only to those who have the same
// console: a reeve without any has theirs meanwhile.
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

// breakOne has one process call its handlers for Ctrl-Break. Without any, it ends.
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

// kernelbaseOf is where a process has the library with the handlers: at the same place as any other,
// if it is a program for the same processor. One for another has none that this process sees.
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
