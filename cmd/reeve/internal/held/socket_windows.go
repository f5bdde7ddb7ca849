package held

import (
	"errors"
	"os"
)

var errNoSockets = errors.New("Windows has no sockets that processes could be handed")

// Socket does not exist on Windows.
type Socket struct{}

// Bind fails.
func Bind(Address, ...*Socket) (*Socket, error) { return nil, errNoSockets }

// Try fails.
func Try(Address, ...*Socket) error { return errNoSockets }

// File is none.
func (*Socket) File() *os.File { return nil }

// At is nowhere.
func (*Socket) At() Address { return Address{} }

// Mend does nothing.
func (*Socket) Mend() error { return nil }

// Block does nothing.
func (*Socket) Block() {}

// Close does nothing.
func (*Socket) Close() {}

// Remove does nothing.
func (*Socket) Remove() {}

// RemoveDead does nothing.
func RemoveDead(string) {}
