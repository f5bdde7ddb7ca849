// Package safedir reads and writes files in a directory in which others may have a say.
//
// An export is often made by root, and read by process managers that are root's: nobody else
// may decide where its files go. So a directory is opened once, component by component, and
// everything is done in what has been opened: whoever replaces a directory by a link meanwhile
// changes nothing. A link in the path counts if only root, or whoever runs reeve, can have
// made it; below the directory none does. A file that is written takes its place in one step.
package safedir

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"reeve/cmd/reeve/internal/diag"
)

// Dir is an open directory.
type Dir struct {
	root *os.Root
	path string // as messages show it
}

// Open opens a directory; the error of one that does not exist is [fs.ErrNotExist].
func Open(location string) (Dir, error) { return open(location, leaveIt) }

// Make opens a directory, and makes what is missing of its path.
func Make(location string) (Dir, error) { return open(location, makeIt) }

// Close closes the directory.
func (d Dir) Close() error { return d.root.Close() }

// maxLinks is how many links a path may lead through, as on Linux.
const maxLinks = 40

// whenMissing is what to do about a directory that does not exist.
type whenMissing func(at *os.Root, name string) error

func makeIt(at *os.Root, name string) error { return at.Mkdir(name, 0o755) }
func leaveIt(*os.Root, string) error        { return fs.ErrNotExist }

func open(location string, missing whenMissing) (Dir, error) {
	where := location
	for range maxLinks {
		dir, next, err := walkTo(where, missing)
		if err != nil {
			return Dir{}, err
		}
		if next == "" {
			return Dir{dir, location}, nil
		}
		where = next
	}
	return Dir{}, fmt.Errorf("cannot use %s: too many links", location)
}

// walkTo goes to a directory, or as far as the first link: next is the path after that.
func walkTo(where string, missing whenMissing) (dir *os.Root, next string, err error) {
	at := filepath.VolumeName(where) + string(filepath.Separator)
	if dir, err = os.OpenRoot(at); err != nil {
		return nil, "", fmt.Errorf("cannot use %s: %w", at, diag.Reason(err))
	}
	names := strings.FieldsFunc(where[len(at)-1:], func(r rune) bool { return r == filepath.Separator })
	for n, name := range names {
		here := filepath.Join(at, name)
		info, err := dir.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			if err = missing(dir, name); err == nil {
				info, err = dir.Lstat(name)
			}
		}
		if err == nil && isLink(info) {
			next, err = followLink(dir, name, here, info)
			_ = dir.Close()
			return nil, filepath.Join(append([]string{next}, names[n+1:]...)...), err
		}
		var below *os.Root
		if err == nil {
			below, err = openSame(dir, name, info)
		}
		_ = dir.Close()
		if err != nil {
			return nil, "", fmt.Errorf("cannot use %s: %w", here, diag.Reason(err))
		}
		dir, at = below, here
	}
	return dir, "", nil
}

func isLink(info fs.FileInfo) bool { return info.Mode()&fs.ModeSymlink != 0 }

// followLink gives the path to which a link leads.
func followLink(dir *os.Root, name, here string, info fs.FileInfo) (string, error) {
	if who, foreign := foreignOwner(here, info); foreign {
		return "", foreignLink(here, who)
	}
	target, err := dir.Readlink(name)
	if err != nil {
		return "", fmt.Errorf("cannot use %s: %w", here, diag.Reason(err))
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(here), target) // which has no more links in it
	}
	return target, nil
}

// openSame opens a directory that has been looked at.
func openSame(dir *os.Root, name string, info fs.FileInfo) (*os.Root, error) {
	if !info.IsDir() {
		return nil, syscall.ENOTDIR
	}
	below, err := dir.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	if opened, err := below.Stat("."); err != nil || !os.SameFile(opened, info) {
		_ = below.Close()
		return nil, errors.New("somebody is replacing it")
	}
	return below, nil
}

// below opens a directory in this one, by its path with slashes. It has to be one in which
// nobody else can put anything.
func (d Dir) below(name string, missing whenMissing) (Dir, error) {
	here, err := d.root.OpenRoot(".")
	at := Dir{here, d.path}
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' }) {
		if err != nil {
			break
		}
		var next Dir
		next, err = at.child(part, missing)
		_ = at.Close()
		at = next
	}
	return at, err
}

func (d Dir) child(name string, missing whenMissing) (Dir, error) {
	here := filepath.Join(d.path, name)
	info, err := d.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = missing(d.root, name); err == nil {
			info, err = d.root.Lstat(name)
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Dir{}, err
	case err != nil:
		return Dir{}, fmt.Errorf("cannot use %s: %w", here, diag.Reason(err))
	case isLink(info):
		return Dir{}, linkedDir(here)
	}
	if who, foreign := foreignOwner(here, info); foreign {
		return Dir{}, foreignDir(here, who)
	}
	if replaceable(info) {
		return Dir{}, openToAll(here)
	}
	root, err := openSame(d.root, name, info)
	if err != nil {
		return Dir{}, fmt.Errorf("cannot use %s: %w", here, diag.Reason(err))
	}
	return Dir{root, here}, nil
}

// Read reads a regular file, by its path with slashes.
func (d Dir) Read(name string) ([]byte, fs.FileInfo, error) {
	dir, err := d.below(path.Dir(name), leaveIt)
	if err != nil {
		return nil, nil, err
	}
	defer dir.Close()
	base := path.Base(name)
	info, err := dir.root.Lstat(base)
	if err == nil && !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("cannot write %s: not a regular file", filepath.Join(dir.path, base))
	}
	if err != nil {
		return nil, nil, err
	}
	// Whoever puts a pipe there now is not waited for.
	f, err := dir.root.OpenFile(base, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read %s: %w", filepath.Join(dir.path, base), diag.Reason(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read %s: %w", filepath.Join(dir.path, base), diag.Reason(err))
	}
	return append([]byte{}, text...), info, nil
}

// maxFile is more than any file of an export has, in bytes.
const maxFile = 64 << 20

// File is what a file is to be like.
type File struct {
	Content []byte
	Mode    fs.FileMode
	Owner   string // empty: whoever writes it
}

// Write writes a file, and makes the directories in its path. It writes another file beside
// it that takes its place, so that nobody ever reads half of it, or a secret in a file that
// others can open.
func (d Dir) Write(name string, file File) error {
	dir, err := d.below(path.Dir(name), makeIt)
	if err != nil {
		return err
	}
	defer dir.Close()
	base := path.Base(name)
	temp := ".reeve-" + rand.Text()
	f, err := dir.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		defer func() { _ = dir.root.Remove(temp) }()
		_, err = f.Write(file.Content)
		err = errors.Join(err, f.Chmod(file.Mode), giveTo(f, file.Owner), f.Close())
	}
	if err == nil {
		err = dir.root.Rename(temp, base)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", filepath.Join(dir.path, base), diag.Reason(err))
	}
	return nil
}

// List lists the files of a directory in it that match a pattern; none if there is no
// such directory.
func (d Dir) List(name, pattern string) ([]string, error) {
	dir, err := d.below(name, leaveIt)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	entries, err := dir.Entries()
	if err != nil {
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		if ok, _ := path.Match(pattern, entry.Name()); ok {
			found = append(found, path.Join(name, entry.Name()))
		}
	}
	return found, nil
}

// Entries lists what is in the directory itself.
func (d Dir) Entries() ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", d.path, diag.Reason(err))
	}
	return entries, nil
}

// Remove removes a file, or a directory with all that is in it, by its path with slashes.
func (d Dir) Remove(name string) error {
	if err := d.root.RemoveAll(filepath.FromSlash(name)); err != nil {
		return fmt.Errorf("cannot remove %s: %w", filepath.Join(d.path, filepath.FromSlash(name)), diag.Reason(err))
	}
	return nil
}
