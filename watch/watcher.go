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
	Skip    string // a directory that is only looked into if a pattern names it; empty: none
	Sets    []Set
	Poll    time.Duration // how often to look; 0: the system's events say when, where it has them
	Changed func(Change)  // called by Run, once for every set that has changed
	Say     func(string)  // called by New and Run, with what their user should know
}

// Watcher watches the files of some sets.
type Watcher struct {
	c       Config
	tree    *tree
	system  *fsnotify.Watcher // nil: it polls
	budget  budget            // of what the system may need
	devices map[uint64]bool   // of which it is known that they have events
	settle  settling
	wait    time.Duration // until it is worth a look whether changes have settled
	reread  bool          // the tree is to be read again
	lost    bool          // events were lost
	outer   string        // watched for the root to come back; empty: it is there
	timer   *time.Timer
	took    []time.Duration // the last passes
	period  time.Duration   // between two passes
	sawLock bool            // git's, since something changed
	empty   bool            // the root was left empty, see emptyLook
	said    bool            // that git's lock is disregarded
}

func (c Config) newTree() *tree {
	t := newTree(c.Root, c.Sets)
	t.skip = c.Skip
	return t
}

// New begins to watch: what changes from now on is told once [Watcher.Run] runs.
func New(c Config) *Watcher {
	w := &Watcher{
		c: c, tree: c.newTree(), devices: map[uint64]bool{},
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
		w.stopEvents()
		w.tree = c.newTree()
		w.poll()
		c.Say(pollingText(err, c.Root))
	}
	return w
}

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
	if err := w.budget.take(dir); err != nil {
		return err
	}
	err := w.system.Add(dir)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return nil // it is gone again, or nobody may look into it
	}
	return err
}

func (w *Watcher) end(dir string) {
	w.budget.give(dir)
	_ = w.system.Remove(dir)
}

// event takes notice of an event of the system.
func (w *Watcher) event(e fsnotify.Event, now time.Time) {
	file, inside := w.tree.relative(filepath.Clean(e.Name))
	gone := e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename)
	if w.outer != "" || !inside || file == "." {
		w.lookForRoot(gone, now)
		if w.outer != "" || !inside || file == "." {
			return
		}
	}
	if filepath.Base(file) == ignoreFile && w.tree.dirs[slashDir(file)] != nil && !e.Has(fsnotify.Chmod) {
		w.reread = true
		w.note(now)
	}
	matters, err := w.tree.look(file, happening{written: e.Has(fsnotify.Write), gone: gone}, now)
	if matters {
		w.note(now)
	}
	if err != nil {
		w.fallBack(err)
	}
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
	switch {
	case w.settle.idle() && w.system != nil:
		w.lookForRoot(false, now)
	case w.settle.idle(), w.tree.dirs["."] == nil && w.system == nil:
		w.pass(now)
	case w.tree.dirs["."] == nil: // an event tells when it is back
	default:
		if w.wait = w.due(now); w.wait <= 0 && w.isWhole(now) {
			w.tell(now)
		}
	}
}

// few are so many directories and files that a pass over them is worth it also where there are events:
// some tens of milliseconds, though longer on a busy machine.
const few = 10_000

// isWhole looks at everything before a change is told, and reports whether that was all of it. Events may be
// late, on a busy machine, and then they would tell of half a change.
func (w *Watcher) isWhole(now time.Time) bool {
	if w.system != nil && w.tree.size() > few && !w.sawLock {
		return true
	}
	later := w.pass(now)
	switch {
	case w.system == nil:
	case w.tree.wrong != nil:
		w.fallBack(w.tree.wrong)
		return false
	case w.tree.dirs["."] == nil:
		w.lookForRoot(true, now)
		return false
	}
	return !later
}

// tell tells what has changed.
func (w *Watcher) tell(now time.Time) {
	if w.lost || w.reread {
		if err := w.tree.reload(now); err != nil {
			w.fallBack(err)
		}
	}
	everything, seen := w.lost, w.settle.last
	w.settle, w.lost, w.reread, w.sawLock = settling{}, false, false, false
	w.empty = w.system != nil && isEmpty(w.c.Root)
	changed := w.tree.settle()
	for i, s := range w.c.Sets {
		if files := changed[i]; len(files) > 0 || everything {
			w.c.Changed(Change{Name: s.Name, Files: files, All: everything, At: seen})
		}
	}
}

// due gives the time until the changes have settled.
func (w *Watcher) due(now time.Time) time.Duration {
	g := git{w.tree.repo.locked(), w.tree.repo.replaying()}
	w.sawLock = w.sawLock || g.locked
	wait, stale := w.settle.due(now, g)
	if stale && !w.said {
		w.said = true
		w.c.Say(staleLockText(filepath.Join(w.tree.repo.Git, "index.lock")))
	}
	return wait
}

// schedule sets the timer, if there is something to wait for.
func (w *Watcher) schedule() {
	switch {
	case w.tree.dirs["."] == nil && w.system != nil:
		w.timer.Stop() // an event tells when the root is back
	case w.settle.idle() && w.empty:
		w.timer.Reset(emptyLook)
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
