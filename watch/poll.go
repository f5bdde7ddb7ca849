package watch

import (
	"slices"
	"time"
)

// How often to look where there are no events: so often, but so that it costs less than a
// hundredth of a processor, unless that would be too seldom to be of use.
const (
	pollEvery  = time.Second
	pollShare  = 150
	pollSeldom = 10 * time.Second
	pollRecent = 8 // passes, the fastest of which tells what one costs: the others were held up
)

// poll begins to look instead of being told.
func (w *Watcher) poll() {
	_ = w.tree.enter(".", w.tree.file)
	w.rest()
}

// fallBack polls from now on, since the system cannot tell any longer what happens, and says why.
func (w *Watcher) fallBack(why error) {
	w.stopEvents()
	now := time.Now()
	_ = w.tree.reload(now)
	w.rest()
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

// pace sets the time between two passes by what they take.
func (w *Watcher) pace(took time.Duration) {
	w.took = append(w.took, took)
	w.took = w.took[max(0, len(w.took)-pollRecent):]
	w.rest()
}

// rest sets the time between two passes.
func (w *Watcher) rest() {
	every := pollEvery
	if w.c.Poll > 0 {
		every = w.c.Poll
	}
	w.period = max(every, min(pollShare*w.cost(), pollSeldom))
}

// cost is what a pass takes.
func (w *Watcher) cost() time.Duration {
	if len(w.took) == 0 {
		return 0
	}
	return slices.Min(w.took)
}
