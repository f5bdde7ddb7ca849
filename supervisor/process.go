package supervisor

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"reeve/supervisor/terminal"
)

// Command is what a run executes.
type Command struct {
	// Args are the program, as it was written, and its arguments. A program without
	// a slash is looked up in the PATH of Env, see [Command.LookPath].
	Args []string
	// Line is the command line in place of Args, where a program makes of that what it likes: only
	// Windows has such a thing.
	Line string
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
	// Terminal is a pseudo-terminal that is to be the run's own; nil: it has none. See OnTerminal.
	Terminal *terminal.Side
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

// shown is what messages call the program.
func (c *Command) shown() string {
	if name := cmp.Or(c.Program, c.Args[0]); name != "" {
		return name
	}
	return `""`
}

// in makes a path absolute from the command's directory.
func (c *Command) in(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, path)
}
