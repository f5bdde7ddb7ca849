package terminal

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// AwaitTyped waits until somebody has typed something into a terminal in the foreground of
// which this process is, and nobody has read it. It reads nothing itself: what was typed stays
// for whoever comes after reeve. Empty lines do not count, which many use to set apart what
// comes. It reports false where that cannot be known, or no longer.
//
// The terminal is opened again, so that Go's poller can wait for it: the descriptor that is
// there must stay as it is, since it is shared with the shell.
func AwaitTyped(fd int) bool {
	f, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", fd), os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	conn, err := f.SyscallConn()
	if err != nil {
		return false
	}
	typed, before := false, -1
	err = conn.Read(func(fd uintptr) (over bool) {
		unread, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ)
		if err != nil {
			return true
		}
		if before >= 0 && !InForeground(int(fd)) {
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
