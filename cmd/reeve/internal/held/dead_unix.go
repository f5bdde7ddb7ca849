//go:build unix

package held

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// The file of a Unix socket stays when whoever has made it was killed. Only one of them that nobody
// listens on any longer may be removed.

// aliveError says that somebody listens at the path of a Unix socket.
type aliveError struct{ pid int }

func (e aliveError) Error() string {
	if e.pid == 0 {
		return "somebody else listens there"
	}
	return fmt.Sprintf("pid %d listens there", e.pid)
}

// unixRoom finds out whether a Unix socket can be made, and whether a dead one is in its place.
func (a Address) unixRoom() (dead bool, err error) {
	const longest = 103 // of sun_path on the BSDs; Linux has 107
	if len(a.path) > longest {
		return false, fmt.Errorf("the path is too long for a Unix socket: it must have at most %d bytes", longest)
	}
	info, err := os.Lstat(a.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(a.path)); err != nil {
			return false, fmt.Errorf("its directory is missing: create %s", filepath.Dir(a.path))
		}
		return false, nil
	case err != nil:
		return false, err
	case info.Mode().Type() != fs.ModeSocket:
		return false, errNoSocket
	}
	return isDead(a.path)
}

// isDead asks a Unix socket whether somebody listens there.
func isDead(path string) (dead bool, err error) {
	fd, err := newSocket(unix.AF_UNIX)
	if err != nil {
		return false, err
	}
	defer closeSocket(fd)
	_ = unix.SetNonblock(fd, true) // the queue of one that lives may be full
	err = unix.Connect(fd, &unix.SockaddrUnix{Name: path})
	if errors.Is(err, unix.EPROTOTYPE) {
		return isDeadForDatagrams(path)
	}
	switch {
	case errors.Is(err, unix.ECONNREFUSED), errors.Is(err, unix.ENOENT):
		return true, nil
	case err == nil:
		return false, aliveError{peerPid(fd)}
	case errors.Is(err, unix.EAGAIN):
		return false, aliveError{}
	}
	return false, err
}

// isDeadForDatagrams asks a Unix socket for datagrams whether somebody has it.
func isDeadForDatagrams(path string) (dead bool, err error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		return false, err
	}
	defer closeSocket(fd)
	unix.CloseOnExec(fd)
	if err = unix.Connect(fd, &unix.SockaddrUnix{Name: path}); errors.Is(err, unix.ECONNREFUSED) {
		return true, nil
	}
	return false, aliveError{}
}

// RemoveDead removes the file of a Unix socket on which nobody listens any longer.
func RemoveDead(path string) {
	defer lock(filepath.Dir(path))()
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != fs.ModeSocket {
		return
	}
	if dead, _ := isDead(path); dead {
		_ = os.Remove(path)
	}
}

// lockTries bounds how long others may have a directory locked.
const lockTries = 1000

// lock keeps other reeves from replacing what is in a directory. Where a lock cannot be had it
// does without.
func lock(dir string) (unlock func()) {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	for range lockTries {
		if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return func() { _ = f.Close() }
}
