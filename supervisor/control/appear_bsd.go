//go:build darwin || freebsd

package control

import (
	"context"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// listenDelay is how long after its socket is created a formation may begin to listen on it:
// the directory tells of the former alone.
const listenDelay = 50 * time.Millisecond

// watchDirectories makes the directories, as a formation would, and gives what waits until
// something changes in one of them.
func watchDirectories(ctx context.Context, dirs []string) (wait func() error, err error) {
	queue, err := unix.Kqueue()
	if err != nil {
		return nil, err
	}
	unix.CloseOnExec(queue)
	var files []*os.File
	var watches []unix.Kevent_t
	for _, dir := range dirs {
		f, err := openPrivate(dir)
		if err != nil {
			continue
		}
		files = append(files, f)
		var e unix.Kevent_t
		unix.SetKevent(&e, int(f.Fd()), unix.EVFILT_VNODE, unix.EV_ADD|unix.EV_CLEAR)
		e.Fflags = unix.NOTE_WRITE
		watches = append(watches, e)
	}
	if len(files) == 0 {
		return nil, os.ErrNotExist
	}
	if _, err := unix.Kevent(queue, watches, nil, nil); err != nil {
		return nil, err
	}
	return func() error {
		var got [1]unix.Kevent_t
		_, err := unix.Kevent(queue, nil, got[:], nil)
		for err == unix.EINTR {
			_, err = unix.Kevent(queue, nil, got[:], nil)
		}
		runtime.KeepAlive(files) // which would be closed, and not watched any longer
		time.Sleep(listenDelay)
		if err == nil {
			err = ctx.Err()
		}
		return err
	}, nil
}

// openPrivate opens a directory that nobody else can use.
func openPrivate(dir string) (*os.File, error) {
	if err := makePrivate(dir); err != nil {
		return nil, err
	}
	return os.Open(dir)
}
