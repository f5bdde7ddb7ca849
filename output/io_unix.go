//go:build unix

package output

import (
	"errors"

	"golang.org/x/sys/unix"
)

// read reads once from a non-blocking descriptor.
func read(fd int, buf []byte) (int, error) {
	for {
		n, err := unix.Read(fd, buf)
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}

// again says whether a read has failed only since there is nothing yet.
func again(err error) bool { return errors.Is(err, unix.EAGAIN) }

// write writes once, and waits until it can. The descriptor is shared with whoever
// started reeve, who may have made it non-blocking.
func write(fd int, p []byte) (int, error) {
	for {
		n, err := unix.Write(fd, p)
		switch {
		case errors.Is(err, unix.EAGAIN):
			_, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1)
		case !errors.Is(err, unix.EINTR):
			return n, err
		}
	}
}

// queued gives the number of bytes that were written to a pipe or a terminal and not
// taken out of it yet, 0 where that cannot be told.
func queued(fd int) int {
	n, err := unix.IoctlGetInt(fd, unix.TIOCOUTQ)
	if err != nil {
		n, _ = unix.IoctlGetInt(fd, fionread)
	}
	return n
}

// readerGone says whether a write has failed since nobody will ever read it.
func readerGone(err error) bool { return errors.Is(err, unix.EPIPE) }

func closeFD(fd int) { _ = unix.Close(fd) }
