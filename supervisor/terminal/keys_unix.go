//go:build unix

package terminal

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// TakeKeys makes a terminal hand over keys one by one, unchanged and without an echo, and
// leave what is written as it is: a process at the other end has a terminal of its own that
// does all of that. restore makes it as it was before; it can be called more than once.
func TakeKeys(fd int, keys Keys) (restore func(), err error) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	after := *before
	after.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	after.Lflag &^= unix.ICANON | unix.ECHO | unix.ECHONL | unix.IEXTEN
	after.Oflag &^= unix.OPOST
	after.Cc[unix.VMIN], after.Cc[unix.VTIME] = 1, 0
	switch keys {
	case KeysWithCtrlC:
		after.Cc[unix.VINTR] = disabled
	case AllKeys:
		after.Lflag &^= unix.ISIG
	}
	if err := setAttributes(fd, &after); err != nil {
		return nil, err
	}
	return func() { _ = setAttributes(fd, before) }, nil
}

// InForeground reports whether this process may use its terminal: it is no background job.
func InForeground(fd int) bool {
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// backgroundPoll is how often a background job checks whether it still is one.
const backgroundPoll = 200 * time.Millisecond

// ReadKeys waits for what is typed. A background job gets none, and is not stopped for that
// as it would be by reading (SIGTTIN).
func ReadKeys(fd int, buf []byte) (int, error) {
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, err
		case n > 0 && !InForeground(fd):
			time.Sleep(backgroundPoll)
		case n > 0:
			return unix.Read(fd, buf)
		}
	}
}

// IsForeign reports whether a descriptor is a terminal, and not the one that controls
// this process: no signal tells when it is gone.
func IsForeign(fd int) bool {
	if _, err := unix.IoctlGetTermios(fd, getTermios); err != nil {
		return false
	}
	_, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err != nil
}
