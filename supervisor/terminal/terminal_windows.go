package terminal

import (
	"errors"
	"os"
	"syscall"
)

// ResizeSignal never arrives.
var ResizeSignal os.Signal = syscall.Signal(-5)

// Open fails: reeve gives no pseudo-terminals on Windows.
func Open(Size) (ours int, theirs *os.File, err error) { return -1, nil, errors.ErrUnsupported }

// Resize does nothing.
func Resize(int, Size) error { return nil }

// Duplicate fails: there is nothing to duplicate.
func Duplicate(int) (*os.File, error) { return nil, errors.ErrUnsupported }

// SizeOf knows nothing.
func SizeOf(int) Size { return Size{} }

// TakeKeys fails.
func TakeKeys(int, Keys) (restore func(), err error) { return nil, errors.ErrUnsupported }

// ReadKeys fails.
func ReadKeys(int, []byte) (int, error) { return 0, errors.ErrUnsupported }

// InForeground reports true: there are no background jobs.
func InForeground(int) bool { return true }

// IsForeign reports false: there are no sessions.
func IsForeign(int) bool { return false }
