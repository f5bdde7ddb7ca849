//go:build unix

package slot

import (
	"errors"
	"io"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"reeve/supervisor/control"
)

// Open opens the claims of this user's formations. Where nothing can be written there are none,
// and it is only looked at who listens.
//
// Whoever starts a formation may have another environment than who has started the one before,
// and so another directory for what is temporary: a claim is made in all of them.
func Open(use Use) *Claims {
	c := &Claims{namespace: namespace() << 16, use: use}
	dirs, flags := control.Directories(), unix.O_RDONLY
	if use == Take {
		dirs, flags = control.MakeDirectories(), unix.O_RDWR|unix.O_CREAT
	}
	for _, dir := range dirs {
		fd, err := unix.Open(filepath.Join(dir, fileName), flags|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0o600)
		if err == nil {
			c.files = append(c.files, fd)
		}
	}
	return c
}

// Close ends what has been claimed. Without it that lasts as long as the process.
func (c *Claims) Close() {
	for _, fd := range c.files {
		_ = unix.Close(fd)
	}
	c.files = nil
}

// Whoever chooses does so alone, for it takes many steps. But a reeve that is suspended just
// then keeps nobody waiting for long, since no claim depends on it.
const (
	lockWithin = time.Second
	lockEvery  = 2 * time.Millisecond
)

func (c *Claims) lock() {
	if c.use != Take {
		return
	}
	for _, fd := range c.files {
		for since := time.Now(); time.Since(since) < lockWithin && isRefused(c.set(fd, unix.F_WRLCK, Block{})); {
			time.Sleep(lockEvery)
		}
	}
}

func (c *Claims) unlock() { c.drop(Block{}) }

// claim claims a block, or only finds out whether it could be. If not, it says who has claimed
// which part of the ports there, as far as that is visible here.
func (c *Claims) claim(b Block) (by Obstacle, ok bool) {
	for _, fd := range c.files {
		if c.use == Take && !isRefused(c.set(fd, unix.F_WRLCK, b)) {
			continue
		}
		by, held := c.holder(fd, b)
		if held || c.use == Take {
			c.drop(b)
			return by, false
		}
	}
	return Obstacle{}, true
}

// holder finds out who has claimed a part of a block.
func (c *Claims) holder(fd int, b Block) (by Obstacle, held bool) {
	l := c.lockOf(unix.F_WRLCK, b)
	if unix.FcntlFlock(uintptr(fd), unix.F_GETLK, &l) != nil || l.Type == unix.F_UNLCK {
		return Obstacle{Block: b}, false
	}
	first := int(l.Start - c.namespace)
	return Obstacle{Block: Block{First: first, Last: first + int(l.Len) - 1}, Claimer: max(0, int(l.Pid))}, true
}

// drop gives a block back.
func (c *Claims) drop(b Block) {
	if c.use != Take {
		return
	}
	for _, fd := range c.files {
		_ = c.set(fd, unix.F_UNLCK, b)
	}
}

func (c *Claims) set(fd int, kind int16, b Block) error {
	l := c.lockOf(kind, b)
	return unix.FcntlFlock(uintptr(fd), unix.F_SETLK, &l)
}

func (c *Claims) lockOf(kind int16, b Block) unix.Flock_t {
	return unix.Flock_t{
		Type: kind, Whence: io.SeekStart,
		Start: c.namespace + int64(b.First), Len: int64(b.Last - b.First + 1),
	}
}

// isRefused reports whether somebody else has a lock. Any other error is that of a file system
// without locks.
func isRefused(err error) bool {
	return errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES)
}
