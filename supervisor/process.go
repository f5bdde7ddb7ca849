package supervisor

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Command is what a run executes.
type Command struct {
	// Args are the program, as it was written, and its arguments. A program without
	// a slash is looked up in the PATH of Env.
	Args []string
	// Program is what messages call the program; empty: as Args do. They do not show a
	// name that comes from a variable.
	Program string
	Env     []string
	Dir     string // an absolute path
	// Files become descriptors 0, 1 and 2; the process gets no others but Sockets.
	Files [3]*os.File
	// Sockets become descriptors 3 and so on. Variables tell the process of them, unless the command
	// itself Names them.
	Sockets []Socket
	Names   bool
	// Terminal says that Files[1] is a terminal that the run's session is to own.
	Terminal bool
}

// Socket is one that a run takes over, and its name in LISTEN_FDNAMES.
type Socket struct {
	Name string
	File *os.File
}

// The errors of a start, which give the exit codes of POSIX sh (XCU 2.8.2): 127
// where the command was not found, 126 for everything else.
var (
	ErrNotFound      = errors.New("command not found")
	ErrNotExecutable = errors.New("permission denied")
)

// StartCode is the exit code of a command that could not begin.
func StartCode(err error) int {
	if errors.Is(err, ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return 127
	}
	return 126
}

// defaultPath is where programs are looked up when the environment has no PATH, as
// dash does it.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// LookPath finds the program of the command as the process itself would: by its own
// PATH and from its own directory, which are not those of reeve.
func (c *Command) LookPath() (string, error) {
	name := c.Args[0]
	if strings.Contains(name, "/") {
		if err := executable(c.in(name)); err != nil {
			return "", fmt.Errorf("%s: %w", c.shown(), err)
		}
		return name, nil
	}
	denied := false
	for _, dir := range filepath.SplitList(c.path()) {
		file := filepath.Join(c.in(dir), name)
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
			continue // also where the directory cannot be searched, as shells do
		}
		if executable(file) == nil {
			return file, nil
		}
		denied = true
	}
	if denied {
		return "", fmt.Errorf("%s: %w", c.shown(), ErrNotExecutable)
	}
	return "", fmt.Errorf("%s: %w", c.shown(), ErrNotFound)
}

// shown is what messages call the program.
func (c *Command) shown() string {
	if name := cmp.Or(c.Program, c.Args[0]); name != "" {
		return name
	}
	return `""`
}

// path is the PATH of the command's environment; of several, the last one counts.
func (c *Command) path() string {
	for i := len(c.Env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(c.Env[i], "PATH="); ok {
			return value
		}
	}
	return defaultPath
}

// in makes a path absolute from the command's directory.
func (c *Command) in(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, path)
}
