//go:build unix

package terminal

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// Attributes gives a terminal's attributes (termios(3)) as bytes that another process can
// hand to [SetAttributes].
func Attributes(fd int) ([]byte, error) {
	attributes, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	return binary.Append(nil, binary.NativeEndian, attributes)
}

// SetAttributes makes a terminal as it was when [Attributes] was asked.
func SetAttributes(fd int, attributes []byte) error {
	var decoded unix.Termios
	if err := binary.Read(bytes.NewReader(attributes), binary.NativeEndian, &decoded); err != nil {
		return err
	}
	return setAttributes(fd, &decoded)
}
