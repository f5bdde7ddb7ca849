// Package live runs a formation: it joins what the app says to the supervisor, the log, the
// socket and the terminal, from the wait for services to the last line of the log.
//
// # Who owns what
//
// The supervisor decides, in a goroutine of its own, the loop. What is known is of three kinds:
// facts, which do not change and which anybody may read, apart from the plan among them, what the
// files say, which the loop replaces as a whole when they are read again; runs (their streams,
// terminals, inputs), which the loop alone touches; and the phase, how far the formation has come,
// which everybody may ask.
//
// # Who asks
//
// Everybody else runs beside the loop and decides nothing: the backend, which answers those
// who come by the socket, and companions, which are started with the formation and end with it
// (hints, the keyboard, the report of a detached start). All of them ask by one way, requests:
// for a look at the instances, a restart, a signal, a line in the log, or for something to be done
// on the loop.
package live

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/signal"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/env/service"
	"reeve/internal/moments"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
	"reeve/supervisor/terminal"
)

// Config is what a formation needs to know besides the app.
type Config struct {
	Version string // of reeve
	Ready   *Readiness
	// Running is called if the app runs already; nil: that is a mistake.
	Running func() (exitCode int)
	Read    Reader // what has been changed since the start
}

// Run joins the app, the supervisor, the log and the socket, and runs them to the end.
func Run(a *app.App, with Config) (exitCode int) {
	o, signals, children := a.Settings, with.Ready.Signals, with.Ready.Children
	l := newLauncher(a)
	l.ready = with.Ready.all
	moments.Passed("launcher")
	<-with.Ready.stops // a signal that is not caught yet would leave the guardian behind for a moment
	// Before there is anything that reeve would leave behind if it were killed.
	guardian, guardianErr := l.guard()
	moments.Passed("guardian")
	l.processes.Guardian = guardian
	l.keep(control.Places(a.Root)...)
	socket, socketErr := control.Listen(a.Root)
	moments.Passed("socket")
	if with.Running != nil && errors.As(socketErr, new(control.RunningError)) {
		guardian.Close()
		return with.Running()
	}
	if text := refusal(socketErr); text != "" {
		guardian.Close()
		return diag.Fail(diag.ExitFailure, "%s", text)
	}
	defer l.sockets.remove()
	err := l.sockets.bindAll()
	if err == nil {
		err = l.openFiles(o)
	}
	if err != nil {
		if socketErr == nil {
			_ = socket.Close()
		}
		return diag.FailWith(diag.ExitFailure, err)
	}
	defer l.notices.closeAll()
	if err := l.openLog(o); err != nil { // the guardian removes the socket
		return diag.Fail(diag.ExitFailure, "cannot start the log: %w", err)
	}
	moments.Passed("log")
	if guardianErr != nil {
		l.mux.Notice(unguardedNotice(guardianErr))
	}
	l.reloading.read = with.Read
	b := l.backend(with.Version)
	if socketErr == nil {
		server := control.Serve(socket, b)
		go socket.Tidy()
		defer func() {
			b.keep(socket)
			l.processes.Close()
			// Whoever is told of the end may start the app again at once.
			l.sockets.remove()
			a.ReleasePorts()
			server.Close(exitCode)
		}()
	} else {
		defer l.processes.Close()
		if !o.NoHints {
			l.mux.Notice(noSocketNotice(socketErr))
		}
	}
	moments.Passed("server")
	keyboard, err := l.handOver(guardian)
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot take the keyboard: %w", err)
	}
	defer accompany(l.ask, l.onTerminal(signals)...)()
	if keyboard != nil {
		defer keyboard.giveBack()
	}
	l.processes.Recheck = children
	ends := &pendingEnds{streams: l.runs.streams, prober: l.prober, log: l.mux, again: children}
	supervisor.Prepare()
	moments.Passed("signals")
	exitCode = l.run(o, supervisor.Config{
		System: system{l.processes, keyboard, l.runs.inputs, ends}, Signals: signals, Children: children,
		Report: l.report, Probe: l.prober.awaitReady, WasReady: l.prober.wasReady,
		Check: l.prober.check, Attended: l.attended, Alarm: &supervisor.ClockAlarm{},
	})
	l.phase.end()
	l.processes.Dismiss()
	b.sumUp(exitCode)
	moments.Passed("run to its end")
	l.end(exitCode, signals)
	moments.Passed("end of log")
	return exitCode
}

// newLauncher makes the launcher of an app's formation, which has no log yet.
func newLauncher(a *app.App) *launcher {
	o, phase := a.Settings, newPhase()
	l := &launcher{
		facts: facts{
			plans: newPlans(a), id: rand.Text(),
			screen: console.IsTerminal(os.Stdout) || IsDetached(),
			split:  o.LogFormat == "json",
			quiet:  o.Quiet,
		},
		runs: runs{
			inputs: inputs{}, terminals: newTerminals(a, phase),
			streams: map[string][]*output.Stream{}, stoppers: map[int][]*output.Stream{}, environs: map[string]env.Environ{}, bare: map[*env.Env]env.Environ{},
			envs: map[string]*env.Env{}, apps: map[string]*app.App{},
		},
		phase: phase, answers: &console.Answers{},
	}
	l.sockets.plans, l.sockets.keep = l.facts.plans, l.keep
	l.processes = &supervisor.Processes{Begin: l.begin, StopWith: l.stopWith, Formation: l.facts.id, Report: l.report}
	l.ask = &requests{phase: phase, plans: l.facts.plans}
	l.facts.now.Load().watching = newWatching(a, l.ask)
	l.waits = &waits{ask: l.ask}
	l.prober = &prober{plans: l.facts.plans, ask: l.ask, environs: l.runs.environs, helpers: helpers{l.facts.plans, l.processes}, sockets: &l.sockets, notices: &l.notices}
	l.notices = notices{formation: l.facts.id, ask: l.ask, keep: l.keep}
	return l
}

// backend makes what answers those who come by the socket.
func (l *launcher) backend(version string) *backend {
	return &backend{
		facts: l.facts, reloading: &l.reloading, sockets: &l.sockets, ask: l.ask, history: l.history, terminals: l.runs.terminals, envs: l.runs.envs, notices: &l.notices,
		crashes: &l.runs.crashes,
		began:   time.Now(), version: version,
	}
}

// refusal says why nothing is started without a socket; empty: it is.
func refusal(socketErr error) string {
	var running control.RunningError
	switch {
	case errors.As(socketErr, &running):
		return runningText(running)
	case socketErr != nil && IsDetached():
		return "cannot run in the background: cannot create a socket: " + diag.Reason(socketErr).Error()
	}
	return ""
}

// end ends the log.
func (l *launcher) end(exitCode int, signals <-chan os.Signal) {
	l.sayWhy(exitCode)
	l.endLog(signals)
	switch {
	case !IsDetached() || l.phase.up.Load():
	case l.isDone(exitCode):
		letGo(DoneWord)
	default:
		l.sayFailure()
	}
}

// awaitServices waits for the services that are asked for.
func (l *launcher) awaitServices(signals <-chan os.Signal) error {
	o := l.facts.options()
	services, _ := l.app().Services(o.WaitFor) // checked already
	if len(services) == 0 {
		return nil // and every signal is for the formation
	}
	return UntilAsked(l.phase.asked, signals, func(ctx context.Context) error {
		return service.Wait{Within: o.WaitTimeout, Say: func(text string, since time.Duration) time.Duration {
			l.waits.say(text, since)
			if console.IsTerminal(os.Stdout) {
				return lifeOnScreen
			}
			return service.SayAgain
		}}.For(ctx, services)
	})
}

// run does what comes before the formation, then runs it.
func (l *launcher) run(o *settings.Options, c supervisor.Config) (exitCode int) {
	sayBefore(l)
	moments.Passed("say before")
	err := l.awaitServices(c.Signals)
	l.mux.Status("")
	l.phase.why = err
	if errors.As(err, new(Interrupted)) || err != nil && l.phase.asked.Err() != nil {
		return diag.ExitOK
	}
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if !o.NoHints && l.facts.mayType() {
		defer accompany(l.ask, typingHint{l.runs.terminals, l.history}.run)()
	}
	if o.Release {
		c.Instances = []supervisor.Spec{releaseSpec(o)}
		if code, goOn := l.runRelease(c); !goOn {
			return code
		}
	}
	c.Instances = l.specs()
	l.runs.hurry(len(c.Instances))
	s := l.phase.enter(formed, c)
	defer accompany(l.ask, l.companions()...)()
	if w := l.facts.watching(); w != nil {
		l.reloading.leave = accompany(l.ask, w.run)
	}
	defer l.reloading.end()
	l.facts.watching().begin(func(typ string) bool { return l.app().Formation.Count(typ) > 0 })
	moments.Passed("formation")
	return s.Run()
}

// companions are those of the formation itself.
func (l *launcher) companions() (all []companion) {
	if o := l.facts.options(); !o.NoHints && !o.NoPort {
		all = append(all, portHint{l.app()}.run)
	}
	if IsDetached() {
		all = append(all, upReport{l}.run)
	}
	return all
}

// onTerminal are the companions on reeve's own terminal, which are there before anything
// runs. A new size is handed on as a signal, as if reeve were not there, to processes that have
// no terminal of their own.
func (l *launcher) onTerminal(signals chan<- os.Signal) (all []companion) {
	types := l.app().Types()
	if slices.ContainsFunc(types, l.facts.hasTerminal) {
		all = append(all, l.runs.terminals.followSize())
	}
	if slices.ContainsFunc(types, func(typ string) bool { return !l.facts.hasTerminal(typ) }) {
		go signal.Notify(signals, terminal.ResizeSignal) // which takes a change of threads
	}
	if instance := l.facts.attached(); instance != "" {
		all = append(all, keyPump{l.runs.terminals, instance, l.answers}.run)
	}
	return all
}

// releaseSpec is the one instance of a release. It is never started again.
func releaseSpec(o *settings.Options) supervisor.Spec {
	return supervisor.Spec{
		Name: procfile.InstanceName(procfile.Release, 1), Type: procfile.Release,
		Stop: o.StopSignal.Of(procfile.Release), Grace: o.Timeout.Of(procfile.Release),
		StopCommand: o.StopCommand[procfile.Release] != "",
	}
}

// runRelease runs the release entry to completion, and reports whether to go on.
func (l *launcher) runRelease(c supervisor.Config) (exitCode int, goOn bool) {
	c.Report = func(r supervisor.Report) {
		if r.Kind != supervisor.FormationStopping || r.Instance == "" {
			l.report(r)
		}
	}
	s := l.phase.enter(released, c)
	exitCode = s.Run()
	l.phase.why = releaseEnd(exitCode, s.Asked())
	if exitCode != 0 {
		l.mux.Notice(output.Notice{Event: "release-failed", Text: "release failed: nothing else is started", Failure: true})
	}
	return exitCode, exitCode == 0 && !s.Asked()
}

// guard starts the formation's guardian. PID 1 needs none: with it everything in its PID
// namespace ends.
func (l *launcher) guard() (*supervisor.Guardian, error) {
	if os.Getpid() == 1 {
		return nil, nil
	}
	return supervisor.StartGuardian(l.facts.id)
}

// sayBefore says what is worth knowing before anything starts.
func sayBefore(l *launcher) {
	say := func(n output.Notice) {
		l.mux.Notice(n)
		if IsDetached() {
			diag.Warn(n.Text) // nobody sees the log yet
		}
	}
	if chosen := l.app().Chosen; chosen != nil {
		say(choiceNotice(*chosen))
	}
	if missing := l.app().Missing(); len(missing) > 0 {
		say(warningNotice(app.MissingText(missing)))
	}
	if !l.facts.options().NoHints {
		if !terminal.Available() && slices.ContainsFunc(l.app().Types(), l.facts.wantsTerminal) {
			l.mux.Notice(output.Notice{Event: "hint", Text: noTerminals + ": processes write to pipes"})
		}
		for _, p := range l.app().EnvDoubts() {
			say(output.Notice{Event: "hint", Text: p.Error()})
		}
		for _, p := range l.app().ForeignSettings() {
			say(output.Notice{Event: "hint", Text: p.Error()})
		}
	}
	for _, text := range l.facts.options().Ignored {
		say(warningNotice(text))
	}
	for _, p := range l.app().LossProblems() {
		say(warningNotice(p.Error()))
	}
	for _, c := range l.app().Conflicts() {
		say(conflictNotice(c))
	}
	for _, typ := range l.app().HeldTypes() {
		l.mux.Notice(listeningNotice(l.facts.label("", typ), l.sockets.of[typ].At()))
	}
	now := time.Now()
	for _, d := range l.app().Dues(now) {
		l.mux.Notice(dueNotice(l.facts.label("", d.Type), d, now))
	}
	for _, t := range l.app().TakenPorts(l.app().Instances()) {
		l.runs.crashes.portTaken(t)
		say(portNotice(l.facts.label(t.Instance, t.Type), t.Owner))
	}
}
