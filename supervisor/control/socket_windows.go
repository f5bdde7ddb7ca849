package control

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"reeve/internal/account"
)

// On Windows an access control list, which everything created there inherits, makes the directory of
// the sockets accessible to the user alone. Sockets have no list of their own. Windows has Unix sockets
// since version 1803 of Windows 10; before that, and wherever one cannot be created, a named pipe takes
// its place.

// lockPatience bounds how long others may keep a directory locked, who need it for a moment. A
// variable for tests.
var lockPatience = 3 * time.Second

// lockFile is in each directory: a directory itself cannot be locked.
const lockFile = "lock"

// lock keeps others from changing what is in a directory until unlock is called. Where that
// cannot be had it does without.
func lock(dir string) (unlock func()) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return func() {}
	}
	const now = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	tryLock := func() error {
		return windows.LockFileEx(windows.Handle(f.Fd()), now, 0, 1, 0, &windows.Overlapped{})
	}
	for began := time.Now(); errors.Is(tryLock(), windows.ERROR_LOCK_VIOLATION) && time.Since(began) < lockPatience; {
		time.Sleep(time.Millisecond)
	}
	return func() { _ = f.Close() }
}

// listenAt makes the socket at a path, or a pipe in its stead.
func listenAt(path string) (net.Listener, error) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return listenPipe(path, pipePrefix+rand.Text())
	}
	l.SetUnlinkOnClose(false)
	return l, nil
}

// closeSocket does nothing: the socket is in a directory that is closed to others.
func closeSocket(string) error { return nil }

// dialAt connects to the socket at a path, or to the pipe that the file there names.
func dialAt(path string) (net.Conn, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, err
	case info.Mode().IsRegular():
		return dialPipe(path)
	}
	return net.DialTimeout("unix", path, dialTimeout)
}

// isDead reports whether the error of a connection says that nobody listens on a socket, or on the
// pipe that a file names.
func isDead(_ string, err error) bool { return errors.Is(err, windows.WSAECONNREFUSED) }

// isBrokenOff reports whether an error says that the other end has gone.
func isBrokenOff(err error) bool {
	for _, gone := range []error{windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.ERROR_BROKEN_PIPE, windows.ERROR_NO_DATA, windows.ERROR_PIPE_NOT_CONNECTED} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}

// mkdirPrivate creates a directory that only the user can access. Its parent exists as soon as the user
// has logged on.
func mkdirPrivate(dir string) error {
	err := account.Mkdir(dir)
	if errors.Is(err, windows.ERROR_PATH_NOT_FOUND) && os.MkdirAll(filepath.Dir(dir), 0o700) == nil {
		err = account.Mkdir(dir)
	}
	return err
}

// closeToOthers makes a directory of the user's own one that nobody else can use.
func closeToOthers(dir string, _ fs.FileInfo) error {
	if account.IsShared(dir) {
		return account.Close(dir)
	}
	return nil
}

// isOurs reports whether a file belongs to the user that reeve runs as, or to who may do anything.
func isOurs(path string, _ fs.FileInfo) bool {
	owner, err := account.OfFile(path)
	return err == nil && account.IsTrusted(owner)
}

// isUnshared reports whether only its owner can write to a file.
func isUnshared(path string, _ fs.FileInfo) bool { return !account.IsShared(path) }

// isAllowed reports whether a peer is one to talk to. Of a pipe it is who has made it, whoever asks.
// Nobody else can make a socket where the user's are, or open one.
func isAllowed(conn net.Conn) bool {
	pipe, ok := conn.(*pipeConn)
	return !ok || account.IsTrusted(pipe.owner())
}

// isForeign reports false: there are no PID namespaces.
func isForeign(net.Conn) bool { return false }

// isSuspended reports false: nobody suspends a process.
func isSuspended(int) bool { return false }

func namespace() string { return "0" }

// peerPid is the pid of who listens at the other end; 0: it cannot be told.
func peerPid(conn net.Conn) int {
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0
	}
	var pid uint32
	_ = raw.Control(func(fd uintptr) {
		if _, isPipe := conn.(*pipeConn); isPipe {
			_ = windows.GetNamedPipeServerProcessId(windows.Handle(fd), &pid)
			return
		}
		const peerOf = 0x58000100 // SIO_AF_UNIX_GETPEERPID of afunix.h
		var n uint32
		_ = windows.WSAIoctl(windows.Handle(fd), peerOf, nil, 0, (*byte)(unsafe.Pointer(&pid)), uint32(unsafe.Sizeof(pid)), &n, nil, 0)
	})
	return int(pid)
}

// guessRoot knows nothing of processes.
func guessRoot(int, string) (root string) { return "" }

// directories are where sockets may be: the user's directory for what a program keeps on this
// machine, wherever the environment of who asks says that this is.
func directories() []string {
	local := os.Getenv("LOCALAPPDATA")
	if !filepath.IsAbs(local) {
		var err error
		if local, err = windows.KnownFolderPath(windows.FOLDERID_LocalAppData, windows.KF_FLAG_DEFAULT); err != nil {
			return nil
		}
	}
	return []string{filepath.Join(local, "reeve")}
}
