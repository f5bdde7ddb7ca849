// Package place finds where an app is: its root, and the Procfile in it.
//
// If neither is named, it is the Procfile in the current directory, or the nearest one above
// it. A Procfile in the current directory is used as it is. One that is found further up may
// have been put there by anybody, so it must belong to somebody who is trusted.
package place

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"reeve/cmd/reeve/internal/diag"
)

// The files that reeve reads in a root without being told.
const (
	Procfile     = "Procfile"
	SettingsFile = "reeve.toml"
	EnvFile      = ".env"
)

// ErrNoProcfile is for an app without one.
var ErrNoProcfile = errors.New("no Procfile")

// Place is what somebody says about where an app is; the zero value: nothing.
type Place struct {
	Procfile string // its path; - is standard input
	Root     string
}

// Read finds and reads the Procfile. The path is as messages show it, and empty
// if there is none.
func (p Place) Read() (path string, src []byte, err error) {
	if p.Procfile == "-" {
		const name = "standard input"
		src, err = readAll(os.Stdin, name)
		return name, src, err
	}
	if path = p.Procfile; path == "" {
		if path, err = FindProcfile(p.Root); err != nil {
			return "", nil, err
		}
	}
	src, err = readSmall(path)
	return path, src, err
}

// FindProcfile looks for the Procfile in the root, or, where none is given, in the
// current directory and those above it.
func FindProcfile(root string) (path string, err error) {
	if root != "" {
		path := filepath.Join(root, Procfile)
		_, rootErr := os.Stat(root)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && rootErr == nil {
			return "", fmt.Errorf("%w in %s%s", ErrNoProcfile, root, NoProcfileText(OtherProcfiles(root), root))
		}
		return path, nil
	}
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("cannot determine the current directory: %w", diag.Reason(err))
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, Procfile)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			if err := CheckTrust(dir, here); err != nil {
				return "", err
			}
			return Shorten(path, here), nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%w in %s or above it%s", ErrNoProcfile, here, NoProcfileText(OtherProcfiles(here), "."))
		}
	}
}

// Upwards lists the directories in which a running formation is looked for: the current one and
// those above it. If it has been removed, as the worktree may be that a shell is still in, it is
// what has been removed with it, and no more: what is left above is somebody else's.
func Upwards() (dirs []string, err error) {
	dir, err := os.Getwd()
	removed := err != nil
	if removed {
		if dir = removedDir(); dir == "" {
			return nil, fmt.Errorf("cannot determine the current directory: %w", diag.Reason(err))
		}
	}
	for {
		dirs = append(dirs, dir)
		next := filepath.Dir(dir)
		if _, err := os.Lstat(next); next == dir || removed && err == nil {
			return dirs, nil
		}
		dir = next
	}
}

// removedDir is where the current directory was before it was removed, where the system tells
// that: see proc_pid_cwd(5).
func removedDir() string {
	path, _ := os.Readlink("/proc/self/cwd")
	dir, _ := strings.CutSuffix(path, " (deleted)")
	return dir
}

// Shorten gives a path as one would type it from a directory.
func Shorten(path, from string) string {
	if rel, err := filepath.Rel(from, path); err == nil {
		return rel
	}
	return path
}

// Dir gives the app's root as it was written: what was asked for, else where the
// Procfile is, else the current directory.
func (p Place) Dir(procfilePath string) string {
	switch {
	case p.Root != "":
		return p.Root
	case p.Procfile == "-", procfilePath == "":
		return "."
	}
	return filepath.Dir(procfilePath)
}

// AbsRoot gives the app's root.
func (p Place) AbsRoot(procfilePath string) (string, error) {
	root, err := filepath.Abs(p.Dir(procfilePath))
	if err != nil {
		return "", fmt.Errorf("cannot determine the current directory: %w", diag.Reason(err))
	}
	info, err := os.Stat(root)
	if err != nil {
		return "", fmt.Errorf("cannot use the root %s: %w", root, diag.Reason(err))
	}
	if !info.IsDir() {
		return "", fmt.Errorf("cannot use the root %s: not a directory", root)
	}
	return root, nil
}

// NoProcfileText says what to do where there is no Procfile, but perhaps there are others.
func NoProcfileText(others []string, dir string) string {
	switch len(others) {
	case 0:
		return ": write one with reeve init, or name one with -f FILE"
	case 1:
		return ", but there is " + others[0] + ": name it with -f " + filepath.Join(dir, others[0])
	}
	return ", but there are " + strings.Join(others, ", ") + ": name one with -f " + filepath.Join(dir, others[0])
}
