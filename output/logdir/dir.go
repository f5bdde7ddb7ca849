// Package logdir writes files of whole lines, in a directory that belongs to one formation at a time.
//
// A file grows up to a limit. Then it is renamed to NAME.1, the one that had that name to NAME.2, and so on, as
// logrotate does it, and a limited number of old files is kept. A new run of reeve appends to the files of the
// last one.
//
// Other programs may touch the files. If one moves or removes a file, as logrotate does, the next write creates
// a new one in its place; a file that has been emptied is continued from its beginning. The name is looked up
// before each write, so nothing is ever written to a file that is gone. Links are not followed, since others may
// be able to put some there, and only regular files are written to. A line is written in full or not at all: if
// the disk is full, the part of a line that still fitted is removed again.
package logdir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Dir is a directory of log files. It belongs to one goroutine, except that [Dir.Claim] comes before that begins.
type Dir struct {
	Path string
	Size int // of a file at most, unless a single line is larger; 0: no limit
	Keep int // how many old files are kept of each

	claimed bool     // it has belonged to this process before
	lock    *os.File // that shows others whose it is
}

// ErrVanished says that the directory was removed, and has been created again.
var ErrVanished = errors.New("removed, and created again")

// InUseError says that the directory belongs to another formation.
type InUseError struct{ Pid int } // of its reeve; 0: unknown

func (e InUseError) Error() string {
	if e.Pid == 0 {
		return "another formation uses it"
	}
	return "another formation (pid " + strconv.Itoa(e.Pid) + ") uses it"
}

// lockName is the file that the owner of the directory locks. It is a lock of the kernel, which ends with the
// process.
const lockName = ".reeve.lock"

// Claim creates the directory if it is missing, and claims it for this process unless it is another's. It does
// nothing if this process has it already.
func (d *Dir) Claim() error {
	if d.lock != nil && isSame(d.lock, d.lockPath()) {
		return nil
	}
	d.drop()
	made, err := d.makeDir()
	for err == nil && d.lock == nil {
		var lock *os.File
		if lock, err = openLock(d.lockPath()); err != nil {
			break
		}
		if isSame(lock, d.lockPath()) { // otherwise its last owner has just removed it
			d.lock = lock
		} else {
			_ = lock.Close()
		}
	}
	if again := d.claimed; err == nil {
		if d.claimed = true; again && made {
			return ErrVanished
		}
	}
	return err
}

// makeDir creates the directory. The first time it also creates those above it, but not later: an app that has
// been removed as a whole does not come back.
func (d *Dir) makeDir() (made bool, err error) {
	if _, err := os.Stat(d.Path); err == nil {
		return false, nil
	}
	if d.claimed {
		err = os.Mkdir(d.Path, 0o700)
	} else {
		err = os.MkdirAll(d.Path, 0o700)
	}
	return true, err
}

func (d *Dir) lockPath() string { return filepath.Join(d.Path, lockName) }

func (d *Dir) drop() {
	if d.lock != nil {
		_ = d.lock.Close()
		d.lock = nil
	}
}

// Close releases the directory, once its files are closed.
func (d *Dir) Close() {
	if d.lock != nil && isSame(d.lock, d.lockPath()) {
		_ = os.Remove(d.lockPath())
	}
	d.drop()
}

// isSame reports whether a file still has its name.
func isSame(f *os.File, path string) bool {
	is, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(is, there)
}

// exists reports whether there is anything at a path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
