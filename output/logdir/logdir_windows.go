package logdir

import (
	"errors"
	"os"
	"syscall"
)

// noFollow is nothing: who may make links there has rights that are seldom given.
const noFollow = 0

// openLock opens a file that nobody else can open meanwhile, and which is gone when it is closed.
func openLock(path string) (*os.File, error) {
	const mayDelete, deleteOnClose, sharingViolation = 0x10000, 0x04000000, syscall.Errno(32)
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE|mayDelete, 0, nil, syscall.OPEN_ALWAYS, deleteOnClose, 0)
	if errors.Is(err, sharingViolation) {
		return nil, InUseError{}
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

func explain(err error) error { return err }
