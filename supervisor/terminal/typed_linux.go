package terminal

import (
	"time"

	"golang.org/x/sys/unix"
)

// AwaitTyped waits until somebody has typed something into a terminal in the foreground of
// which this process is, and nobody has read it. It reads nothing itself: what was typed stays
// for whoever comes after reeve. Empty lines do not count, which many use to set apart what
// comes. It reports false where that cannot be known, or no longer.
func AwaitTyped(fd int) bool {
	f, err := listen(fd, unix.EPOLLIN)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	conn, err := f.SyscallConn()
	if err != nil {
		return false
	}
	typed, before := false, -1
	err = conn.Read(func(poll uintptr) (over bool) {
		heard(poll)
		unread, err := unix.IoctlGetInt(fd, unix.TIOCINQ)
		if err != nil {
			return true
		}
		if before >= 0 && !InForeground(fd) {
			time.Sleep(restInBackground)
			before = unread
			return false
		}
		typed = before >= 0 && unread-before > len("\n")
		before = unread
		return typed
	})
	return err == nil && typed
}

// restInBackground is how long a background job rests when something is typed: it is for the
// shell, key by key.
const restInBackground = time.Second
