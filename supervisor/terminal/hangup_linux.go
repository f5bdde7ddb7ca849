package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// AwaitHangup calls a function when a terminal is gone. Nothing wakes up before, whatever is
// typed: of a descriptor that nothing is asked of, epoll tells only that.
func AwaitHangup(fd int, then func()) {
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return
	}
	if unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{}) != nil || unix.SetNonblock(poll, true) != nil {
		_ = unix.Close(poll)
		return
	}
	f := os.NewFile(uintptr(poll), "hangup") // which Go's own poller waits for
	conn, err := f.SyscallConn()
	if err != nil {
		_ = f.Close()
		return
	}
	go func() {
		err := conn.Read(func(poll uintptr) bool {
			n, _ := unix.EpollWait(int(poll), make([]unix.EpollEvent, 1), 0)
			return n > 0
		})
		_ = f.Close()
		if err == nil {
			then()
		}
	}()
}
