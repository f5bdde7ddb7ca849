package main

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
	"reeve/procfile/export"
)

// An export is often made by root, and read by process managers that are root's: nobody
// else may have a say in where its files go. So directories are opened once, component
// by component, and everything is done in what has been opened. Whoever exchanges a
// directory for a link meanwhile changes nothing.

// exportDir is an open directory.
type exportDir struct {
	*os.Root
	path string // as messages show it
}

// maxLinks is how many links a path may lead through, as on Linux.
const maxLinks = 40

// openExportDir opens the directory of an export, and makes what is missing of it if
// that is wanted. A link in its path counts if nobody but root, or whoever exports, can
// have made it.
func openExportDir(location string, missing func(at *os.Root, name string) error) (exportDir, error) {
	where := location
	for range maxLinks {
		dir, next, err := walkTo(where, missing)
		if err != nil {
			return exportDir{}, err
		}
		if next == "" {
			return exportDir{dir, location}, nil
		}
		where = next
	}
	return exportDir{}, fmt.Errorf("cannot use %s: too many links", location)
}

// mayMake makes a directory, mayNotMake leaves it at that.
func mayMake(at *os.Root, name string) error { return at.Mkdir(name, 0o755) }
func mayNotMake(*os.Root, string) error      { return fs.ErrNotExist }

// walkTo goes to a directory, or as far as the first link: next is the path behind that.
func walkTo(where string, missing func(*os.Root, string) error) (dir *os.Root, next string, err error) {
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
	if who, foreign := foreignOwner(info); foreign {
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

// below opens a directory in the directory of an export, by its path with slashes. It
// has to be one in which nobody else can put anything.
func (d exportDir) below(name string, missing func(*os.Root, string) error) (exportDir, error) {
	here, err := d.OpenRoot(".")
	at := exportDir{here, d.path}
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' }) {
		if err != nil {
			break
		}
		var next exportDir
		next, err = at.child(part, missing)
		_ = at.Close()
		at = next
	}
	return at, err
}

func (d exportDir) child(name string, missing func(*os.Root, string) error) (exportDir, error) {
	here := filepath.Join(d.path, name)
	info, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = missing(d.Root, name); err == nil {
			info, err = d.Lstat(name)
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return exportDir{}, err
	case err != nil:
		return exportDir{}, fmt.Errorf("cannot use %s: %w", here, diag.Reason(err))
	case isLink(info):
		return exportDir{}, linkedDir(here)
	}
	if who, foreign := foreignOwner(info); foreign {
		return exportDir{}, foreignDir(here, who)
	}
	if replaceable(info) {
		return exportDir{}, openToAll(here)
	}
	root, err := openSame(d.Root, name, info)
	if err != nil {
		return exportDir{}, fmt.Errorf("cannot use %s: %w", here, diag.Reason(err))
	}
	return exportDir{root, here}, nil
}

// read reads a file that an earlier export may have written.
func (d exportDir) read(name string) ([]byte, fs.FileInfo, error) {
	dir, err := d.below(path.Dir(name), mayNotMake)
	if err != nil {
		return nil, nil, err
	}
	defer dir.Close()
	base := path.Base(name)
	info, err := dir.Lstat(base)
	if err == nil && !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("cannot write %s: not a regular file", filepath.Join(dir.path, base))
	}
	if err != nil {
		return nil, nil, err
	}
	// Whoever puts a pipe there now is not waited for.
	f, err := dir.OpenFile(base, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read %s: %w", filepath.Join(dir.path, base), diag.Reason(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxExported))
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read %s: %w", filepath.Join(dir.path, base), diag.Reason(err))
	}
	return append([]byte{}, text...), info, nil
}

// maxExported is more than any file of an export has, in bytes.
const maxExported = 64 << 20

// write writes one file: another one beside it that takes its place, so that nobody ever
// reads half of it, or a secret in a file that others can open.
func (d exportDir) write(file export.File) error {
	dir, err := d.below(path.Dir(file.Path), mayMake)
	if err != nil {
		return err
	}
	defer dir.Close()
	base := path.Base(file.Path)
	temp := ".reeve-" + rand.Text()
	f, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		defer func() { _ = dir.Remove(temp) }()
		_, err = f.Write(file.Content)
		err = errors.Join(err, f.Chmod(file.Mode), giveTo(f, file.Owner), f.Close())
	}
	if err == nil {
		err = dir.Rename(temp, base)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", filepath.Join(dir.path, base), diag.Reason(err))
	}
	return nil
}

// list lists the files of a directory in it that match a pattern; none if there is no
// such directory.
func (d exportDir) list(name, pattern string) ([]string, error) {
	dir, err := d.below(name, mayNotMake)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", dir.path, diag.Reason(err))
	}
	var found []string
	for _, entry := range entries {
		if ok, _ := path.Match(pattern, entry.Name()); ok {
			found = append(found, path.Join(name, entry.Name()))
		}
	}
	return found, nil
}
