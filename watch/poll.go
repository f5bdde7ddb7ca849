package watch

import "time"

// How often to look where there are no events: so often, but so that it costs at most a
// hundredth of a processor.
const (
	pollEvery = time.Second
	pollShare = 100
)

// poll begins to look instead of being told.
func (w *Watcher) poll() {
	start := time.Now()
	w.tree.begin, w.tree.end = nil, nil
	_ = w.tree.enter(".", w.tree.file)
	w.pace(time.Since(start))
}

// fallBack polls from now on, since the system cannot tell what happens, and says why.
func (w *Watcher) fallBack(why error) {
	if w.system != nil {
		_ = w.system.Close()
		w.system = nil
	}
	w.outer = ""
	w.tree.begin, w.tree.end = nil, nil
	start := time.Now()
	_ = w.tree.reload(start)
	w.pace(time.Since(start))
	if len(w.tree.hints.order) > 0 {
		w.note(start)
	}
	w.c.Say(pollingText(why, w.c.Root))
}

// pass looks at everything once. It reports whether that has put off the moment in which changes
// have settled.
func (w *Watcher) pass(now time.Time) (later bool) {
	start := time.Now()
	if w.tree.dirs["."] == nil {
		_ = w.tree.enter(".", w.tree.create)
	}
	matters, rules := w.tree.pass(now)
	w.pace(time.Since(start))
	w.reread = w.reread || rules
	if matters {
		w.note(now)
	}
	return matters && w.wait > 0
}

// pace sets the time between two passes by what one took.
func (w *Watcher) pace(took time.Duration) {
	every := pollEvery
	if w.c.Poll > 0 {
		every = w.c.Poll
	}
	w.period = max(every, pollShare*took)
}
