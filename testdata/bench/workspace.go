package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// prepare makes the directory that a runner starts in: with its configuration, with
// the generator, and with two files for "cat up idle", which writes a line and then
// waits for somebody to write into the pipe.
func (u *run) prepare(j job) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if u.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return err
	}
	config := procfile
	if u.runner.config != nil {
		config = u.runner.config
	}
	name, text := config(j)
	u.trouble, err = os.Create(filepath.Join(u.dir, "stderr"))
	return errors.Join(err,
		os.WriteFile(filepath.Join(u.dir, name), []byte(text), 0o644),
		os.Symlink(self, filepath.Join(u.dir, generatorName)),
		os.WriteFile(filepath.Join(u.dir, "up"), []byte("@u;\n"), 0o644),
		unix.Mkfifo(filepath.Join(u.dir, "idle"), 0o644),
	)
}

// outlet makes what a runner writes to, and the end to read from.
func outlet(terminal bool) (ours, theirs *os.File, err error) {
	if !terminal {
		return os.Pipe()
	}
	if ours, theirs, err = pty.Open(); err != nil {
		return nil, nil, err
	}
	return ours, theirs, pty.Setsize(theirs, &pty.Winsize{Rows: 24, Cols: 80})
}

// environ is the environment without what configures runners.
func environ() []string {
	e := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		key, _, _ := strings.Cut(entry, "=")
		known := []string{"PORT", "PROCFILE", "NO_COLOR", "FORCE_COLOR", "TERM", familyVariable}
		prefix := func(p string) bool { return strings.HasPrefix(key, p) }
		return slices.Contains(known, key) || slices.ContainsFunc([]string{"REEVE_", "HIVEMIND_", "OVERMIND_", "GOREMAN_", "PC_"}, prefix)
	})
	return append(e, "TERM=xterm-256color")
}
