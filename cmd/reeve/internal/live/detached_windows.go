package live

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// OwnSession lets a process survive the end of the console.
func OwnSession() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP}
}

// redirect does nothing: what was handed on stays open.
func redirect(_, _ *os.File) {}
