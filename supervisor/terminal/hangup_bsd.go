//go:build darwin || freebsd

package terminal

import (
	"errors"

	"golang.org/x/sys/unix"
)

// AwaitHangup calls a function when a terminal is gone, or whoever reads from a pipe or a socket. A
// terminal tells of that along with what is typed, the others when they have room. Nobody is at the
// other end of a file, which is waited for in vain.
func AwaitHangup(fd int, then func()) {
	queue, err := unix.Kqueue() // which no child inherits
	if err != nil {
		return
	}
	change := make([]unix.Kevent_t, 1)
	unix.SetKevent(&change[0], fd, filterOf(fd), unix.EV_ADD|unix.EV_CLEAR)
	_, err = unix.Kevent(queue, change, nil, nil)
	gone := errors.Is(err, unix.EPIPE) // already
	if err != nil && !gone {
		_ = unix.Close(queue)
		return
	}
	go func() {
		for !gone {
			var got [1]unix.Kevent_t
			n, err := unix.Kevent(queue, nil, got[:], nil)
			gone = err != nil && !errors.Is(err, unix.EINTR) || n > 0 && got[0].Flags&unix.EV_EOF != 0
		}
		_ = unix.Close(queue)
		then()
	}()
}

func filterOf(fd int) int {
	var file unix.Stat_t
	if unix.Fstat(fd, &file) == nil && file.Mode&unix.S_IFMT == unix.S_IFCHR {
		return unix.EVFILT_READ
	}
	return unix.EVFILT_WRITE
}
