package control

import (
	"bytes"
	"unsafe"

	"golang.org/x/sys/unix"
)

// spelled gives the path of a directory as its file system spells it: most of those of a Mac take
// App for app.
func spelled(path string) string {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return path
	}
	defer unix.Close(fd)
	const fcntl, getPath = 92, 50 // F_GETPATH
	var room [1024]byte           // MAXPATHLEN
	if _, _, errno := unix.Syscall(fcntl, uintptr(fd), getPath, uintptr(unsafe.Pointer(&room))); errno != 0 {
		return path
	}
	name, _, _ := bytes.Cut(room[:], []byte{0})
	return string(name)
}
