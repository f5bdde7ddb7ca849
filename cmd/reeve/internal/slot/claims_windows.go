package slot

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/windows"

	"reeve/supervisor/control"
)

// Open opens the claims of this user's formations. Where nothing can be written there are none,
// and it is only looked at who listens.
func Open(use Use) *Claims {
	c := &Claims{use: use}
	dirs, flags := control.Directories(), os.O_RDONLY
	if use == Take {
		dirs, flags = control.MakeDirectories(), os.O_RDWR|os.O_CREATE
	}
	for _, dir := range dirs {
		if h, err := windows.Open(filepath.Join(dir, fileName), flags, 0o600); err == nil {
			c.files = append(c.files, int(h))
		}
	}
	return c
}

// Close ends what has been claimed. Without it that lasts as long as the process.
func (c *Claims) Close() {
	for _, fd := range c.files {
		_ = windows.CloseHandle(windows.Handle(fd))
	}
	c.files = nil
}

// Whoever chooses does so alone, also who only looks: the one way to find out about a claim is to
// try to make it. But a reeve that does not go on keeps nobody waiting for long.
const (
	lockWithin = time.Second
	lockEvery  = 2 * time.Millisecond
)

func (c *Claims) lock() {
	for _, fd := range c.files {
		for since := time.Now(); time.Since(since) < lockWithin && isRefused(set(fd, Block{})); {
			time.Sleep(lockEvery)
		}
	}
}

func (c *Claims) unlock() { c.release(Block{}) }

// claim claims a block, or only finds out whether it could be. Windows does not tell who has
// claimed which part of it.
func (c *Claims) claim(b Block) (by Obstacle, ok bool) {
	for n, fd := range c.files {
		if isRefused(set(fd, b)) {
			(&Claims{files: c.files[:n]}).release(b)
			return Obstacle{Block: b}, false
		}
	}
	if c.use != Take {
		c.release(b)
	}
	return Obstacle{}, true
}

// drop gives a block back.
func (c *Claims) drop(b Block) {
	if c.use == Take {
		c.release(b)
	}
}

func (c *Claims) release(b Block) {
	for _, fd := range c.files {
		_ = windows.UnlockFileEx(windows.Handle(fd), 0, uint32(b.Last-b.First+1), 0, at(b))
	}
}

func set(fd int, b Block) error {
	const now = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(fd), now, 0, uint32(b.Last-b.First+1), 0, at(b))
}

func at(b Block) *windows.Overlapped { return &windows.Overlapped{Offset: uint32(b.First)} }

// isRefused reports whether somebody else has a lock. Any other error is that of a file system
// without locks.
func isRefused(err error) bool { return errors.Is(err, windows.ERROR_LOCK_VIOLATION) }
