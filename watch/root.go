package watch

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// emptyLook is how often it is looked whether a root that was left empty is still there. It may be on
// its way out, and of a directory that somebody has as a working directory Linux does not say when it
// goes.
const emptyLook = time.Second

// isEmpty reports whether a directory has nothing in it.
func isEmpty(dir string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	names, _ := f.Readdirnames(1)
	return len(names) == 0
}

// lookForRoot sees whether the root has gone or come back, as it does when it is replaced. While
// it is not there, the nearest directory above it is watched. Gone says that a directory has gone, even if
// there is one of that name: it may have its inode.
func (w *Watcher) lookForRoot(gone bool, now time.Time) {
	d := w.tree.dirs["."]
	info, err := os.Stat(w.c.Root)
	if err == nil && info.IsDir() && d != nil && d.id == idOf(info) && w.outer == "" && !gone {
		return
	}
	w.tree.leave(".")
	w.note(now)
	_ = w.watchOuter("")
	for !isDir(w.c.Root) {
		if outer := nearest(w.c.Root); outer == w.outer {
			return
		} else if err := w.watchOuter(outer); err != nil {
			w.fallBack(err)
			return
		}
	}
	_ = w.watchOuter("")
	if err := w.tree.enter(".", w.tree.create); err != nil {
		w.fallBack(err)
	}
}

// watchOuter has the system watch a directory above the root, and none of the others; empty: none at
// all. One that is gone again is not watched.
func (w *Watcher) watchOuter(dir string) error {
	if w.outer != "" {
		w.end(w.outer)
	}
	if w.outer = dir; dir == "" {
		return nil
	}
	if name := eventless(dir); name != "" {
		return noEvents{dir, name}
	}
	err := w.system.Add(dir)
	if errors.Is(err, os.ErrNotExist) {
		w.outer = ""
		return nil
	}
	return err
}

// nearest is the nearest directory above that exists.
func nearest(dir string) string {
	for dir = filepath.Dir(dir); !isDir(dir) && dir != filepath.Dir(dir); {
		dir = filepath.Dir(dir)
	}
	return dir
}

func isDir(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.IsDir()
}
