package watch

import (
	"io/fs"
	"os"
	"time"
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

// The clocks of file systems tick this seldom: those that know no fractions of a second, FAT above all,
// and others.
const (
	coarseTick = 2 * time.Second
	fineTick   = 20 * time.Millisecond
)

// isFresh reports whether a change now may leave the same stamp.
func (s stamp) isFresh(now time.Time) bool {
	tick := fineTick
	if s.modified%int64(time.Second) == 0 {
		tick = coarseTick
	}
	return now.UnixNano()-s.modified < int64(tick)
}
