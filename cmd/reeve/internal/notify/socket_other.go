//go:build !linux

package notify

import "errors"

// Supported reports whether this system tells who has sent a message.
const Supported = false

// Socket does not exist here.
type Socket struct{}

// Sender is who has sent a message.
type Sender struct{ Pid, Uid int }

// NewPath is nowhere.
func NewPath(string) string { return "" }

// Listen fails.
func Listen(string) (*Socket, error) { return nil, errors.ErrUnsupported }

// Address is none.
func (*Socket) Address() string { return "" }

// Each does nothing.
func (*Socket) Each(func()) {}

// Next has nothing.
func (*Socket) Next() (m Message, from Sender, ok bool) { return m, from, false }

// Close does nothing.
func (*Socket) Close() {}
