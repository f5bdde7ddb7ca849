//go:build unix

package watch

import (
	"io/fs"
	"syscall"
)

func idOf(info fs.FileInfo) fileID {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(s.Dev), uint64(s.Ino)} //nolint:unconvert // other systems have other types
	}
	return fileID{}
}
