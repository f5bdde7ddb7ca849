package trial

import (
	"fmt"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// ProcessesOf finds none: environments of others cannot be read.
func ProcessesOf(string) []string { return nil }

// ProcessesFrom lists the living processes of programs in a directory.
func ProcessesFrom(dir string) (found []string) {
	all, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return nil
	}
	defer func() { _ = windows.CloseHandle(all) }()
	entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(all, &entry); err == nil; err = windows.Process32Next(all, &entry) {
		program := programOf(entry.ProcessID)
		if filepath.Dir(program) == dir && IsAlive(int(entry.ProcessID)) {
			found = append(found, fmt.Sprintf("%d %s", entry.ProcessID, program))
		}
	}
	return found
}

func programOf(pid uint32) string {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return ""
	}
	defer func() { _ = windows.CloseHandle(process) }()
	path := make([]uint16, windows.MAX_LONG_PATH)
	size := uint32(len(path))
	if windows.QueryFullProcessImageName(process, 0, &path[0], &size) != nil {
		return ""
	}
	return windows.UTF16ToString(path[:size])
}

// IsAlive reports whether a process is there that has not ended: somebody may hold on to one that has.
func IsAlive(pid int) bool {
	process, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		return false
	}
	defer func() { _ = windows.CloseHandle(process) }()
	event, err := windows.WaitForSingleObject(process, 0)
	return err == nil && event == uint32(windows.WAIT_TIMEOUT)
}

// StateOf knows no states.
func StateOf(int) string { return "" }

// ExitCodeOf is a process's exit code.
func ExitCodeOf(state *os.ProcessState) int { return state.ExitCode() }
