package live

import (
	"errors"
	"slices"
	"sync"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/held"
	"reeve/env"
	"reeve/internal/http1"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// Reload reads what the formation was made of again, and makes it what that says now: what is new
// starts, what is gone stops, what has changed restarts, and the rest is left alone. Files are read
// beside the loop; what is different and what follows from that is found out on it, where it is done in the
// same step.

// Reader reads an app again, as it was read at the start, for what runs of it. Flags that cannot
// change meanwhile it only names.
type Reader func(former *app.App) (a *app.App, lasting []string, err error)

// reloading has what reloading needs.
type reloading struct {
	read  Reader
	one   sync.Mutex // of those who reload at the same time
	step  sync.Mutex // between finding out what there can be and making it so, also by scale
	leave func()     // ends the companions that have been started for it
}

// end ends what reloading has started. It waits for nobody who still reads files.
func (r *reloading) end() {
	r.step.Lock()
	defer r.step.Unlock()
	if r.leave != nil {
		r.leave()
	}
}

// Reload reads the app's files again and makes the formation what they say.
func (b *backend) Reload(r control.Reload) (<-chan control.Outcome, error) {
	b.reloading.one.Lock()
	defer b.reloading.one.Unlock()
	loop, former := b.ask.phase.formation(), b.app()
	if loop == nil {
		return nil, errNotStarted
	}
	a, lasting, err := b.reloading.read(former)
	if err != nil {
		return nil, control.Error{Status: http1.Unprocessed, Text: err.Error()}
	}
	n := &news{former: former, now: a, envs: b.envs}
	n.remark(lasting, atTheNextStart)
	n.remark(a.Settings.Immediate(former.Settings), fromNowOn)
	if missing := a.Missing(); len(missing) > 0 {
		n.remarks = append(n.remarks, control.Outcome{OK: true, Text: app.MissingText(missing)})
	}
	loop.Look(func(all []supervisor.Snapshot) {
		if n.find(all); n.err == nil && r.DryRun {
			n.err = b.sockets.try(a, b.leavesPort(n, all))
		}
	})
	taken := a.TakenPorts(n.start)
	n.remarks = append(n.remarks, portRemarks(taken)...)
	if r.DryRun {
		return said(n.remarks, n.would()), wrongCounts(n.err)
	}
	b.reloading.step.Lock()
	defer b.reloading.step.Unlock()
	next, watched := b.facts.after(a), b.facts.watching()
	leave := b.watchAnew(next, former)
	outcomes, ok := loop.Reform(func(all []supervisor.Snapshot) (to supervisor.Reform, ok bool) {
		if n.find(all); n.err == nil {
			n.err = b.sockets.follow(a, b.leavesPort(n, all))
		}
		if n.err != nil {
			return to, false
		}
		b.ask.say(reloadNotice(n))
		b.facts.now.Store(next)
		b.sayTaken(taken)
		return n.reform()
	})
	if !ok || n.err != nil {
		leave()
		if n.err != nil {
			return nil, wrongCounts(n.err)
		}
		return nil, errEnding
	}
	b.watchNow(next, watched, leave)
	return merged([]<-chan control.Outcome{said(n.remarks), n.inWords(outcomes)}), nil
}

// leavesPort tells whether who listens where reeve itself is to listen for a type is the one run of that
// type, which is about to end.
func (b *backend) leavesPort(n *news, all []supervisor.Snapshot) func(typ string, err error) bool {
	return func(typ string, err error) bool {
		var inUse held.InUseError
		there := instancesOf(all, typ)
		if !errors.As(err, &inUse) || len(inUse.By) == 0 || len(there) != 1 || !slices.Contains(n.anew, there[0].Name) {
			return false
		}
		pid := there[0].Pid
		members := b.processes.Left([]int{pid})[pid]
		return !slices.ContainsFunc(inUse.By, func(o env.Owner) bool {
			return !slices.ContainsFunc(members, func(p supervisor.Process) bool { return p.Pid == o.PID })
		})
	}
}

func wrongCounts(err error) error {
	if err == nil {
		return nil
	}
	return control.Error{Status: http1.Unprocessed, Text: err.Error()}
}

// watchAnew begins to watch what an app wants to be watched, before anything of it starts, unless the
// same is watched already.
func (b *backend) watchAnew(next *plan, former *app.App) (leave func()) {
	leave = func() {}
	if next.app.Settings.WatchesAs(former.Settings) && slices.Equal(next.app.Types(), former.Types()) {
		next.watching = b.facts.watching()
	} else if next.watching = newWatching(next.app, b.ask); next.watching != nil {
		leave = accompany(b.ask, next.watching.run)
	}
	all := b.ask.snapshot()
	next.watching.begin(func(typ string) bool {
		return next.app.Formation.Count(typ) > 0 || len(instancesOf(all, typ)) > 0
	})
	return leave
}

// watchNow ends what was watched before, if something else is now.
func (b *backend) watchNow(next *plan, before *watching, leave func()) {
	if next.watching == before {
		return
	}
	if b.reloading.leave != nil {
		b.reloading.leave()
	}
	b.reloading.leave = leave
}

// inWords says what becomes of the instances.
func (n *news) inWords(outcomes <-chan supervisor.Outcome) <-chan control.Outcome {
	said := make(chan control.Outcome, cap(outcomes))
	go func() {
		for o := range outcomes {
			up := "restarted"
			if slices.Contains(n.start, o.Instance) {
				up = "started"
			}
			said <- outcomeOf(o, up)
		}
		close(said)
	}()
	return said
}

// said gives outcomes that are known already.
func said(lists ...[]control.Outcome) <-chan control.Outcome {
	all := slices.Concat(lists...)
	known := make(chan control.Outcome, len(all))
	for _, o := range all {
		known <- o
	}
	close(known)
	return known
}
