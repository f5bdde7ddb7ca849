//go:build unix

package live

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// OwnSession lets a process survive the end of the terminal.
func OwnSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// redirect makes a standard descriptor another file.
func redirect(from, to *os.File) { _ = unix.Dup2(int(from.Fd()), int(to.Fd())) }
