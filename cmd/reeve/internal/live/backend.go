package live

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/past"
	"reeve/env"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// backend answers what is asked of the running formation. Its methods are called from
// many goroutines; what belongs to the supervisor's they ask that for.
type backend struct {
	facts     facts
	ask       *requests
	reloading *reloading
	sockets   *sockets // the loop's
	processes *supervisor.Processes
	history   *output.History
	terminals *terminals
	notices   *notices
	crashes   *crashes            // the loop's
	envs      map[string]*env.Env // of each instance's last run; the loop's
	began     time.Time
	version   string  // of reeve
	readers   readers // of the log
	known     []byte  // at the end, see sumUp
}

// app is what the files said when they were read last.
func (b *backend) app() *app.App { return b.facts.app() }

// Formation tells what runs.
func (b *backend) Formation(detail control.Detail) control.Formation {
	return b.formation(b.ask.snapshot(), detail)
}

// followRest is how long somebody who follows the formation is left alone after he was told, so
// that many changes at once are told as one.
const followRest = 50 * time.Millisecond

// Follow tells what runs whenever that has changed.
func (b *backend) Follow(ctx context.Context, tell func(control.Formation) error) error {
	if b.ask.phase.formation() == nil {
		if err := tell(b.formation(nil, control.Outline)); err != nil {
			return err
		}
	}
	loop := b.ask.phase.await(ctx)
	for loop != nil {
		g := loop.Glance()
		all := slices.DeleteFunc(g.All, func(s supervisor.Snapshot) bool { return s.Build || s.Removed })
		if err := tell(b.formation(past.InOrder(all, b.facts.places()), control.Outline)); err != nil {
			return err
		}
		if g.Over || !await(ctx, g.Changed, nil, time.Time{}) {
			break
		}
		select {
		case <-time.After(followRest):
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// statuses are what runs say of themselves, where any is to.
func (b *backend) statuses() (all map[string]string) {
	o := b.facts.options()
	for _, typ := range b.app().Types() {
		if usesNotify(o, typ) {
			b.ask.onLoop(func() { all = b.notices.statuses() })
			break
		}
	}
	return all
}

// formation describes the formation with some instances.
func (b *backend) formation(all []supervisor.Snapshot, detail control.Detail) control.Formation {
	f := control.Formation{
		Pid: os.Getpid(), Version: b.version, Root: b.app().Root, Started: b.began,
		Port: b.app().Base, URL: b.app().URLOf(app.WebType, 1),
		Groups: b.app().Settings.Groups, Types: []control.Type{}, Instances: []control.Instance{},
	}
	if file := b.app().Procfile.Path; b.facts.options().Procfile != "-" {
		f.Procfile, _ = filepath.Abs(file)
	}
	for _, e := range b.app().Procfile.Entries {
		port, _ := b.app().Ports.Of(e.Type, 1)
		t := control.Type{
			Name: e.Type, Command: e.Command, Port: port,
			Schedule: b.facts.options().Cron[e.Type], Build: b.facts.options().Build[e.Type], Watch: b.facts.watching().of(e.Type).patterns(),
		}
		if at, holds := b.app().Held(e.Type); holds {
			t.Listen = at.String()
		}
		f.Types = append(f.Types, t)
	}
	if f.Port != 0 {
		f.PortStep = b.facts.options().PortStep
		if chosen := b.app().Chosen; chosen != nil {
			f.Slot = chosen.Slot
		}
	}
	var leaders []int
	for _, s := range all {
		if s.Pid != 0 && detail == control.WithUsage {
			leaders = append(leaders, s.Pid)
		}
	}
	used, builds := supervisor.UsageOf(leaders), map[string]supervisor.Snapshot{}
	if len(b.facts.options().Build) > 0 {
		builds = b.ask.builds()
	}
	statuses := b.statuses()
	for _, s := range all {
		i := b.instance(s)
		i.Status = statuses[s.Name]
		if build, ok := builds[s.Type]; ok {
			i.Build = buildState(build)
		}
		if u, ok := used[s.Pid]; ok {
			seconds := u.CPU.Seconds()
			percent := 100 * seconds / max(i.Uptime, 0.01)
			i.CPU, i.CPUSeconds, i.Memory = &percent, &seconds, &u.Memory
		}
		f.Instances = append(f.Instances, i)
	}
	return f
}

// stateText is the state of an instance, as others see it.
func stateText(s supervisor.Snapshot) string {
	switch {
	case s.Held && s.State == supervisor.Done:
		return supervisor.Stopped.String()
	case s.State == supervisor.Stopped && !s.Due.IsZero() && !s.HasEnded:
		return "scheduled"
	}
	if s.Building && s.State == supervisor.Waiting {
		return "building"
	}
	return s.State.String()
}

// buildState is how far a build is.
func buildState(s supervisor.Snapshot) string {
	switch {
	case s.Pid != 0:
		return "running"
	case s.State == supervisor.Done:
		return "done"
	case s.HasEnded && s.State == supervisor.Stopped:
		return "failed"
	}
	return "waiting"
}

// instance describes an instance.
func (b *backend) instance(s supervisor.Snapshot) control.Instance {
	entry, _ := b.app().Procfile.Lookup(s.Type)
	i := control.Instance{
		Name: s.Name, Type: s.Type, State: stateText(s), Ready: s.Ready, Probed: s.Probed, Task: s.Task, Held: s.Held, Idle: s.Idle,
		Pid: s.Pid, Restarts: max(s.Runs-s.Renewals-1, 0), Command: entry.Command,
	}
	if s.Health.Checked() && s.State == supervisor.Running {
		healthy := !s.Ill
		i.Healthy = &healthy
	}
	if t := b.facts.watching().of(s.Type); t != nil {
		i.Watch, i.Changed, i.Unwatched = t.patterns(), t.lastChange(), t.looping.Load()
	}
	_, number := procfile.ParseInstance(s.Name)
	if port, ok := b.app().Ports.Of(s.Type, number); ok {
		i.Port, i.PortStep = port, b.facts.options().PortStep
		i.URL = b.app().URLOf(s.Type, number)
	}
	if s.Schedule.IsSet() {
		i.Restarts = 0
	}
	if !s.Due.IsZero() {
		i.Next = &s.Due
	}
	if s.Pid != 0 {
		i.Started, i.Uptime = &s.Began, time.Since(s.Began).Seconds()
	}
	if s.HasEnded {
		i.Exit = &control.Exit{Code: s.Last.ExitCode()}
		if s.Last.Signal != 0 {
			i.Exit.Signal = supervisor.SignalName(s.Last.Signal)
		}
		if s.Last.Err != nil {
			i.Exit.Error = s.Last.Err.Error()
		}
	}
	return i
}
