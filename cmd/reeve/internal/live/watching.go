package live

import (
	"context"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/output"
	"reeve/supervisor/control"
	"reeve/watch"
)

// watching has the process types of which files are watched. Each has a goroutine once the type has
// run, and so has each of the watchers that tell them of changes.
type watching struct {
	root  string
	logs  string                  // the directory of log files in it; empty: there is none
	types map[string]*watchedType // whether they run or not; the map does not change
	order []string                // of the types: each comes after those that it is restarted after
	ask   *requests
	more  chan companion // what is to run from now on
	over  chan struct{}  // closed when nothing of it runs any longer
}

// watchedType is a process type of which files are watched.
type watchedType struct {
	name   string
	build  bool
	signal syscall.Signal // what its instances get instead of a restart; 0: they are restarted
	set    watch.Set
	every  time.Duration  // how often to look; 0: the system says when
	after  []string       // the types that are restarted when it has been
	before []*watchedType // those that it is restarted after, if they are watched

	changes chan watch.Change
	missed  watch.Change // while its restarts caused each other
	resume  chan struct{}
	loops   watch.Loops

	begun   atomic.Bool                  // it is watched
	changed atomic.Pointer[watch.Change] // the last one
	looping atomic.Bool                  // its restarts cause each other, so that changes count no longer
	busy    atomic.Pointer[dealing]      // with changes; nil: it is not
}

// dealing is the time from a change until everything that it causes has been done.
type dealing struct{ over chan struct{} }

// newWatching gives what is watched; nil: nothing is.
func newWatching(a *app.App, ask *requests) *watching {
	o := a.Settings
	w := &watching{
		root: a.Root, logs: logsBelow(a.Root, o), types: map[string]*watchedType{}, ask: ask,
		more: make(chan companion), over: make(chan struct{}),
	}
	for _, typ := range a.Types() {
		if !o.IsWatched(typ) {
			continue
		}
		t := &watchedType{
			name: typ, signal: o.OnChange.Of(typ), set: watch.Set{Name: typ, Patterns: o.Patterns[typ]},
			every: o.WatchPoll.Of(typ), changes: make(chan watch.Change, 1), resume: make(chan struct{}, 1),
		}
		_, t.build = o.Build[typ]
		if slices.Contains(o.Cascade, typ) && t.signal == 0 {
			t.after = o.Dependents(typ)
		}
		w.types[typ] = t
	}
	if len(w.types) == 0 {
		return nil
	}
	for _, typ := range a.Types() {
		for _, after := range w.after(typ) {
			if t := w.types[after]; t != nil {
				t.before = append(t.before, w.types[typ])
			}
		}
	}
	for _, typ := range a.Types() {
		w.sort(typ)
	}
	return w
}

func (w *watching) after(typ string) []string {
	if t := w.types[typ]; t != nil {
		return t.after
	}
	return nil
}

// sort puts a watched type into the order, after those that it is restarted after.
func (w *watching) sort(typ string) {
	t := w.types[typ]
	if t == nil || slices.Contains(w.order, typ) {
		return
	}
	for _, b := range t.before {
		w.sort(b.name)
	}
	w.order = append(w.order, typ)
}

// run is the companion in whose time everything else runs.
func (w *watching) run(ctx context.Context, ask *requests) {
	defer close(w.over)
	for {
		select {
		case c := <-w.more:
			go c(ctx, ask)
		case <-ctx.Done():
			return
		}
	}
}

// begin watches the files of those types that are not watched yet. It must be called before any instance of
// them is started, so that no change is missed.
func (w *watching) begin(wanted func(typ string) bool) {
	if w == nil {
		return
	}
	groups := map[time.Duration][]watch.Set{} // by how often to look
	for _, typ := range w.order {
		if t := w.types[typ]; wanted(typ) && t.begun.CompareAndSwap(false, true) {
			groups[t.every] = append(groups[t.every], t.set)
			w.accompany(t.run)
		}
	}
	for every, sets := range groups {
		watcher := watch.New(watch.Config{
			Root: w.root, Skip: w.logs, Sets: sets, Poll: every,
			Changed: func(c watch.Change) { w.types[c.Name].offer(c) },
			Say:     func(text string) { w.ask.say(output.Notice{Event: "hint", Text: text}) },
		})
		w.accompany(func(ctx context.Context, _ *requests) { watcher.Run(ctx) })
	}
}

func (w *watching) accompany(c companion) {
	select {
	case w.more <- c:
	case <-w.over:
	}
}

// restarted takes notice that somebody has restarted instances of some types by hand: whatever kept these
// from being watched has been dealt with.
func (w *watching) restarted(typ string) {
	if t := w.of(typ); t != nil && t.looping.Load() {
		select {
		case t.resume <- struct{}{}:
		default: // it is asked to already
		}
	}
}

// of gives a watched type; nil: it is not watched.
func (w *watching) of(typ string) *watchedType {
	if w == nil {
		return nil
	}
	return w.types[typ]
}

// patterns are those of the files that are watched; nil: none are.
func (t *watchedType) patterns() []string {
	if t == nil {
		return nil
	}
	return t.set.Patterns.Texts()
}

// lastChange tells of the last change; nil: there was none.
func (t *watchedType) lastChange() *control.Change {
	c := t.changed.Load()
	if c == nil {
		return nil
	}
	last := &control.Change{At: c.At, Files: len(c.Files)}
	if len(c.Files) > 0 {
		last.File = c.Files[0].Path
	}
	return last
}

// offer hands a change over without waiting: if the one before has not been taken yet, they
// are one. Only the watcher of the type may call it.
func (t *watchedType) offer(c watch.Change) {
	t.changed.Store(&c)
	t.busy.CompareAndSwap(nil, &dealing{make(chan struct{})})
	select {
	case former := <-t.changes:
		c = former.And(c)
	default:
	}
	t.changes <- c
}

// rest takes notice that a type has dealt with all changes.
func (t *watchedType) rest() {
	if len(t.changes) == 0 {
		close(t.busy.Swap(nil).over)
	}
}
