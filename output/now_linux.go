package output

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// System calls that never wait. Go's runtime is not told of them: it would make its monitor
// look whether they come back, which costs a switch of threads where nothing else goes on.

// pollNow gives the number of events that are there.
func pollNow(epoll int, events []unix.EpollEvent) int {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT,
		uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if errno != 0 {
		return 0
	}
	return int(n)
}

// readNow reads once from a non-blocking descriptor.
func readNow(fd int, buf []byte) (int, error) {
	n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}

// writeNow writes what a descriptor takes at once, whether or not it is a non-blocking one.
// Pipes and sockets can do that, terminals and most files cannot.
func writeNow(fd int, p []byte) (int, error) {
	part := unix.Iovec{Base: &p[0]}
	part.SetLen(len(p))
	const here = ^uintptr(0) // where the file is, and not at an offset
	n, _, errno := unix.RawSyscall6(unix.SYS_PWRITEV2,
		uintptr(fd), uintptr(unsafe.Pointer(&part)), 1, here, here, unix.RWF_NOWAIT)
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}
