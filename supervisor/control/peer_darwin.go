package control

import "golang.org/x/sys/unix"

// pidOf is the pid of the process at the other end of a socket; 0: unknown.
func pidOf(fd int, _ *unix.Xucred) int {
	pid, _ := unix.GetsockoptInt(fd, solLocal, unix.LOCAL_PEERPID)
	return max(0, pid)
}
