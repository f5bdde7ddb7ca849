package live

import (
	"os"
	"slices"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/internal/moments"
	"reeve/output"
	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// How a run begins: with the environment that the files describe now, connected with its input, its
// output and its sockets, and written down only if it could be started.

// begin starts the leader of a run.
func (l *launcher) begin(s supervisor.Spec) (pid int, err error) {
	if err := l.renewEnvs(s.Name); err != nil {
		return 0, err
	}
	entry := l.entryOf(s.Type)
	c := l.commandOf(entry, s)
	input, streams, err := l.connectAll(c, s)
	if err != nil {
		return 0, err
	}
	moments.Passed("connect")
	pid, err = supervisor.Spawn(c)
	moments.Passed("spawn")
	<-l.ready
	moments.Passed("threads")
	handedOver(c, err)
	if err != nil {
		closeInput(input)
		delete(l.runs.terminals.open, s.Name)
		discard(streams)
		return 0, app.Explain(c, entry.Command, err)
	}
	if input != nil {
		l.runs.inputs[pid] = input
	}
	if t := l.notices.of[s.Name]; t != nil {
		t.leader.Store(int64(pid))
	}
	for _, stream := range streams {
		stream.Pid = pid
	}
	l.runs.streams[s.Name] = streams
	return pid, nil
}

// renewEnvs reads the env files again if an instance is restarted: they may have changed.
func (l *launcher) renewEnvs(instance string) error {
	if l.runs.environs[instance] == nil || !l.app().Reloadable() {
		return nil
	}
	l.sayWhatIsGone()
	reloaded, own, err := l.app().LoadEnvs()
	if err != nil {
		return reloadError(err)
	}
	l.app().Env, l.app().TypeEnvs, l.runs.bare = reloaded, own, map[*env.Env]env.Environ{}
	return nil
}

// commandOf is what a run executes. What the run is made of is remembered, to compare it with later
// files, and its environment, if a command will need that too.
func (l *launcher) commandOf(entry procfile.Entry, s supervisor.Spec) *supervisor.Command {
	l.runs.apps[s.Name] = l.app()
	l.runs.envs[s.Name] = l.app().EnvOf(settings.TypeOf(s.Type))
	c, _ := l.app().Command(entry, l.environ(s))
	l.runs.environs[s.Name] = env.Environ{}
	if s.Probed || s.Health.Checked() || s.StopCommand {
		l.runs.environs[s.Name] = c.Env
	}
	return c
}

// connectAll gives a run what it is connected with: the sockets that reeve holds for it, the one for
// its notices, its input, and the streams that bring its output.
func (l *launcher) connectAll(c *supervisor.Command, s supervisor.Spec) (input *os.File, streams []*output.Stream, err error) {
	if err := l.sockets.handTo(c, s.Type, l.runsOf); err != nil {
		return nil, nil, err
	}
	if o := l.facts.options(); usesNotify(o, s.Type) {
		if err := l.notices.open(c, s, o.Health[s.Type].Kind == probe.Notify); err != nil {
			return nil, nil, err
		}
	}
	input, err = l.connectInput(c, s.Type)
	if err != nil {
		return nil, nil, err
	}
	l.runs.terminals.makeRoom(s.Name)
	streams, err = l.connect(c, s)
	if err != nil {
		closeInput(input)
		return nil, nil, err
	}
	l.prober.watchLines(s, streams)
	l.prober.rememberListeners(s, c.Env)
	return input, streams, nil
}

// environ is the environment of an instance's next run: the app's, and over it what
// reeve assigns. That is long where there are many types, and all but a few entries are
// the same for every instance, so what it is put on is made once.
func (l *launcher) environ(s supervisor.Spec) env.Environ {
	marker := supervisor.Marker(l.facts.id, s.Name)
	typ := settings.TypeOf(s.Type)
	of := l.app().EnvOf(typ)
	if l.runs.bare[of] == nil {
		l.runs.bare[of] = of.Environ().Without(append(l.app().Assigned("", s.Name), marker))
	}
	return slices.Concat(l.runs.bare[of], l.app().Assigned(typ, s.Name), env.Environ{marker})
}

// entryOf is what an instance runs: its entry in the Procfile, or the command of a build.
func (l *launcher) entryOf(typ string) procfile.Entry {
	if of := settings.TypeOf(typ); settings.IsBuild(typ) {
		return procfile.Entry{Type: of, Command: l.facts.options().Build[of]}
	}
	entry, _ := l.app().Procfile.Lookup(typ)
	return entry
}

// sayWhatIsGone says that an env file that nobody has named is gone at a restart, which
// goes on without it.
func (l *launcher) sayWhatIsGone() {
	now := l.app().EnvFiles()
	for _, path := range l.app().Env.Files() {
		if !slices.Contains(now, path) {
			l.mux.Notice(warningNotice(app.GoneText(path)))
		}
	}
}

// runsOf are the instances of a type that have a run.
func (l *launcher) runsOf(typ string) (names []string) {
	for name := range l.runs.streams {
		if of, _ := procfile.ParseInstance(name); of == typ {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
