package logdir

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// File is one file of a directory, with its predecessors.
type File struct {
	dir  *Dir
	path string
	file *os.File    // nil: it is not open
	info fs.FileInfo // of what was opened
	size int
	mode fs.FileMode // of the one before, which somebody may have changed
}

// fileMode is that of new files. What processes write may be confidential.
const fileMode = 0o600

// File returns the file of a name, which is opened when it is needed.
func (d *Dir) File(name string) *File {
	return &File{dir: d, path: filepath.Join(d.Path, name), mode: fileMode}
}

// Append writes whole lines, and returns those that it could not write. [ErrVanished] is not a failure, but
// something for the caller to report: everything is written.
func (f *File) Append(p []byte) (rest []byte, err error) {
	vanished := f.ready()
	if vanished != nil && !errors.Is(vanished, ErrVanished) {
		return p, vanished
	}
	for len(p) > 0 {
		n := f.fits(p)
		if n == 0 {
			if err := f.rotate(); err != nil {
				return p, err
			}
			continue
		}
		done, err := f.file.Write(p[:n])
		if f.size += done; err != nil {
			whole := bytes.LastIndexByte(p[:done], '\n') + 1
			f.takeBack(done - whole)
			return p[whole:], err
		}
		p = p[n:]
	}
	return nil, vanished
}

// fits is the length of the lines that there is room for. A new file takes at least one.
func (f *File) fits(p []byte) int {
	room := f.dir.Size - f.size
	switch {
	case f.dir.Size == 0 || len(p) <= room:
		return len(p)
	case f.size > 0:
		return bytes.LastIndexByte(p[:max(room, 0)], '\n') + 1
	}
	if n := max(bytes.LastIndexByte(p[:room], '\n'), bytes.IndexByte(p, '\n')) + 1; n > 0 {
		return n
	}
	return len(p)
}

// ready makes sure that the file is open, and still the one of its name.
func (f *File) ready() error {
	if f.file != nil {
		if there, err := os.Lstat(f.path); err == nil && os.SameFile(there, f.info) {
			f.size, f.mode = int(there.Size()), there.Mode().Perm()
			return nil
		}
		f.Close()
	}
	vanished := f.dir.Claim()
	if vanished != nil && !errors.Is(vanished, ErrVanished) {
		return vanished
	}
	if err := f.open(); err != nil {
		return err
	}
	return vanished
}

// open opens the file, and completes a line that an earlier run has left without its end.
func (f *File) open() error {
	isNew := !exists(f.path)
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_APPEND|os.O_CREATE|noFollow, fileMode)
	if err != nil {
		return explain(err)
	}
	f.file = file
	f.info, err = file.Stat()
	switch {
	case err != nil:
	case !f.info.Mode().IsRegular():
		err = errors.New(filepath.Base(f.path) + " is not a regular file")
	case !isNew:
		f.mode = f.info.Mode().Perm()
	case f.mode != fileMode:
		err = file.Chmod(f.mode)
	}
	if err == nil {
		err = f.endLine()
	}
	if err != nil {
		f.Close()
	}
	return err
}

func (f *File) endLine() error {
	f.size = int(f.info.Size())
	if f.size == 0 {
		return nil
	}
	var last [1]byte
	_, err := f.file.ReadAt(last[:], int64(f.size-1))
	if err != nil || last[0] == '\n' {
		return err
	}
	n, err := f.file.Write([]byte{'\n'})
	f.size += n
	return err
}

// takeBack makes the file end before its last n bytes, which are a part of a line. If it cannot, the line ends
// when the file is opened the next time.
func (f *File) takeBack(n int) {
	if n == 0 {
		return
	}
	if is, err := f.file.Stat(); err == nil && int(is.Size()) == f.size && f.file.Truncate(int64(f.size-n)) == nil {
		f.size -= n
		return
	}
	f.Close()
}

// rotate begins another file. The oldest one is removed only if every name that may be kept is taken; those
// beyond, which a run with a larger limit has kept, are removed, too.
func (f *File) rotate() error {
	f.Close() // or some systems would not rename it
	keep := f.dir.Keep
	for k := keep + 1; os.Remove(f.old(k)) == nil; k++ {
	}
	if keep == 0 {
		if err := os.Remove(f.path); err != nil {
			return err
		}
		return f.open()
	}
	free := 1
	for free < keep && exists(f.old(free)) {
		free++
	}
	for ; free > 0; free-- {
		if err := os.Rename(f.old(free-1), f.old(free)); err != nil {
			return err
		}
	}
	return f.open()
}

// old is the name of an old file; 0 is the present one.
func (f *File) old(k int) string {
	if k == 0 {
		return f.path
	}
	return f.path + "." + strconv.Itoa(k)
}

// Touch makes the file, if there is none.
func (f *File) Touch() error { return f.ready() }

// Close closes the file, until it is needed again.
func (f *File) Close() {
	if f.file != nil {
		_ = f.file.Close()
		f.file = nil
	}
}
