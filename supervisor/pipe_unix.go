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
	return ends[0], os.NewFile(uintptr(ends[1]), "pipe"), nil
}
