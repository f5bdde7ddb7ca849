package live

import (
	"os"
	"path/filepath"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/past"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// backend answers what is asked of the running formation. Its methods are called from
// many goroutines; what belongs to the supervisor's they ask that for.
type backend struct {
	launcher *launcher
	began    time.Time
	version  string  // of reeve
	readers  readers // of the log
}

// Formation tells what runs.
func (b *backend) Formation() control.Formation {
	f := control.Formation{
		Pid: os.Getpid(), Version: b.version, Root: b.launcher.app.Root, Started: b.began,
		Port: b.launcher.app.Base, URL: b.launcher.app.URLOf(app.WebType, 1),
		Types: []control.Type{}, Instances: []control.Instance{},
	}
	if file := b.launcher.app.Procfile.Path; b.launcher.facts.options.Procfile != "-" {
		f.Procfile, _ = filepath.Abs(file)
	}
	for _, e := range b.launcher.app.Procfile.Entries {
		port, _ := b.launcher.app.Ports.Of(e.Type, 1)
		f.Types = append(f.Types, control.Type{Name: e.Type, Command: e.Command, Port: port})
	}
	if f.Port != 0 {
		f.PortStep = b.launcher.facts.options.PortStep
	}
	all := b.launcher.snapshot()
	var leaders []int
	for _, s := range all {
		if s.Pid != 0 {
			leaders = append(leaders, s.Pid)
		}
	}
	used := supervisor.UsageOf(leaders)
	for _, s := range all {
		i := b.instance(s)
		if u, ok := used[s.Pid]; ok {
			seconds := u.CPU.Seconds()
			percent := 100 * seconds / max(i.Uptime, 0.01)
			i.CPU, i.CPUSeconds, i.Memory = &percent, &seconds, &u.Memory
		}
		f.Instances = append(f.Instances, i)
	}
	return f
}

// snapshot lists the instances of what runs, in the order of the Procfile.
func (l *launcher) snapshot() (all []supervisor.Snapshot) {
	l.look(func(now []supervisor.Snapshot) { all = now })
	return all
}

// look calls f with a snapshot, in order, while nothing happens.
func (l *launcher) look(f func([]supervisor.Snapshot)) {
	l.phase.look(func(all []supervisor.Snapshot) { f(past.InOrder(all, l.facts.places)) })
}

// instance describes an instance.
func (b *backend) instance(s supervisor.Snapshot) control.Instance {
	entry, _ := b.launcher.app.Procfile.Lookup(s.Type)
	i := control.Instance{
		Name: s.Name, Type: s.Type, State: s.State.String(), Ready: s.Ready, Probed: s.Probed, Task: s.Task, Held: s.Held,
		Pid: s.Pid, Restarts: max(s.Runs-1, 0), Command: entry.Command,
	}
	_, number := procfile.ParseInstance(s.Name)
	if port, ok := b.launcher.app.Ports.Of(s.Type, number); ok {
		i.Port, i.PortStep = port, b.launcher.facts.options.PortStep
		i.URL = b.launcher.app.URLOf(s.Type, number)
	}
	if s.Pid != 0 {
		i.Started, i.Uptime = &s.Began, time.Since(s.Began).Seconds()
	}
	if s.Exited {
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
