//go:build darwin || freebsd

package terminal

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Path is where a terminal can be opened again: the device of that number.
func Path(fd int) (string, error) {
	var tty unix.Stat_t
	if err := unix.Fstat(fd, &tty); err != nil {
		return "", err
	}
	for _, dir := range []string{"/dev/pts", "/dev"} {
		entries, _ := os.ReadDir(dir)
		for _, entry := range entries {
			if entry.Type()&fs.ModeCharDevice == 0 {
				continue
			}
			info, err := entry.Info()
			if err != nil {
				continue
			}
			if device, ok := info.Sys().(*syscall.Stat_t); ok && uint64(device.Rdev) == uint64(tty.Rdev) { //nolint:unconvert // they differ by system
				return filepath.Join(dir, entry.Name()), nil
			}
		}
	}
	return "", fs.ErrNotExist
}
