//go:build unix

package terminal

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Attributes gives a terminal's attributes (termios(3)) as bytes that another process can
// hand to [SetAttributes].
func Attributes(fd int) ([]byte, error) {
	attributes, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	return append([]byte(nil), memoryOf(attributes)...), nil
}

// SetAttributes makes a terminal as it was when [Attributes] was asked.
func SetAttributes(fd int, attributes []byte) error {
	var decoded unix.Termios
	if copy(memoryOf(&decoded), attributes) != len(memoryOf(&decoded)) {
		return errors.New("these are not the attributes of a terminal")
	}
	return setAttributes(fd, &decoded)
}

// memoryOf are a terminal's attributes as the kernel has them, which is what any process on
// this machine understands.
func memoryOf(attributes *unix.Termios) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(attributes)), unsafe.Sizeof(*attributes))
}
