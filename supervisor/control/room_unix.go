//go:build unix

package control

import "golang.org/x/sys/unix"

// hasRoom reports whether something can be written to a socket without waiting. On Linux that is
// so while three quarters of it are free.
func hasRoom(fd uintptr) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, 0)
	return n > 0 || err != nil
}
