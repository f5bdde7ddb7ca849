package watch

import "time"

// How often to look where there are no events: so often, but so that it costs at most a
// hundredth of a processor, unless that would be too seldom to be of use.
const (
	pollEvery  = time.Second
	pollShare  = 100
	pollSeldom = 10 * time.Second
)

// poll begins to look instead of being told.
func (w *Watcher) poll() {
	_ = w.tree.enter(".", w.tree.file)
	w.pace(0)
}

// fallBack polls from now on, since the system cannot tell any longer what happens, and says why.
func (w *Watcher) fallBack(why error) {
	w.stopEvents()
	now := time.Now()
	_ = w.tree.reload(now)
	w.pace(0)
	if len(w.tree.hints.order) > 0 {
		w.note(now)
	}
	w.c.Say(pollingText(why, w.c.Root))
}

// stopEvents ends what the system tells.
func (w *Watcher) stopEvents() {
	if w.system != nil {
		_ = w.system.Close()
		w.system = nil
	}
	w.outer = ""
	w.tree.begin, w.tree.end = nil, nil
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
	w.took = took
	every := pollEvery
	if w.c.Poll > 0 {
		every = w.c.Poll
	}
	w.period = max(every, min(pollShare*took, pollSeldom))
}
