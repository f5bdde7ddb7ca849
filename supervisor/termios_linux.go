package supervisor

import "golang.org/x/sys/unix"

// How the attributes of a terminal are read and set, and what stands for no key
// (ioctl_tty(2), termios(3)).
const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
	disabled   = 0
)
