// Package logdir has files of whole lines, in a directory that belongs to one formation at a time.
//
// A file grows up to a limit. Then it is renamed to NAME.1, what had that name becomes NAME.2, and so on, as
// with logrotate; so many old ones are kept. What a file has got stays in it: a run of reeve goes on where the
// last one has stopped.
//
// Others may come near the files. Whoever moves or removes one, as logrotate does, gets another one made in
// its place at the next write, and one that has been emptied goes on from its beginning: before each write the
// name is looked up, so nothing ever goes into a file that is gone. Links are not followed, since others may be
// able to put some there, and only regular files are written. A line is there in full or not at all: of
// a full disk, what had room of the last one is taken back.
package logdir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Dir is a directory of log files. It belongs to one goroutine, but for [Dir.Claim] before that begins.
type Dir struct {
	Path string
	Size int // which no file exceeds, unless a single line does; 0: no limit
	Keep int // how many old files are kept of each

	claimed bool     // it has been this process's once
	lock    *os.File // that nobody else has while it is
}

// ErrVanished says that the directory was removed, and has been made again.
var ErrVanished = errors.New("removed, and made again")

// InUseError says that the directory belongs to another formation.
type InUseError struct{ Pid int } // of its reeve; 0: it does not tell

func (e InUseError) Error() string {
	if e.Pid == 0 {
		return "another formation uses it"
	}
	return "another formation (pid " + strconv.Itoa(e.Pid) + ") uses it"
}

// lockName is the file that is locked by whom the directory belongs to. The lock is one of the kernel's: it
// ends with the process.
const lockName = ".reeve.lock"

// Claim makes the directory, if it is missing, and makes it this process's, if it is nobody else's. It does
// nothing if that is so already.
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
		if isSame(lock, d.lockPath()) { // else who had it has just removed it
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

// makeDir makes the directory. Later on it does without those above: an app that has been removed as a whole
// does not come back.
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

// Close gives the directory back, when its files are closed.
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

// exists reports whether there is anything of a name.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
