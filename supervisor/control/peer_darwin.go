package control

import "golang.org/x/sys/unix"

// pidOf is the pid of who is at the other end of a socket; 0: it is not told.
func pidOf(fd int, _ *unix.Xucred) int {
	pid, _ := unix.GetsockoptInt(fd, solLocal, unix.LOCAL_PEERPID)
	return max(0, pid)
}
