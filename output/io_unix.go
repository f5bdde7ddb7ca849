//go:build unix

package output

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// read reads once from a non-blocking descriptor.
func read(fd int, buf []byte) (int, error) {
	for {
		n, err := readNow(fd, buf)
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}

// again reports whether a read has failed only since there is nothing yet.
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

// writable waits until something can be written to a descriptor, or fails at once, and says
// no if that takes longer than it may.
func writable(fd int, timeout time.Duration) bool {
	for end := time.Now().Add(timeout); ; {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
		msec := max(0, int((time.Until(end)+time.Millisecond-1)/time.Millisecond))
		n, err := unix.Poll(fds, msec)
		if !errors.Is(err, unix.EINTR) {
			return n != 0
		}
	}
}

// takeBack makes a file end before the last n bytes, which have just been written, and says
// whether it could. Whatever else a descriptor may be does not forget what it has got, and a
// file that somebody else has written to as well is left alone.
func takeBack(fd, n int) bool {
	var file unix.Stat_t
	at, err := unix.Seek(fd, 0, unix.SEEK_CUR)
	if err != nil || unix.Fstat(fd, &file) != nil || file.Mode&unix.S_IFMT != unix.S_IFREG || file.Size != at {
		return false
	}
	if unix.Ftruncate(fd, at-int64(n)) != nil {
		return false
	}
	_, _ = unix.Seek(fd, at-int64(n), unix.SEEK_SET)
	return true
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

// readerGone reports whether a write has failed since nobody will ever read it.
func readerGone(err error) bool {
	return errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET)
}

// hungUp reports whether a write to a terminal has failed since that is not there any longer.
func hungUp(err error) bool { return errors.Is(err, unix.EIO) }

func closeFD(fd int) { _ = unix.Close(fd) }
