package live

import (
	"slices"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
)

// launcher begins the runs of a formation: it joins what the app says (command,
// environment, ports) to the supervisor and to the log. While the loop runs, nobody else may
// come near its runs; whoever is not the loop is given what it uses, and asks.
type launcher struct {
	facts     facts
	runs      runs
	processes *supervisor.Processes
	ready     <-chan struct{} // see [Readiness]
	reloading reloading
	phase     *phase
	ask       *requests
	sockets   sockets
	notices   notices
	kept      []string // files that the guardian removes
	mux       *output.Mux
	files     *output.Files // nil: none are asked for
	history   *output.History
	prober    *prober
	waits     *waits
	answers   *console.Answers // of the terminal to the process that it belongs to
}

// facts are what does not change while a formation runs, and the plan.
type facts struct {
	plans
	id     string // the formation's, for the marker
	screen bool   // somebody looks at the log on a terminal, or may attach to one
	split  bool   // standard error apart from standard output
	quiet  settings.Quiet
}

// runs are what is known of the runs that there are. They belong to the loop: while it runs
// nobody else reads or writes them.
type runs struct {
	streams   map[string][]*output.Stream // of each instance's present run
	stoppers  map[int][]*output.Stream    // of commands that ask runs to stop, by their pids
	inputs    inputs
	terminals *terminals
	bare      map[*env.Env]env.Environ // environments without what reeve assigns
	apps      map[string]*app.App      // whose files each instance's last run was made of
	envs      map[string]*env.Env      // that each instance's last run was started with
	environs  map[string]env.Environ   // of each instance that has run; empty if no probe needs it
	crashes   crashes
	blame     blame
	settling  *time.Timer
	failed    string // what kept a detached formation from being up; empty: nothing yet
}

// app is what the files said when they were read last. Its environments are read again, too.
func (l *launcher) app() *app.App { return l.facts.app() }

// specs lists the instances that run, in the order in which they start.
func (l *launcher) specs() []supervisor.Spec {
	var specs []supervisor.Spec
	for name, entry := range l.app().Formation.Instances() {
		specs = append(specs, l.facts.specs(name, entry.Type)...)
	}
	return specs
}

// specs are those of an instance, and of the build that it comes after if it is the first of its type.
func (f *facts) specs(name, typ string) []supervisor.Spec { return specsOf(f.options(), name, typ) }

func specsOf(o *settings.Options, name, typ string) []supervisor.Spec {
	run := o.RunSpec(name, typ)
	if build, ok := o.BuildSpec(typ); ok && name == procfile.InstanceName(typ, 1) {
		return []supervisor.Spec{build, run}
	}
	return []supervisor.Spec{run}
}

// keep has the guardian remove more files, if reeve is killed.
func (l *launcher) keep(files ...string) {
	known := len(l.kept)
	for _, file := range files {
		if !slices.Contains(l.kept, file) {
			l.kept = append(l.kept, file)
		}
	}
	if len(l.kept) > known {
		l.processes.Guardian.KeepSockets(l.kept)
	}
}

// report puts what happens into the log: after what a run has written, if it is the
// run that ended.
func (l *launcher) report(r supervisor.Report) {
	n, said := noticeOf(r, l.facts.label(r.Instance, r.Type), r.Grace)
	if settings.IsBuild(r.Type) && said {
		n, said = buildNotice(r, n, l.runsOf(settings.TypeOf(r.Type)))
	}
	if said {
		l.runs.terminals.tell(r.Instance, n.Text)
	}
	l.runs.blame.note(r)
	if r.Kind == supervisor.Started || r.Kind == supervisor.FormationStopping {
		l.waits.mayBegin()
	}
	if r.Kind == supervisor.FormationStopping && l.runs.failed == "" {
		l.runs.failed = r.Instance
	}
	switch r.Kind {
	case supervisor.FormationStopping:
		l.sockets.close()
		l.runs.hurry(len(l.runs.streams))
	case supervisor.Exited:
		l.sockets.mend(r.Type)
	case supervisor.RunGone:
		l.notices.close(r.Instance)
	}
	switch streams := l.runs.streams[r.Instance]; {
	case l.reportStopper(r, n):
	case r.Kind == supervisor.Started:
		l.runs.settleSoon()
		l.mux.Notice(n)
		for _, s := range streams {
			l.mux.Open(s)
		}
	case r.Kind == supervisor.Exited && r.Status.Err == nil:
		l.runs.inputs.end(r.Pid)
		l.runs.terminals.close(r.Instance)
		l.mux.Ended(streams, n)
		delete(l.runs.streams, r.Instance)
	case said:
		l.mux.Notice(n)
	}
	l.hintCrash(r)
}

func (f *facts) label(instance, typ string) output.Label {
	typ = settings.TypeOf(typ) // under whose name a build writes
	return output.Label{Name: settings.TypeOf(instance), Type: typ, Place: f.places()[typ]}
}
