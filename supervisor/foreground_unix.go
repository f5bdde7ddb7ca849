//go:build unix

package supervisor

import (
	"golang.org/x/sys/unix"
)

// controllingTerminal is the terminal that reeve can be stopped from, if it has one.
type controllingTerminal struct {
	fd  int // -1: none
	own int // reeve's process group
}

// openTerminal finds it, even where no standard descriptor is that terminal.
func openTerminal() controllingTerminal {
	t := controllingTerminal{own: unix.Getpgrp()}
	var err error
	if t.fd, err = unix.Open("/dev/tty", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0); err != nil {
		t.fd = 0 // an image may have no /dev/tty
		if t.foreground() < 0 {
			t.fd = -1
		}
	}
	return t
}

// foreground gives the process group in the foreground, or -1.
func (t controllingTerminal) foreground() int {
	group, err := unix.IoctlGetInt(t.fd, unix.TIOCGPGRP)
	if err != nil {
		return -1
	}
	return group
}

// pass gives the foreground to a process group, if another one has it.
func (t controllingTerminal) pass(from, to int) {
	if t.foreground() == from {
		_ = unix.IoctlSetPointerInt(t.fd, unix.TIOCSPGRP, to)
	}
}
