package control

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// listenDelay is how long after its file is there a formation may begin to listen.
const listenDelay = 50 * time.Millisecond

// watchDirectories makes the directory, as a formation would, and gives what waits until something
// changes in it.
func watchDirectories(ctx context.Context, dirs []string) (wait func() error, err error) {
	if len(dirs) == 0 {
		return nil, os.ErrNotExist
	}
	dir := dirs[0] // there is one
	if err := makePrivate(dir); err != nil {
		return nil, err
	}
	const changes = windows.FILE_NOTIFY_CHANGE_FILE_NAME | windows.FILE_NOTIFY_CHANGE_LAST_WRITE
	change, err := windows.FindFirstChangeNotification(dir, false, changes)
	if err != nil {
		return nil, err
	}
	ended, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return nil, errors.Join(err, windows.FindCloseChangeNotification(change))
	}
	context.AfterFunc(ctx, func() { _ = windows.SetEvent(ended) })
	return func() error {
		if _, err := windows.WaitForMultipleObjects([]windows.Handle{change, ended}, false, windows.INFINITE); err != nil {
			return err
		}
		if ctx.Err() != nil {
			_ = windows.FindCloseChangeNotification(change)
			return ctx.Err()
		}
		time.Sleep(listenDelay)
		return windows.FindNextChangeNotification(change)
	}, nil
}
