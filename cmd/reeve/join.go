package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/live"
	"reeve/cmd/reeve/internal/past"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile"
	"reeve/supervisor/control"
)

// A start in the background of what runs already is none: what is named and does not run is
// started in the formation that there is, and waited for. Only what has changed since is an error.

// isRunning reports whether the app runs already.
func isRunning(at place.Place) bool {
	path := at.Procfile
	if path == "" {
		path, _ = place.FindProcfile(at.Root) // that there is none is told later
	}
	return control.Runs(at.Dir(path))
}

// join has the running formation be what a start would have made, and tells the waiting reeve. It
// may be interrupted: nothing is left behind.
func join(o *settings.Options, types []string) (exitCode int) {
	a, err := app.Load(o, app.Request{Only: types, AsksRunning: true})
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	c, err := dialRoot(a.Root, a.Root)
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	j := &joining{app: a, client: c, named: a.Named()}
	pid, err := j.run(context.Background())
	if err != nil {
		return diag.FailWith(diag.ExitFailure, j.lastWord(err))
	}
	live.TellJoined(pid)
	return diag.ExitOK
}

// joining is a start that has found the app running.
type joining struct {
	app    *app.App
	client *control.Client
	named  []string // process types; none: all that a start would start
}

// run does what is left to do, and gives the pid of the reeve that runs it all.
func (j *joining) run(ctx context.Context) (pid int, err error) {
	if err := j.awaitStart(ctx); err != nil {
		return 0, err
	}
	f, err := j.client.Formation(ctx)
	if err != nil {
		return 0, err
	}
	origin, err := j.client.Origin(ctx)
	if err != nil {
		return 0, err
	}
	if changes := j.app.Changes(f, origin); len(changes) > 0 {
		return 0, errors.New(app.ChangedText(f.Pid, changes))
	}
	if err := j.startMissing(ctx, f); err != nil {
		return 0, err
	}
	return f.Pid, j.awaitReady(ctx)
}

// lastWord says how what was started has ended, if that was the formation's end before anybody
// could wait for it.
func (j *joining) lastWord(err error) error {
	last := past.Open(j.app.Root)
	if !errors.Is(err, control.ErrNotRunning) || last == nil {
		return err
	}
	names, _ := j.wanted()
	for _, i := range last.Formation.Instances {
		if i.Exit != nil && i.Exit.Code != 0 && slices.Contains(names, i.Name) {
			return fmt.Errorf("%s failed: %s", i.Name, exitText(*i.Exit))
		}
	}
	return errors.New(past.EndText(last))
}

// awaitStart waits until the formation itself runs: it may still wait for services, or for its
// release.
func (j *joining) awaitStart(ctx context.Context) error {
	ctx, started := context.WithCancel(ctx)
	defer started()
	err := j.client.Wait(ctx, control.WaitQuery{}, func(one control.Waited) {
		if one.Name != control.TheFormation || one.State == control.Gone {
			started()
		}
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// wanted are the instances that the start would have, by type.
func (j *joining) wanted() (names []string, counts map[string]int) {
	counts = map[string]int{}
	for name, entry := range j.app.Formation.Instances() {
		if !j.app.Settings.IsScheduled(entry.Type) { // which runs when it is due
			names = append(names, name)
		}
		counts[entry.Type]++
	}
	return names, counts
}

// startMissing starts what does not run. More instances than the start would have are left
// alone.
func (j *joining) startMissing(ctx context.Context, f control.Formation) error {
	names, counts := j.wanted()
	there := map[string]int{}
	var rest []string
	for _, i := range f.Instances {
		there[i.Type]++
		if slices.Contains(names, i.Name) && j.isMissing(i) {
			rest = append(rest, i.Name)
		}
	}
	for typ, n := range counts {
		if n <= there[typ] {
			delete(counts, typ)
		}
	}
	var failed error
	tell := func(o control.Outcome) {
		if !o.OK && failed == nil && !j.mayEnd(o.Instance) {
			failed = fmt.Errorf("%s %s", o.Instance, o.Text)
		}
	}
	if len(counts) > 0 {
		if err := j.client.Scale(ctx, counts, tell); err != nil {
			return err
		}
	}
	if len(rest) > 0 {
		if err := j.client.Restart(ctx, rest, tell); err != nil {
			return err
		}
	}
	return failed
}

// isMissing reports whether an instance does not run although the start wants it to. One that has
// ended by itself may have, or is a task that is done: it runs again only if it is named.
func (j *joining) isMissing(i control.Instance) bool {
	return i.State == "stopped" && (i.Held || i.Exit == nil || slices.Contains(j.named, i.Type))
}

// mostRuns is how often an instance may be started without becoming ready.
const mostRuns = 3

// awaitReady waits until everything that the start wants is ready, apart from what may end and
// has.
func (j *joining) awaitReady(ctx context.Context) error {
	names, _ := j.wanted()
	for len(names) > 0 {
		failed, err := j.await(ctx, names)
		if err == nil || failed == "" || !j.mayEnd(failed) {
			return err
		}
		names = slices.DeleteFunc(names, func(name string) bool { return name == failed })
	}
	return nil
}

// mayEnd reports whether nobody minds that an instance has ended.
func (j *joining) mayEnd(instance string) bool {
	typ, _ := procfile.ParseInstance(instance)
	return j.app.Settings.RunSpec(instance, typ).CanDie
}

// await waits until instances are ready, and tells which of them fails if one does.
func (j *joining) await(ctx context.Context, names []string) (failed string, err error) {
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	first := map[string]int{}
	err = j.client.Wait(ctx, control.WaitQuery{Names: names}, func(one control.Waited) {
		before, known := first[one.Name]
		switch {
		case !known:
			first[one.Name] = one.Runs
		case one.State == control.Waiting && one.Runs-before > mostRuns:
			giveUp(fmt.Errorf("%s does not stay up: it was restarted %d times without becoming ready", one.Name, mostRuns))
		}
		if one.State == control.Failed && failed == "" {
			failed = one.Name
		}
	})
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	return failed, err
}
