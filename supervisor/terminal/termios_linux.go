package terminal

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// How the attributes of a terminal are read and set, and what stands for no key
// (ioctl_tty(2), termios(3)).
const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
	disabled   = 0
)

// setAttributes sets a terminal's attributes, also from the background: a job that does
// that would be stopped by SIGTTOU, unless the thread blocks it (termios(3)).
func setAttributes(fd int, attributes *unix.Termios) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var blocked, before unix.Sigset_t
	const bit = int(unix.SIGTTOU) - 1 // all words of a set have more bits
	blocked.Val[0] |= 1 << bit
	_ = unix.PthreadSigmask(unix.SIG_BLOCK, &blocked, &before)
	defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil) }()
	return unix.IoctlSetTermios(fd, setTermios, attributes)
}
