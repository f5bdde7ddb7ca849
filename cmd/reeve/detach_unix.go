//go:build unix

package main

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownSession lets a process survive the end of the terminal.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// redirect makes a standard descriptor another file.
func redirect(from, to *os.File) { _ = unix.Dup2(int(from.Fd()), int(to.Fd())) }
