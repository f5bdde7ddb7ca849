//go:build darwin || freebsd

package terminal

import "golang.org/x/sys/unix"

// How the attributes of a terminal are read and set, and what stands for no key
// (termios(4)).
const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
	disabled   = 0xff
)

// setAttributes sets a terminal's attributes.
func setAttributes(fd int, attributes *unix.Termios) error {
	return unix.IoctlSetTermios(fd, setTermios, attributes)
}
