//go:build unix

package supervisor

import (
	"golang.org/x/sys/unix"
)

// Keys says which keys of a terminal are handed over as they are typed.
type Keys uint8

// What may be handed over.
const (
	KeysButSignals Keys = iota // all but those that send a signal: Ctrl-C, Ctrl-Z and Ctrl-\
	KeysWithCtrlC              // Ctrl-C too
	AllKeys                    // all of them
)

// TakeKeys makes a terminal hand over keys one by one, unchanged and without an echo, and
// leave what is written as it is: a process at the other end has a terminal of its own that
// does all of that. restore makes it
// as it was before; it can be called more than once.
func TakeKeys(fd int, keys Keys) (restore func(), err error) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	after := *before
	after.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	after.Lflag &^= unix.ICANON | unix.ECHO | unix.ECHONL | unix.IEXTEN
	after.Oflag &^= unix.OPOST
	after.Cc[unix.VMIN], after.Cc[unix.VTIME] = 1, 0
	switch keys {
	case KeysWithCtrlC:
		after.Cc[unix.VINTR] = disabled
	case AllKeys:
		after.Lflag &^= unix.ISIG
	}
	if err := unix.IoctlSetTermios(fd, setTermios, &after); err != nil {
		return nil, err
	}
	return func() { _ = unix.IoctlSetTermios(fd, setTermios, before) }, nil
}
