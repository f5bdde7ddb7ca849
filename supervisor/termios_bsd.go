//go:build darwin || freebsd

package supervisor

import "golang.org/x/sys/unix"

// How the attributes of a terminal are read and set, and what stands for no key
// (termios(4)).
const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
	disabled   = 0xff
)
