package control

import (
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/windows"

	"reeve/internal/account"
)

// Where Windows has no Unix sockets, a formation listens on a named pipe that only the same user can
// open. Pipes are not in the file system, so a file where the socket would be contains the pipe's name:
// one that nobody can guess, so that nobody can take it first. The system removes that file when its
// owner ends, for whatever reason.

// pipePrefix is what the path of a pipe begins with.
const pipePrefix = `\\.\pipe\reeve-`

// pipeBuffer is how much may be on its way in each direction.
const pipeBuffer = 64 << 10

// pipeBacklog is how many clients may wait to be accepted.
const pipeBacklog = 16

// pipeListener listens on a named pipe.
type pipeListener struct {
	name    string
	marker  *os.File       // which says so
	closing windows.Handle // an event: it is to be closed

	mu      sync.Mutex // held by who accepts, and in the end by who closes
	waiting []*instance
	closed  bool
}

// instance is an end of a pipe to which one client can connect. The event says that one has.
type instance struct {
	pipe, came windows.Handle
	connect    windows.Overlapped
}

// listenPipe makes a pipe, and the file that names it.
func listenPipe(marker, name string) (l *pipeListener, err error) {
	l = &pipeListener{name: name}
	if l.closing, err = windows.CreateEvent(nil, 1, 0, nil); err != nil {
		return nil, err
	}
	if err = l.await(windows.FILE_FLAG_FIRST_PIPE_INSTANCE); err == nil {
		_ = l.fill()
		l.marker, err = openMarker(marker, windows.CREATE_NEW)
	}
	if err == nil {
		_, err = l.marker.WriteString(name)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// openMarker opens the file that names a pipe. Its owner makes it, and it is gone when that ends.
func openMarker(path string, mode uint32) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	access, flags := uint32(windows.GENERIC_READ), uint32(windows.FILE_ATTRIBUTE_NORMAL)
	if mode == windows.CREATE_NEW {
		access, flags = access|windows.GENERIC_WRITE|windows.DELETE, flags|windows.FILE_FLAG_DELETE_ON_CLOSE
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	h, err := windows.CreateFile(name, access, share, nil, mode, flags, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

// await makes an instance, and has it wait for a client.
func (l *pipeListener) await(flags uint32) error {
	d, err := account.Private()
	if err != nil {
		return err
	}
	path, err := windows.UTF16PtrFromString(l.name)
	if err != nil {
		return err
	}
	flags |= windows.PIPE_ACCESS_DUPLEX | windows.FILE_FLAG_OVERLAPPED
	const mode = windows.PIPE_TYPE_BYTE | windows.PIPE_READMODE_BYTE | windows.PIPE_WAIT | windows.PIPE_REJECT_REMOTE_CLIENTS
	pipe, err := windows.CreateNamedPipe(path, flags, mode, windows.PIPE_UNLIMITED_INSTANCES, pipeBuffer, pipeBuffer, 0, account.Attributes(d))
	if err != nil {
		return err
	}
	came, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return errors.Join(err, windows.CloseHandle(pipe))
	}
	i := &instance{pipe: pipe, came: came, connect: windows.Overlapped{HEvent: came}}
	if err := windows.ConnectNamedPipe(pipe, &i.connect); !errors.Is(err, windows.ERROR_IO_PENDING) {
		_ = windows.SetEvent(came) // one has come already, and may have gone
	}
	l.waiting = append(l.waiting, i)
	return nil
}

// fill makes as many instances as may wait, or as many as there can be.
func (l *pipeListener) fill() (err error) {
	for len(l.waiting) < pipeBacklog && !l.closed && err == nil {
		err = l.await(0)
	}
	if len(l.waiting) > 0 {
		return nil
	}
	return err
}

// Accept waits for a client.
func (l *pipeListener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.fill(); err != nil {
		return nil, err
	}
	events := []windows.Handle{l.closing}
	for _, i := range l.waiting {
		events = append(events, i.came)
	}
	first, err := windows.WaitForMultipleObjects(events, false, windows.INFINITE)
	switch n := int(first) - windows.WAIT_OBJECT_0 - 1; {
	case err != nil:
		return nil, err
	case n < 0 || n >= len(l.waiting):
		return nil, net.ErrClosed
	default:
		came := l.waiting[n]
		l.waiting = slices.Delete(l.waiting, n, n+1)
		_ = windows.CloseHandle(came.came)
		return newPipeConn(came.pipe, l.name), nil
	}
}

// Close ends the pipe, and removes the file that names it.
func (l *pipeListener) Close() error {
	_ = windows.SetEvent(l.closing)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return net.ErrClosed
	}
	l.closed = true // and the event stays, for whoever still asks
	if l.marker != nil {
		_ = l.marker.Close()
	}
	for _, i := range l.waiting {
		var n uint32
		_ = windows.CancelIoEx(i.pipe, &i.connect)
		_ = windows.GetOverlappedResult(i.pipe, &i.connect, &n, true) // after which nobody uses it
		_ = windows.CloseHandle(i.pipe)
		_ = windows.CloseHandle(i.came)
	}
	l.waiting = nil
	return nil
}

// Addr is the name of the pipe.
func (l *pipeListener) Addr() net.Addr { return pipeAddr(l.name) }

type pipeAddr string

func (pipeAddr) Network() string  { return "pipe" }
func (a pipeAddr) String() string { return string(a) }

// pipeConn is one end of a pipe.
type pipeConn struct {
	*os.File
	name string
}

func newPipeConn(h windows.Handle, name string) *pipeConn {
	return &pipeConn{os.NewFile(uintptr(h), name), name}
}

// owner is who has made the pipe; nil: it cannot be told.
func (c *pipeConn) owner() (sid *windows.SID) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil
	}
	_ = raw.Control(func(fd uintptr) {
		d, err := windows.GetSecurityInfo(windows.Handle(fd), windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
		if err == nil {
			sid, _, _ = d.Owner()
		}
	})
	return sid
}

func (c *pipeConn) LocalAddr() net.Addr  { return pipeAddr(c.name) }
func (c *pipeConn) RemoteAddr() net.Addr { return pipeAddr(c.name) }

// pipeRetry is how often a client tries again that came between two others.
const pipeRetry = time.Millisecond

// dialPipe connects to the pipe that a file names. Who listens does not learn more than who has
// connected.
func dialPipe(marker string) (net.Conn, error) {
	name, err := readMarker(marker)
	if err != nil {
		return nil, err
	}
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	const flags = windows.FILE_FLAG_OVERLAPPED | windows.SECURITY_SQOS_PRESENT | windows.SECURITY_IDENTIFICATION
	for began := time.Now(); ; time.Sleep(pipeRetry) {
		h, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING, flags, 0)
		switch {
		case err == nil:
			return newPipeConn(h, name), nil
		case errors.Is(err, windows.ERROR_FILE_NOT_FOUND):
			return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: pipeAddr(name), Err: windows.WSAECONNREFUSED}
		case !errors.Is(err, windows.ERROR_PIPE_BUSY):
			return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: pipeAddr(name), Err: err}
		case time.Since(began) > dialTimeout:
			return nil, os.ErrDeadlineExceeded
		}
	}
}

// errNoPipe says that a file names no pipe.
var errNoPipe = errors.New("this file does not name a pipe")

// readMarker reads what a pipe is called. In a file that was left behind when the machine went down
// there may be nothing: nobody listens.
func readMarker(path string) (name string, err error) {
	f, err := openMarker(path, windows.OPEN_EXISTING)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	var text [256]byte
	n, _ := f.Read(text[:])
	switch name = string(text[:n]); {
	case n == 0:
		return "", windows.WSAECONNREFUSED
	case !strings.HasPrefix(name, pipePrefix):
		return "", errNoPipe
	}
	return name, nil
}
