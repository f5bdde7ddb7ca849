//go:build unix

package logdir

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// noFollow makes opening a link fail, and a named pipe or a device not wait for anybody.
const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

// openLock opens a file and locks it (fcntl(2), F_SETLK). No child inherits the lock, and it tells whose it
// is. Where the file system has none, it does without.
func openLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noFollow, fileMode)
	if err != nil {
		return nil, explain(err)
	}
	l := unix.Flock_t{Type: unix.F_WRLCK}
	err = unix.FcntlFlock(f.Fd(), unix.F_SETLK, &l)
	if !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EACCES) {
		return f, nil
	}
	defer func() { _ = f.Close() }()
	l = unix.Flock_t{Type: unix.F_WRLCK}
	if unix.FcntlFlock(f.Fd(), unix.F_GETLK, &l) != nil || l.Type == unix.F_UNLCK {
		l.Pid = 0
	}
	return nil, InUseError{max(0, int(l.Pid))}
}

// explain says plainly what it means that a link was not followed.
func explain(err error) error {
	var of *os.PathError
	if errors.As(err, &of) && (errors.Is(err, unix.ELOOP) || errors.Is(err, unix.EMLINK)) { // the latter on FreeBSD
		return errors.New(filepath.Base(of.Path) + " is a symbolic link")
	}
	return err
}
