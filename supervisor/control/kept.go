package control

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"reeve/internal/sorting"
)

// What a formation leaves when it ends, beside where its socket was. It is there until the
// next one of the app begins.

const (
	socketExt = ".sock"
	keptExt   = ".last"
)

// Keep writes what is to be known of the formation when it has ended, for the same user alone.
// It is there as a whole or not at all.
func (l *Listener) Keep(write func(io.Writer) error) error {
	path := keptName(l.path)
	news := path + ".new"
	_ = os.Remove(news) // of one that was killed while it wrote
	f, err := os.OpenFile(news, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(news, path)
	}
	if err != nil {
		_ = os.Remove(news)
		return err
	}
	return nil
}

// maxKept is for how many apps something is kept in a directory. The next start of an app
// removes what it has kept, but many an app never starts again.
const maxKept = 20

// dropOldest removes what was kept longest ago, where there is too much.
func dropOldest(dir string) {
	paths, _ := filepath.Glob(filepath.Join(dir, "*"+keptExt))
	if len(paths) <= maxKept {
		return
	}
	times := map[string]time.Time{}
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			times[path] = info.ModTime()
		}
	}
	sorting.Stable(paths, func(a, b string) int { return times[a].Compare(times[b]) })
	for _, path := range paths[:len(paths)-maxKept] {
		_ = os.Remove(path)
	}
}

// Last opens what the last formation of the app in a root has kept. [ErrNotRunning] says that
// there is nothing.
func Last(root string) (*os.File, error) {
	var last *os.File
	var ended time.Time
	for _, path := range keptPaths(socketNames(root)) {
		f, at := openKept(path)
		switch {
		case f == nil:
		case last != nil && !at.After(ended):
			_ = f.Close()
		default:
			if last != nil {
				_ = last.Close()
			}
			last, ended = f, at
		}
	}
	if last == nil {
		return nil, ErrNotRunning
	}
	return last, nil
}

// openKept opens a file of one's own, and says when it was written.
func openKept(path string) (*os.File, time.Time) {
	before, err := os.Lstat(path)
	if err != nil || !before.Mode().IsRegular() || !isOurs(path, before) {
		return nil, time.Time{}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, time.Time{}
	}
	if info, err := f.Stat(); err != nil || !os.SameFile(before, info) {
		_ = f.Close()
		return nil, time.Time{}
	}
	return f, before.ModTime()
}

// forget removes what the last formation of the app with these sockets has kept.
func forget(name, own string) {
	for _, path := range keptPaths(name, own) {
		_ = syscall.Unlink(path) // one system call, where os.Remove makes two of what is not there
	}
}

// keptPaths are where something may be kept, in directories that are one's own alone.
func keptPaths(name, own string) (paths []string) {
	names := []string{keptName(own), keptName(name)}
	for _, dir := range directories() {
		if !isPrivate(dir) {
			continue
		}
		for _, name := range names {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}

// keptName is the name that belongs to that of a socket.
func keptName(socket string) string { return strings.TrimSuffix(socket, socketExt) + keptExt }
