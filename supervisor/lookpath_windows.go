package supervisor

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// defaultExtensions are the extensions of programs for cmd.exe if PATHEXT is not set.
const defaultExtensions = ".COM;.EXE;.BAT;.CMD;.VBS;.JS;.WS;.MSC"

// noCurrentDirectory is the variable that keeps cmd.exe from looking in the current directory first.
const noCurrentDirectory = "NoDefaultCurrentDirectoryInExePath"

// LookPath finds the program of the command as cmd.exe would, with the command's environment and
// directory, not reeve's: first in that directory, then in those of Path, each time with the extensions
// in PATHEXT. A file without an extension is not a program: npm puts a script for Unix next to each of
// its batch files.
func (c *Command) LookPath() (string, error) {
	if c.Line != "" {
		return Shell(), nil
	}
	name, extensions := c.Args[0], c.extensions()
	if name == "" {
		return "", fmt.Errorf("%s: %w", c.shown(), ErrNotFound)
	}
	if strings.ContainsAny(name, `\/:`) {
		path := c.in(rooted(c.Dir, filepath.FromSlash(name)))
		if file := programAt(path, extensions); file != "" {
			return file, nil
		}
		if exists(path, true) {
			return "", fmt.Errorf("%s: %w: it is a directory", c.shown(), ErrNotExecutable)
		}
		if exists(path, false) {
			return "", fmt.Errorf("%s: %w", c.shown(), ErrNotExecutable)
		}
		return "", fmt.Errorf("%s: %w", c.shown(), ErrNotFound)
	}
	var dirs []string
	if _, set := c.variable(noCurrentDirectory); !set {
		dirs = append(dirs, c.Dir)
	}
	path, _ := c.variable("PATH")
	for _, dir := range append(dirs, filepath.SplitList(path)...) {
		if dir == "" {
			continue
		}
		if file := programAt(filepath.Join(c.in(dir), name), extensions); file != "" {
			return file, nil
		}
	}
	return "", fmt.Errorf("%s: %w", c.shown(), ErrNotFound)
}

// What to say about a file that exists but is not a program.
const (
	IsExecutable  = "Windows runs only files with the extensions in PATHEXT; a script needs the name of its interpreter in front"
	HowExecutable = IsExecutable
)

// rooted gives a path that begins at the root of an unnamed drive the drive of a directory.
func rooted(dir, path string) string {
	if strings.HasPrefix(path, `\`) && !filepath.IsAbs(path) {
		return filepath.VolumeName(dir) + path
	}
	return path
}

// programAt finds a program by its path, with or without its extension; "" if there is none.
func programAt(path string, extensions []string) string {
	if filepath.Ext(path) != "" && hasExtension(path, extensions) && exists(path, false) {
		return path
	}
	for _, ext := range extensions {
		if file := path + ext; exists(file, false) {
			return file
		}
	}
	return ""
}

func hasExtension(path string, extensions []string) bool {
	for _, ext := range extensions {
		if strings.EqualFold(filepath.Ext(path), ext) {
			return true
		}
	}
	return false
}

// exists reports whether there is a file or a directory. It does not open it, since the aliases of apps
// from the Store cannot be opened.
func exists(path string, directory bool) bool {
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return false
	}
	attributes, err := windows.GetFileAttributes(p)
	return err == nil && (attributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0) == directory
}

// extensions are those of programs. Those that Windows itself can execute are always among them.
func (c *Command) extensions() (all []string) {
	list, _ := c.variable("PATHEXT")
	for _, ext := range strings.Split(cmp.Or(list, defaultExtensions), ";") {
		if strings.HasPrefix(ext, ".") {
			all = append(all, ext)
		}
	}
	return all
}

// variable looks up a variable of the command's environment, ignoring case; if there are several, the
// last one wins.
func (c *Command) variable(key string) (value string, ok bool) {
	for i := len(c.Env) - 1; i >= 0; i-- {
		if k, value, _ := strings.Cut(c.Env[i], "="); strings.EqualFold(k, key) {
			return value, true
		}
	}
	return "", false
}
