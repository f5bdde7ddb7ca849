package control

import (
	"context"
	"os"

	"golang.org/x/sys/unix"
)

// changes are what may be a formation's beginning. The mode of a socket is changed when it is
// listened on already (see [listenIn]), which is not so yet when it is created. The last ones
// say that the directory itself is gone.
const changes = unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_ATTRIB | unix.IN_DELETE | unix.IN_DELETE_SELF | unix.IN_MOVE_SELF

// watchDirectories makes the directories, as a formation would, and gives what waits until
// something changes in one of them.
func watchDirectories(ctx context.Context, dirs []string) (wait func() error, err error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, err
	}
	events := os.NewFile(uintptr(fd), "inotify")
	if err := addWatches(fd, dirs); err != nil {
		_ = events.Close()
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = events.Close() })
	return func() error {
		var buf [4096]byte
		if _, err := events.Read(buf[:]); err != nil {
			return err
		}
		return addWatches(fd, dirs) // in case that one was removed and is made again
	}, nil
}

// addWatches watches those of the directories that there can be; an error says that there are
// none, or that no more can be watched.
func addWatches(fd int, dirs []string) (err error) {
	watched := false
	for _, dir := range dirs {
		if makePrivate(dir) != nil {
			continue
		}
		if _, addErr := unix.InotifyAddWatch(fd, dir, changes|unix.IN_ONLYDIR); addErr != nil {
			err = addErr
		} else {
			watched = true
		}
	}
	if watched {
		return nil
	}
	if err == nil {
		err = os.ErrNotExist
	}
	return err
}
