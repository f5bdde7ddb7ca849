// Package live runs a formation: it joins what the app says to the supervisor, the log, the
// socket and the terminal, from the wait for services to the last line of the log.
//
// The supervisor decides, in a goroutine of its own, the loop. What belongs to a run (its
// streams, its terminal, who is attached to it) is touched only by the loop; everybody else
// asks the loop to do it. The backend answers requests from the socket.
package live

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/env/service"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// Config is what a formation needs to know besides the app.
type Config struct {
	Version           string         // of reeve
	Signals, Children chan os.Signal // as [Subscribe] gives them
}

// Run joins the app, the supervisor, the log and the socket, and runs them to the end.
func Run(a *app.App, with Config) (exitCode int) {
	o, signals, children := a.Settings, with.Signals, with.Children
	l := newLauncher(a)
	// Before there is anything that reeve would leave behind if it were killed.
	guardian, guardianErr := l.guard()
	guardian.KeepSockets(control.Places(a.Root))
	socket, socketErr := control.Listen(a.Root)
	if text := refusal(socketErr); text != "" {
		guardian.Close()
		return diag.Fail(diag.ExitFailure, "%s", text)
	}
	if err := l.openLog(o); err != nil { // the guardian removes the socket
		return diag.Fail(diag.ExitFailure, "cannot start the log: %w", err)
	}
	if guardianErr != nil {
		l.mux.Notice(unguardedNotice(guardianErr))
	}
	if socketErr == nil {
		b := &backend{launcher: l, began: time.Now(), version: with.Version}
		server := control.Serve(socket, b)
		defer func() {
			b.keep(exitCode, socket)
			server.Close(exitCode)
		}()
	} else if !o.NoHints {
		l.mux.Notice(noSocketNotice(socketErr))
	}
	keyboard, err := l.handOver(guardian)
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot take the keyboard: %w", err)
	}
	if keyboard != nil {
		defer keyboard.giveBack()
	}
	l.hearSize(signals)
	l.processes = &supervisor.Processes{Begin: l.begin, Formation: l.facts.id, Recheck: children, Guardian: guardian, Report: l.report}
	exitCode = l.run(o, supervisor.Config{
		System: system{l.processes, keyboard, l.runs.inputs, &heldEnds{launcher: l, again: children}}, Signals: signals, Children: children,
		Report: l.report, Probe: l.awaitReady, WasReady: l.hadLine,
	})
	l.end(exitCode, signals)
	return exitCode
}

// newLauncher makes the launcher of an app's formation.
func newLauncher(a *app.App) *launcher {
	o := a.Settings
	return &launcher{
		facts: facts{
			options: o, id: rand.Text(), places: places(a.Procfile.Types()),
			screen: console.IsTerminal(os.Stdout) || IsDetached(),
			split:  o.LogFormat == "json",
			quiet:  o.QuietTypes(),
		},
		runs: runs{
			inputs: inputs{}, terminals: newTerminals(a, o),
			streams: map[string][]*output.Stream{}, environs: map[string]env.Environ{}, bare: map[*env.Env]env.Environ{},
		},
		app: a, phase: newPhase(),
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

// end ends the processes that are left, and the log.
func (l *launcher) end(exitCode int, signals <-chan os.Signal) {
	l.processes.Close()
	l.sayWhy(exitCode)
	l.endLog(signals)
	if IsDetached() && !l.phase.up.Load() {
		l.sayFailure()
	}
}

// awaitServices waits for the services that are asked for.
func (l *launcher) awaitServices(signals <-chan os.Signal) error {
	o := l.facts.options
	services, _ := l.app.Services(o.WaitFor) // checked already
	if len(services) == 0 {
		return nil // and every signal is for the formation
	}
	return UntilAsked(l.phase.asked, signals, func(ctx context.Context) error {
		return service.Wait{Within: o.WaitTimeout, Say: func(text string, since time.Duration) time.Duration {
			l.sayLife(text, since)
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
	err := l.awaitServices(c.Signals)
	l.mux.Status("")
	if errors.As(err, new(Interrupted)) || err != nil && l.phase.asked.Err() != nil {
		return diag.ExitOK
	}
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if !o.NoHints {
		defer l.accompany(hintTyping)()
	}
	if o.Release {
		c.Instances = []supervisor.Spec{releaseSpec(o)}
		if code, goOn := l.runRelease(c); !goOn {
			return code
		}
	}
	c.Instances = l.specs()
	s := l.phase.enter(formed, c)
	defer l.accompany(l.companions()...)()
	return s.Run()
}

// companions are those of the formation itself.
func (l *launcher) companions() (all []companion) {
	if o := l.facts.options; !o.NoHints && !o.NoPort {
		all = append(all, hintPorts)
	}
	if IsDetached() {
		all = append(all, reportUp)
	}
	return all
}

// releaseSpec is the one instance of a release. It is never started again.
func releaseSpec(o *settings.Options) supervisor.Spec {
	return supervisor.Spec{
		Name: procfile.InstanceName(procfile.Release, 1), Type: procfile.Release,
		Stop: o.StopSignal.Of(procfile.Release), Grace: o.Timeout.Of(procfile.Release),
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
	if missing := l.app.Missing(); len(missing) > 0 {
		say(warningNotice(app.MissingText(missing)))
	}
	if !l.facts.options.NoHints {
		for _, p := range l.app.EnvDoubts() {
			say(output.Notice{Event: "hint", Text: p.Error()})
		}
		for _, p := range l.app.ForeignSettings() {
			say(output.Notice{Event: "hint", Text: p.Error()})
		}
	}
	for _, text := range l.facts.options.Ignored {
		say(warningNotice(text))
	}
	for _, p := range l.app.LossProblems() {
		say(warningNotice(p.Error()))
	}
	for _, c := range l.app.Conflicts() {
		say(conflictNotice(c))
	}
	l.runs.crashes.taken = map[string]int{}
	for _, t := range l.app.TakenPorts() {
		l.runs.crashes.taken[t.Instance] = t.Port
		say(portNotice(l.label(t.Instance, t.Type), t.Owner))
	}
}

// places numbers the process types.
func places(types []string) map[string]int {
	places := map[string]int{}
	for i, t := range types {
		places[t] = i
	}
	return places
}
