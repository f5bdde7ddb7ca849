package live

import (
	"context"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/supervisor"
	"reeve/watch"
)

// When files change, what is made of them begins anew: the build of a type, then its instances,
// one after another, then what comes after it. Each watched type has a goroutine that goes
// through these steps and decides nothing else: whether an instance runs, and whether it has
// the change already, the loop knows.

// run waits for changes and deals with them.
func (t *watchedType) run(ctx context.Context, ask *requests) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-t.changes:
			t.missed = t.missed.And(c)
		case <-t.resume:
			t.looping.Store(false)
			t.loops = watch.Loops{}
		}
		t.busy.CompareAndSwap(nil, &dealing{make(chan struct{})})
		if c := t.missed; !t.looping.Load() && c.Name != "" {
			t.missed = watch.Change{}
			t.deal(ctx, ask, c)
		}
		t.rest()
	}
}

// deal deals with a change, and with those that come meanwhile. The last restart of a loop is still
// done, so that what runs has all changes.
func (t *watchedType) deal(ctx context.Context, ask *requests, c watch.Change) {
	for again := true; again; {
		file := t.loops.Restart(time.Now(), c.Files)
		t.looping.Store(file != "")
		if c, again = t.renew(ctx, ask, c); file != "" {
			ask.say(loopNotice(t.label(ask), file))
			return
		}
	}
}

func (t *watchedType) label(ask *requests) output.Label {
	return output.Label{Name: t.name, Type: t.name, Place: ask.plans.places()[t.name]}
}

// await waits until the types that this one is restarted after have dealt with their changes: then it
// need not be restarted twice.
func (t *watchedType) await(ctx context.Context, c watch.Change) (next watch.Change, again bool) {
	for _, b := range t.before {
		d := b.busy.Load()
		if d == nil {
			continue
		}
		select {
		case <-d.over:
		case next = <-t.changes:
			return c.And(next), true
		case <-ctx.Done():
			return c, false
		}
	}
	return c, false
}

// renew goes through the steps for a change. If there is another one meanwhile, the steps begin
// anew with that.
func (t *watchedType) renew(ctx context.Context, ask *requests, c watch.Change) (next watch.Change, again bool) {
	if next, again = t.await(ctx, c); again {
		return next, true
	}
	changed, why := c.At, changeText(c)
	if t.build {
		build := settings.BuildOf(t.name)
		if next, again = t.step(ctx, ask, renewal{names: []string{build}, changed: changed, why: why, change: &c}); again {
			return next, true
		}
		built := ask.builds()[t.name]
		if built.State != supervisor.Done {
			return c, false // which has been said
		}
		changed = built.Since
	}
	for _, s := range instancesOf(ask.snapshot(), t.name) {
		if t.signal != 0 && s.Pid != 0 {
			_ = ask.signal([]string{s.Name}, t.signal, signalNotice(ask.labelOf(s), t.signal, why))
			continue
		}
		if next, again = t.step(ctx, ask, renewal{names: []string{s.Name}, changed: changed, why: why, change: &c}); again {
			return next, true
		}
		if now, _ := find(ask.snapshot(), s.Name); now.State == supervisor.Stopped && now.Idle {
			return c, false // the others stay as they are: this change has broken something
		}
	}
	return t.cascade(ctx, ask, c)
}

// cascade restarts what comes after the type, if it has begun before the type did.
func (t *watchedType) cascade(ctx context.Context, ask *requests, c watch.Change) (next watch.Change, again bool) {
	all := ask.snapshot()
	var began time.Time
	for _, s := range instancesOf(all, t.name) {
		if !s.Held && s.Began.After(began) {
			began = s.Began
		}
	}
	if len(t.after) == 0 || began.IsZero() {
		return c, false
	}
	return t.step(ctx, ask, renewal{names: instancesOfAny(all, t.after), changed: began, why: t.name + " has restarted"})
}

// renewal is a request for new runs.
type renewal struct {
	names   []string
	changed time.Time // runs that have begun since need no new one
	why     string
	change  *watch.Change // the files behind it, where these are why
}

// step asks for new runs and waits until they are ready or have failed, or the next change, which
// makes that moot.
func (t *watchedType) step(ctx context.Context, ask *requests, s renewal) (next watch.Change, again bool) {
	outcomes := ask.renew(s)
	changes := t.changes
	if t.looping.Load() {
		changes = nil
	}
	for waiting := true; waiting; {
		select {
		case _, waiting = <-outcomes:
		case next = <-changes:
			if s.change != nil {
				next = s.change.And(next)
			}
			return next, true
		case <-ctx.Done():
			return next, false
		}
	}
	return next, false
}

// renew asks for new runs of instances, and says so of those that will get one.
func (r *requests) renew(s renewal) <-chan supervisor.Outcome {
	f := r.phase.formation()
	if f == nil {
		none := make(chan supervisor.Outcome)
		close(none)
		return none
	}
	outcomes, _ := f.Renew(s.names, s.changed, func(i supervisor.Snapshot) { r.say(renewNotice(r.labelOf(i), i, s)) })
	return outcomes
}

// labelOf is how the log names an instance.
func (r *requests) labelOf(s supervisor.Snapshot) output.Label {
	typ := settings.TypeOf(s.Type)
	return output.Label{Name: settings.TypeOf(s.Name), Type: typ, Place: r.plans.places()[typ]}
}

func find(all []supervisor.Snapshot, name string) (s supervisor.Snapshot, ok bool) {
	if n := slices.IndexFunc(all, func(s supervisor.Snapshot) bool { return s.Name == name }); n >= 0 {
		return all[n], true
	}
	return s, false
}

func instancesOf(all []supervisor.Snapshot, typ string) []supervisor.Snapshot {
	return slices.DeleteFunc(slices.Clone(all), func(s supervisor.Snapshot) bool { return s.Type != typ })
}

func instancesOfAny(all []supervisor.Snapshot, types []string) (names []string) {
	for _, s := range all {
		if slices.Contains(types, s.Type) {
			names = append(names, s.Name)
		}
	}
	return names
}
