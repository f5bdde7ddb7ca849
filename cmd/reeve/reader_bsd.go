//go:build darwin || freebsd

package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// awaitReaderGone waits until nobody reads what is written to a pipe any longer, as after
// | head, or a terminal is gone. For anything else it waits for ever.
func awaitReaderGone(f *os.File) {
	queue, err := unix.Kqueue()
	if err != nil {
		select {}
	}
	defer unix.Close(queue)
	changes := make([]unix.Kevent_t, 1)
	unix.SetKevent(&changes[0], int(f.Fd()), unix.EVFILT_WRITE, unix.EV_ADD|unix.EV_CLEAR)
	switch _, err := unix.Kevent(queue, changes, nil, nil); {
	case errors.Is(err, unix.EPIPE): // already
		return
	case err != nil:
		select {}
	}
	for {
		var got [1]unix.Kevent_t
		n, err := unix.Kevent(queue, nil, got[:], nil)
		if err != nil && !errors.Is(err, unix.EINTR) || n > 0 && got[0].Flags&unix.EV_EOF != 0 {
			return
		}
	}
}
