//go:build unix

package supervisor

import (
	"os"

	"golang.org/x/sys/unix"
)

// Pipe makes a pipe for a run's output: the descriptor that reeve reads, which does
// not block, and the file that the run writes to, which does.
func Pipe() (ours int, theirs *os.File, err error) {
	var ends [2]int
	if err := pipe(ends[:]); err != nil {
		return -1, nil, err
	}
	if err := unix.SetNonblock(ends[0], true); err != nil {
		_, _ = unix.Close(ends[0]), unix.Close(ends[1])
		return -1, nil, err
	}
	return moveUp(ends[0]), os.NewFile(uintptr(ends[1]), "pipe"), nil
}

// lowest is the lowest descriptor of those that reeve keeps of a run.
const lowest = 64

// moveUp gives a descriptor that is kept of a run a higher number. A start is over for reeve when a
// pipe is closed by the exec of the process ([syscall.ForkExec]), which closes what it must not
// have one after the other, from the lowest number on. With hundreds of runs that takes longer than
// anything else in a start (0.1 ms with 500), unless the pipe is there before them.
func moveUp(fd int) int {
	up, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, lowest)
	if err != nil {
		return fd
	}
	_ = unix.Close(fd)
	return up
}
