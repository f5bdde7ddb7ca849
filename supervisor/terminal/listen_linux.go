package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// listen makes a file that can be read as soon as one of some events (epoll_ctl(2)) has come to
// a descriptor. Go's own poller waits for that file, so it takes no thread.
//
// The descriptor itself must not be in Go's poller. That asks for every event there is, and
// would wake up each time that the terminal has room for more output: with a busy log more
// often than anything else does, which took a third of its throughput.
func listen(fd int, events uint32) (*os.File, error) {
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	err = unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: events | unix.EPOLLET})
	if err == nil {
		err = unix.SetNonblock(poll, true)
	}
	if err != nil {
		_ = unix.Close(poll)
		return nil, err
	}
	return os.NewFile(uintptr(poll), "poll"), nil
}

// heard reports whether an event has come to what a file of [listen] is about, and has not been
// heard yet.
func heard(poll uintptr) bool {
	var event [1]unix.EpollEvent
	n, _ := unix.EpollWait(int(poll), event[:], 0)
	return n > 0
}
