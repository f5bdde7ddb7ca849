package live

import (
	"context"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/past"
	"reeve/internal/http1"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// Whoever waits for the formation is told: by the loop, of everything that has changed in it,
// and by the history, of what has been written. Nothing is asked again and again.

// Wait waits for what a query names, and tells whatever there is to say of that meanwhile.
func (b *backend) Wait(ctx context.Context, q control.WaitQuery, tell func(control.Waited) error) error {
	if err := b.mayBeWaitedFor(q); err != nil {
		return err
	}
	w := &waiter{query: q, backend: b, names: q.Names, tell: tell, over: map[string]int{}}
	if len(w.names) == 0 {
		w.names = []string{"*"}
	}
	if q.Line != nil {
		w.search = b.history.Search(q.Line, past.Matching(q.Names, b.app().Settings.Groups), exitedEvent)
		defer w.search.Close()
	}
	return w.wait(ctx)
}

// mayBeWaitedFor reports what nobody will ever see.
func (b *backend) mayBeWaitedFor(q control.WaitQuery) error {
	if q.Line != nil && b.facts.options().History == 0 {
		return control.Error{Status: http1.Conflict, Text: past.NoHistoryText}
	}
	for _, name := range q.Names {
		typ, number := procfile.ParseInstance(name)
		_, known := b.app().Lookup(typ)
		if known && number > 0 && name == procfile.InstanceName(typ, number) || slices.ContainsFunc(b.app().Types(), func(of string) bool { return b.app().Settings.Groups.Means(name, of, of) }) {
			continue // even if nothing of it runs yet
		}
		if _, err := b.resolve([]string{name}); err != nil {
			return err
		}
	}
	return nil
}

// waiter is somebody who waits.
type waiter struct {
	query   control.WaitQuery
	backend *backend
	names   []string
	search  *output.Search            // for the line; nil: what is named is to be ready
	said    map[string]control.Waited // by name
	over    map[string]int            // the runs that were over at the first look, of what time starts
	tell    func(control.Waited) error
}

// wait waits until what is named has come about, or cannot any more.
func (w *waiter) wait(ctx context.Context) error {
	phase := w.backend.ask.phase
	if phase.formation() == nil {
		if err := w.tellNews([]control.Waited{{Name: control.TheFormation, State: control.Absent, Text: notStartedText}}); err != nil {
			return err
		}
	}
	loop := phase.await(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if loop == nil {
		return w.tell(control.Waited{State: control.Failed, Text: neverStartedText(context.Cause(phase.asked), phase.why)})
	}
	for {
		g := loop.Glance()
		var written <-chan struct{}
		if w.search != nil {
			written = w.search.Look() // after the glance: whatever ended by then has written all of this
		}
		all, next := w.look(g, time.Now())
		if err := w.tellNews(all); err != nil {
			return err
		}
		if v, decided := verdictOn(all, w.quorum(), g); decided {
			return w.tell(v)
		}
		if !await(ctx, g.Changed, written, next) {
			return ctx.Err()
		}
	}
}

// searchRest is how long a search rests, so that a flood comes in batches.
const searchRest = time.Millisecond

// await waits for a change, for lines, or for a time, which may be zero. It says no when ctx
// has ended.
func await(ctx context.Context, changed, written <-chan struct{}, next time.Time) bool {
	var due <-chan time.Time
	if !next.IsZero() {
		timer := time.NewTimer(time.Until(next))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-changed:
	case <-written:
		select {
		case <-time.After(searchRest):
		case <-ctx.Done():
		}
	case <-due:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// tellNews tells what has not been said yet.
func (w *waiter) tellNews(all []control.Waited) error {
	said := map[string]control.Waited{}
	for _, one := range all {
		if said[one.Name] = one; w.said[one.Name] == one {
			continue
		}
		if err := w.tell(one); err != nil {
			return err
		}
	}
	for name := range w.said {
		if _, still := said[name]; still {
			continue
		}
		if err := w.tell(control.Waited{Name: name, State: control.Gone}); err != nil {
			return err
		}
	}
	w.said = said
	return nil
}

// look says how everything that is named stands, and when to look again even if nothing
// happens; zero: never.
func (w *waiter) look(g supervisor.Glance, now time.Time) (all []control.Waited, next time.Time) {
	seen := map[string]bool{}
	instances := past.InOrder(g.All, w.backend.facts.places())
	for _, name := range w.names {
		present, removed := w.backend.meantBy(name, instances)
		if len(present) == 0 {
			all = append(all, w.absence(name, removed, g))
		}
		for _, s := range present {
			if seen[s.Name] {
				continue
			}
			seen[s.Name] = true
			st := w.standing(s, g, now)
			all = append(all, control.Waited{Name: s.Name, State: st.state, Text: st.text, Line: st.line, Runs: s.Runs})
			if !st.next.IsZero() && (next.IsZero() || st.next.Before(next)) {
				next = st.next
			}
		}
	}
	return all, next
}

// meantBy are the instances that a name means, and whether it means some that are scaled away.
func (b *backend) meantBy(name string, all []supervisor.Snapshot) (present []supervisor.Snapshot, removed bool) {
	for _, s := range all {
		switch {
		case s.Build || !b.app().Settings.Groups.Means(name, s.Name, s.Type):
		case s.Removed:
			removed = true
		default:
			present = append(present, s)
		}
	}
	return present, removed
}

// absence says how a name stands of which there is no instance.
func (w *waiter) absence(name string, removed bool, g supervisor.Glance) control.Waited {
	switch {
	case g.Over || g.Ending != nil:
		return control.Waited{Name: name, State: control.Failed, Text: endsText}
	case removed && len(w.query.Names) == 0:
		return control.Waited{Name: control.TheFormation, State: control.Failed, Text: "has no instances any more: all of them were scaled away"}
	case removed:
		return control.Waited{Name: name, State: control.Failed, Text: "was scaled away" + scaleHint(name)}
	}
	return control.Waited{Name: name, State: control.Absent, Text: absentText(name)}
}

// quorum says how much of what is named has to come about.
type quorum uint8

const (
	ofAll quorum = iota
	ofAny        // whoever writes the line
)

func (w *waiter) quorum() quorum {
	if w.search != nil && len(w.query.Names) == 0 {
		return ofAny
	}
	return ofAll
}

// verdictOn says what has become of the whole; not decided: it may still come about.
func verdictOn(all []control.Waited, of quorum, g supervisor.Glance) (v control.Waited, decided bool) {
	enough, hopeless := len(all), 1
	if of == ofAny {
		enough, hopeless = 1, len(all)
	}
	count := map[string]int{}
	var failed control.Waited
	for _, one := range all {
		count[one.State]++
		if one.State == control.Failed && (failed.Name == "" || isWhy(one, failed, of)) {
			failed = one
		}
	}
	switch {
	case enough > 0 && count[control.Met] >= enough:
		return control.Waited{State: control.Met}, true
	case count[control.Failed] >= hopeless && failed.Text != endsText:
		return control.Waited{State: control.Failed, Text: failed.Name + " " + failed.Text}, true
	case g.Over, count[control.Failed] >= hopeless:
		return control.Waited{State: control.Failed, Text: endingText(g.Ending)}, true
	}
	return v, false
}

// isWhy reports whether one instance is the reason rather than another one that has failed as
// well: what has failed of itself, if it takes only one of them; what ends only now, if all have to.
func isWhy(one, other control.Waited, of quorum) bool {
	if of == ofAny {
		return one.Text == endsText
	}
	return other.Text == endsText
}
