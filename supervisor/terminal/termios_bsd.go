//go:build darwin || freebsd

package terminal

import (
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// How the attributes of a terminal are read and set, and what stands for no key
// (termios(4)).
const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
	disabled   = 0xff
)

// setAttributes sets a terminal's attributes, also from the background: a job that does that would
// be stopped by SIGTTOU, unless it ignores that. Nobody may fork meanwhile, who would inherit it.
func setAttributes(fd int, attributes *unix.Termios) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if !signal.Ignored(unix.SIGTTOU) {
		signal.Ignore(unix.SIGTTOU)
		defer signal.Reset(unix.SIGTTOU)
	}
	return unix.IoctlSetTermios(fd, setTermios, attributes)
}
