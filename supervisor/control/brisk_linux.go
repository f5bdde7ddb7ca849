//go:build !race

package control

import (
	"io"
	"net"
	"sync"
	"syscall"
	"unsafe"
)

// briskConn is a connection whose reads and writes keep the processor: Go does not take
// them for calls that may block, for which it would need a thread each when many clients
// come at a time, on a machine where there may be no more threads to have. They do not
// block: where there is nothing to read, or no room, Go's poller waits.
type briskConn struct {
	*net.UnixConn
	raw syscall.RawConn
}

// brisk makes one of a client's connection.
func brisk(conn net.Conn) net.Conn {
	unix := conn.(*net.UnixConn)
	raw, err := unix.SyscallConn()
	if err != nil {
		return conn
	}
	return &briskConn{unix, raw}
}

// Read reads what is there, or waits.
func (c *briskConn) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := c.call(c.raw.Read, syscall.SYS_READ, p, &n); err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Write writes all of it.
func (c *briskConn) Write(p []byte) (n int, err error) {
	for n < len(p) {
		var some int
		if err := c.call(c.raw.Write, syscall.SYS_WRITE, p[n:], &some); err != nil {
			return n, err
		}
		n += some
	}
	return n, nil
}

// closing is held by who closes a connection, which has to be a call that may block.
var closing sync.Mutex

// Close closes the connection.
func (c *briskConn) Close() error {
	closing.Lock()
	defer closing.Unlock()
	return c.UnixConn.Close()
}

// call makes a system call as soon as that does not block.
func (c *briskConn) call(when func(func(fd uintptr) bool) error, number uintptr, p []byte, n *int) error {
	var errno syscall.Errno
	err := when(func(fd uintptr) bool {
		var done uintptr
		for errno = syscall.EINTR; errno == syscall.EINTR; {
			done, _, errno = syscall.RawSyscall(number, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
		}
		*n = int(done)
		return errno != syscall.EAGAIN
	})
	if err != nil {
		return err
	}
	if errno != 0 {
		return errno
	}
	return nil
}
