package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// awaitReaderGone waits until nobody reads what is written to a pipe any longer, as after
// | head. For anything else it waits for ever.
func awaitReaderGone(f *os.File) {
	for {
		fds := []unix.PollFd{{Fd: int32(f.Fd())}}
		_, err := unix.Poll(fds, -1)
		if fds[0].Revents&unix.POLLERR != 0 || err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
