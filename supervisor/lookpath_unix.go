//go:build unix

package supervisor

import (
	"fmt"
	"path/filepath"
	"strings"
)

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
		switch isFile, runs := programAt(file); {
		case runs:
			return file, nil
		case isFile: // else it goes on also where the directory cannot be searched, as shells do
			denied = true
		}
	}
	if denied {
		return "", fmt.Errorf("%s: %w", c.shown(), ErrNotExecutable)
	}
	return "", fmt.Errorf("%s: %w", c.shown(), ErrNotFound)
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

// What to ask about a program that is there and cannot be executed.
const (
	IsExecutable  = "is it executable?"
	HowExecutable = "is it a program, and does chmod +x help?"
)
