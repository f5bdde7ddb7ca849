package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Config is what a watcher is made of.
type Config struct {
	Root    string // absolute
	Sets    []Set
	Poll    time.Duration // how often to look; 0: the system's events say when, where it has them
	Changed func(Change)  // called by Run, once for every set that has changed
	Say     func(string)  // called by Run, with what its user should know
}

// Watcher watches the files of some sets.
type Watcher struct {
	c       Config
	tree    *tree
	repo    repository
	system  *fsnotify.Watcher // nil: it polls
	devices map[uint64]bool   // of which it is known that they have events
	settle  settling
	wait    time.Duration // until it is worth a look whether changes have settled
	reread  bool          // the tree is to be read again
	lost    bool          // events were lost
	outer   string        // watched for the root to come back; empty: it is there
	timer   *time.Timer
	period  time.Duration // between two passes
	said    bool          // that git's lock is disregarded
}

// New begins to watch: what changes from now on is told once [Watcher.Run] runs.
func New(c Config) *Watcher {
	w := &Watcher{
		c: c, tree: newTree(c.Root, c.Sets), repo: findRepository(c.Root), devices: map[uint64]bool{},
		timer: time.NewTimer(time.Hour),
	}
	w.timer.Stop()
	if c.Poll > 0 {
		w.poll()
		return w
	}
	system, err := fsnotify.NewWatcher()
	if err == nil {
		w.system, w.tree.begin, w.tree.end = system, w.begin, w.end
		err = w.tree.enter(".", w.tree.file)
	}
	if err != nil {
		w.fallBack(err)
	}
	return w
}

// Counts gives what is watched, by set.
func (w *Watcher) Counts() []Count { return w.tree.counts() }

// Run tells changes until the context ends.
func (w *Watcher) Run(ctx context.Context) {
	defer func() {
		w.timer.Stop()
		if w.system != nil {
			_ = w.system.Close()
		}
	}()
	w.schedule()
	for {
		events, failures := w.channels()
		select {
		case <-ctx.Done():
			return
		case e, ok := <-events:
			if ok {
				w.event(e, time.Now())
			}
		case err, ok := <-failures:
			if ok {
				w.failure(err, time.Now())
			}
		case <-w.timer.C:
			w.wake(time.Now())
		}
		w.schedule()
	}
}

func (w *Watcher) channels() (<-chan fsnotify.Event, <-chan error) {
	if w.system == nil {
		return nil, nil
	}
	return w.system.Events, w.system.Errors
}

// begin has the system watch a directory.
func (w *Watcher) begin(dir string, id fileID) error {
	if !w.devices[id.device] {
		if name := eventless(dir); name != "" {
			return noEvents{dir, name}
		}
		w.devices[id.device] = true
	}
	err := w.system.Add(dir)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return nil // it is gone again, or nobody may look into it
	}
	return err
}

func (w *Watcher) end(dir string) { _ = w.system.Remove(dir) }

// event takes notice of an event of the system.
func (w *Watcher) event(e fsnotify.Event, now time.Time) {
	file, inside := w.tree.relative(filepath.Clean(e.Name))
	if w.outer != "" || !inside || file == "." {
		w.lookForRoot(now)
		if w.outer != "" || !inside || file == "." {
			return
		}
	}
	if filepath.Base(file) == ignoreFile && w.tree.dirs[slashDir(file)] != nil && !e.Has(fsnotify.Chmod) {
		w.reread = true
		w.note(now)
	}
	matters, err := w.tree.look(file, e.Has(fsnotify.Write), now)
	if matters {
		w.note(now)
	}
	if err != nil {
		w.fallBack(err)
	}
}

// lookForRoot sees whether the root has gone or come back, as it does when it is replaced. While
// it is not there, the nearest directory above it is watched.
func (w *Watcher) lookForRoot(now time.Time) {
	d := w.tree.dirs["."]
	info, err := os.Stat(w.c.Root)
	here := err == nil && info.IsDir()
	if here && d != nil && d.id == idOf(info) && w.outer == "" {
		return
	}
	w.tree.leave(".")
	w.note(now)
	if w.outer != "" {
		w.end(w.outer)
		w.outer = ""
	}
	if !here {
		w.outer = nearest(w.c.Root)
		if err := w.begin(w.outer, fileID{}); err != nil {
			w.fallBack(err)
			return
		}
		if !isDir(w.c.Root) {
			return
		}
		w.end(w.outer)
		w.outer = ""
	}
	if err := w.tree.enter(".", w.tree.create); err != nil {
		w.fallBack(err)
	}
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

// failure takes notice of an error of the system.
func (w *Watcher) failure(err error, now time.Time) {
	switch {
	case errors.Is(err, fsnotify.ErrEventOverflow):
		w.lost = true
		w.note(now)
	case isOutOfWatches(err):
		w.fallBack(err)
	}
}

// wake is what the timer is for: the next pass, or the moment in which changes have settled.
func (w *Watcher) wake(now time.Time) {
	if w.settle.idle() {
		w.pass(now)
		return
	}
	if w.tree.dirs["."] == nil {
		if w.system == nil {
			w.pass(now)
		}
		return
	}
	if w.wait = w.due(now); w.wait > 0 {
		return
	}
	if w.system == nil && w.pass(now) {
		return // more has changed since the last look
	}
	if w.lost || w.reread {
		if err := w.tree.reload(now); err != nil {
			w.fallBack(err)
		}
	}
	everything, seen := w.lost, w.settle.last
	w.settle, w.lost, w.reread = settling{}, false, false
	changed := w.tree.settle()
	for i, s := range w.c.Sets {
		if files := changed[i]; len(files) > 0 || everything {
			w.c.Changed(Change{Name: s.Name, Files: files, All: everything, At: seen})
		}
	}
}

// due gives the time until the changes have settled.
func (w *Watcher) due(now time.Time) time.Duration {
	wait, stale := w.settle.due(now, git{w.repo.locked(), w.repo.replaying()})
	if stale && !w.said {
		w.said = true
		w.c.Say(staleLockText(filepath.Join(w.repo.git, "index.lock")))
	}
	return wait
}

// schedule sets the timer, if there is something to wait for.
func (w *Watcher) schedule() {
	switch {
	case w.tree.dirs["."] == nil && w.system != nil:
		w.timer.Stop() // an event tells when the root is back
	case w.settle.idle() && w.system != nil:
		w.timer.Stop()
	case w.settle.idle() || w.tree.dirs["."] == nil:
		w.timer.Reset(w.period)
	default:
		w.timer.Reset(w.wait)
	}
}

// note takes notice of a change, which is told once it has settled.
func (w *Watcher) note(now time.Time) {
	w.settle.note(now)
	w.wait, _ = w.settle.due(now, git{})
}
