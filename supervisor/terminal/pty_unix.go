//go:build unix

package terminal

import (
	"errors"
	"os"
	"os/signal"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Side is the side of a pseudo-terminal that is a process's terminal.
type Side = os.File

// Available reports whether there are pseudo-terminals.
func Available() bool { return true }

// Open makes a pseudo-terminal: its master, a descriptor that does not block, and the file
// that is the terminal for whoever is given it.
func Open(size Size) (ours int, theirs *Side, err error) {
	master, theirs, err := pty.Open()
	if err != nil {
		return -1, nil, err
	}
	// creack/pty's master is in blocking mode, and its file would go back to it. A
	// descriptor of our own does neither.
	defer func() { _ = master.Close() }()
	ours, err = unix.FcntlInt(master.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		_ = theirs.Close()
		return -1, nil, err
	}
	if err := errors.Join(unix.SetNonblock(ours, true), Resize(ours, size)); err != nil {
		_, _ = unix.Close(ours), theirs.Close()
		return -1, nil, err
	}
	return ours, theirs, nil
}

// Duplicate gives another descriptor of a terminal's master, to write to it from any
// goroutine. It stays usable when the other one is closed.
func Duplicate(fd int) (*os.File, error) {
	again, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(again), "terminal"), nil
}

// Resize tells a pseudo-terminal its size; the zero size is taken for the usual one.
// The kernel sends SIGWINCH to its foreground process group.
func Resize(fd int, size Size) error {
	if size.Rows == 0 || size.Columns == 0 {
		size = usualSize
	}
	return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: size.Rows, Col: size.Columns})
}

// SizeOf gives the size of a terminal, zero if it has none.
func SizeOf(fd int) Size {
	ws, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ)
	if err != nil {
		return Size{}
	}
	return Size{Rows: ws.Row, Columns: ws.Col}
}

// ResizeSignal tells of a new size of the terminal that controls this process.
var ResizeSignal os.Signal = unix.SIGWINCH

// NotifyResize has a channel told of each new size, until stop is called.
func NotifyResize(told chan<- os.Signal) (stop func()) {
	signal.Notify(told, ResizeSignal)
	return func() { signal.Stop(told) }
}
