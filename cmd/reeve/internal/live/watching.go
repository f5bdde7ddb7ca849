package live

import (
	"context"
	"slices"
	"syscall"
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

// watchedType is a process type of which files are watched.
type watchedType struct {
	name    string
	build   bool
	signal  syscall.Signal // what its instances get instead of a restart; 0: they are restarted
	after   []string       // the types that are restarted when it has been
	changes chan watch.Change
	loops   watch.Loops
}

// watchers begin to watch files, and give what then waits for changes. It must be called before anything
// is started, so that no change is missed.
func (l *launcher) watchers() (all []companion) {
	groups := map[time.Duration][]watch.Set{} // by how often to look
	types := map[string]*watchedType{}
	o := l.facts.options
	for _, typ := range l.app.Types() {
		if !o.IsWatched(typ) || l.app.Formation.Count(typ) == 0 {
			continue
		}
		every := o.WatchPoll.Of(typ)
		groups[every] = append(groups[every], watch.Set{Name: typ, Patterns: o.Patterns[typ]})
		t := &watchedType{name: typ, signal: o.OnChange.Of(typ), changes: make(chan watch.Change, 1)}
		_, t.build = o.Build[typ]
		if slices.Contains(o.Cascade, typ) {
			t.after = dependents(typ, o.After)
		}
		types[typ] = t
		all = append(all, t.run)
	}
	for every, sets := range groups {
		w := watch.New(watch.Config{
			Root: l.app.Root, Sets: sets, Poll: every,
			Changed: func(c watch.Change) { types[c.Name].offer(c) },
			Say:     func(text string) { l.ask.say(output.Notice{Event: "hint", Text: text}) },
		})
		all = append(all, func(ctx context.Context, _ *requests) { w.Run(ctx) })
	}
	return all
}

// dependents are the types that come after one, directly or with others between them.
func dependents(of string, after map[string][]string) (all []string) {
	for typ, before := range after {
		if slices.Contains(before, of) && !slices.Contains(all, typ) {
			all = append(all, typ)
		}
	}
	for _, typ := range slices.Clone(all) {
		all = append(all, dependents(typ, after)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// offer hands a change over without waiting: if the one before has not been taken yet, they
// are one. Only the watcher of the type may call it.
func (t *watchedType) offer(c watch.Change) {
	select {
	case former := <-t.changes:
		c = former.And(c)
	default:
	}
	t.changes <- c
}

// run waits for changes and deals with them, until they turn out to be a loop.
func (t *watchedType) run(ctx context.Context, ask *requests) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-t.changes:
			for more := true; more; {
				if file := t.loops.Restart(time.Now(), c.Files); file != "" {
					ask.say(loopNotice(t.label(ask), file))
					return
				}
				c, more = t.renew(ctx, ask, c)
			}
		}
	}
}

func (t *watchedType) label(ask *requests) output.Label {
	return output.Label{Name: t.name, Type: t.name, Place: ask.places[t.name]}
}

// renew goes through the steps for a change. If there is another one meanwhile, the steps begin
// anew with that.
func (t *watchedType) renew(ctx context.Context, ask *requests, c watch.Change) (next watch.Change, again bool) {
	changed, why := c.At, changeText(c)
	if t.build {
		build := settings.BuildOf(t.name)
		if next, again = t.step(ctx, ask, renewal{names: []string{build}, changed: changed, why: why, change: &c}); again {
			return next, true
		}
		built, _ := ask.build(t.name)
		if built.State != supervisor.Done {
			return c, false // which has been said
		}
		changed, why = built.Since, t.name+" has been built"
	}
	some := false
	for _, s := range instancesOf(ask.snapshot(), t.name) {
		some = some || !s.Held
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
	if len(t.after) == 0 || t.signal != 0 || !some {
		return c, false
	}
	return t.step(ctx, ask, renewal{names: instancesOfAny(ask.snapshot(), t.after), changed: changed, why: t.name + " has restarted"})
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
	for waiting := true; waiting; {
		select {
		case _, waiting = <-outcomes:
		case next = <-t.changes:
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
	return output.Label{Name: settings.TypeOf(s.Name), Type: typ, Place: r.places[typ]}
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
