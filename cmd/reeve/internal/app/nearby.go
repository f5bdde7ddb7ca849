package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"reeve/supervisor"
)

// Programs of an app's own are often not in the PATH: npx, bundle exec and an activated
// virtualenv put them there. People who rely on these do not know where they are.

// programDirs are the directories that have them, relative to the root.
var programDirs = []string{
	"bin", "node_modules/.bin", ".venv/bin", "venv/bin", "env/bin", "vendor/bin", "script", "scripts",
	"target/release", "target/debug", "build", "dist", ".",
}

// nearby finds a program that is in the root, though not in the PATH. The packages of a
// workspace share the node_modules of a directory above them.
func nearby(root, name string) (path string) {
	if name == "" || strings.ContainsAny(name, "/\\") {
		return ""
	}
	for _, dir := range programDirs {
		if isExecutable(filepath.Join(root, dir, name)) {
			return dotted(filepath.Join(dir, name))
		}
	}
	up := ".."
	for dir := filepath.Dir(root); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if isExecutable(filepath.Join(dir, "node_modules/.bin", name)) {
			return filepath.Join(up, "node_modules/.bin", name)
		}
		up = filepath.Join(up, "..")
	}
	return ""
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// dotted makes a path of a name that would be looked up in the PATH.
func dotted(path string) string {
	if strings.Contains(path, "/") {
		return path
	}
	return "./" + path
}

// Explained is the error of a start together with a remedy.
type Explained struct {
	error
	Remedy string
}

func (e Explained) Unwrap() error { return e.error }

// Explain adds a remedy to why a command could not start. written is the
// command as the Procfile has it.
func Explain(c *supervisor.Command, written string, err error) error {
	if errors.Is(err, supervisor.ErrNotFound) || errors.Is(err, supervisor.ErrNotExecutable) {
		if remedy := remedyFor(c, written); remedy != "" {
			return Explained{err, remedy}
		}
	}
	return err
}

// remedyFor says what to do about a program that cannot be executed; empty: nothing
// is known.
func remedyFor(c *supervisor.Command, written string) string {
	file, err := c.LookPath()
	name := nameIn(written, c.Args[0])
	switch {
	case err == nil:
		return scriptRemedy(c, file)
	case errors.Is(err, supervisor.ErrNotExecutable), name == unnamed:
		return ""
	case isPath(name):
		return noFileRemedy
	}
	if path := nearby(c.Dir, name); path != "" {
		return nearbyText(path)
	}
	return ""
}

// scriptRemedy does so for a script that cannot be interpreted.
func scriptRemedy(c *supervisor.Command, file string) string {
	switch flaw, interpreter := interpreterFlaw(c, file); flaw {
	case carriageReturn:
		return "its first line ends with a carriage return: " + lineEndRemedy
	case noInterpreter:
		return "it is a script for " + interpreter + ", which cannot be found: is it installed?"
	}
	return ""
}
