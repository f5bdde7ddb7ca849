package watch

import (
	"io/fs"
	"os"
)

// stamp tells one state of a file from another. Modes and the time of the last reading are not
// in it: they are no change.
type stamp struct {
	modified int64 // in nanoseconds
	size     int64
	file     fileID
}

// fileID tells one file from another. Where the system has no such thing it is the same for all.
type fileID struct{ device, inode uint64 }

// stampOf looks at a file, through symbolic links; false: there is none, or it is a directory or
// something that has no content.
func stampOf(file string) (stamp, bool) {
	info, err := os.Stat(file)
	if err != nil {
		// A link to nowhere is a file, too: it may be what has changed.
		if info, err = os.Lstat(file); err != nil {
			return stamp{}, false
		}
	}
	if info.IsDir() || info.Mode()&(fs.ModeSocket|fs.ModeNamedPipe|fs.ModeDevice) != 0 {
		return stamp{}, false
	}
	return stamp{info.ModTime().UnixNano(), info.Size(), idOf(info)}, true
}
