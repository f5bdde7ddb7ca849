//go:build unix

package supervisor

import (
	"os"

	"golang.org/x/sys/unix"
)

// OpenInput makes a pipe for a run's standard input into which nobody writes: what the run
// reads, and the file whose closing ends that. Nobody but reeve has the latter, so the
// input ends with reeve at the latest. Neither is ever polled.
func OpenInput() (theirs, end *os.File, err error) {
	var ends [2]int
	if err := pipe(ends[:]); err != nil {
		return nil, nil, err
	}
	shrinkPipe(ends[1])
	return os.NewFile(uintptr(ends[0]), "input"), os.NewFile(uintptr(moveUp(ends[1])), "input"), nil
}

// NoInput is a file in which there is nothing to read.
func NoInput() (*os.File, error) {
	if null, err := os.OpenFile(os.DevNull, os.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
		return null, nil
	}
	// An image may have no /dev. A pipe that has ended serves as well.
	theirs, end, err := OpenInput()
	if err != nil {
		return nil, err
	}
	return theirs, end.Close()
}
