//go:build unix

package control

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// lockPatience bounds how long others may keep a directory locked, who need it for a moment: one
// of them may have been suspended in it. A variable for tests.
var lockPatience = 3 * time.Second

// lock keeps others from changing what is in a directory until unlock is called. Where that
// cannot be had, on a file system that has no locks or in time, it does without.
func lock(dir string) (unlock func()) {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	tryLock := func() error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
	for began := time.Now(); errors.Is(tryLock(), unix.EWOULDBLOCK) && time.Since(began) < lockPatience; {
		time.Sleep(time.Millisecond)
	}
	return func() { _ = f.Close() }
}

// listenUnix makes a socket. [net.ListenUnix] would read from /proc how many may wait for an
// answer, into a buffer of 64 KB; the kernel takes what is more than that for as much.
func listenUnix(path string) (*net.UnixListener, error) {
	const many = 4096
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close() // the listener has a copy
	unix.CloseOnExec(fd)
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		return nil, err
	}
	if err := unix.Listen(fd, many); err != nil {
		return nil, err
	}
	l, err := net.FileListener(f)
	if err != nil {
		return nil, err
	}
	return l.(*net.UnixListener), nil
}

// isOurs reports whether a file belongs to the user that reeve runs as.
func isOurs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// isUnshared reports whether only its owner can write to a file.
func isUnshared(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 == 0 }

// isAllowed reports whether a peer is one to talk to, for a formation and for its clients: the
// same user, and root, who may do anything anyway.
func isAllowed(conn *net.UnixConn) bool {
	uid, _, err := peer(conn)
	return err == nil && (uid == os.Geteuid() || uid == 0)
}

// peerPid is the pid of who listens at the other end; 0: it cannot be told.
func peerPid(conn *net.UnixConn) int {
	_, pid, _ := peer(conn)
	return pid
}
