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
	"errors"
	"os"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/moments"
	"reeve/supervisor"
	"reeve/supervisor/control"
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
		stopServing := l.serve(socket, b)
		defer func() { stopServing(exitCode) }()
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
	supervisor.Prepare()
	moments.Passed("signals")
	exitCode = l.run(o, l.supervised(keyboard, with.Ready))
	l.phase.end()
	l.processes.Dismiss()
	b.sumUp(exitCode)
	moments.Passed("run to its end")
	l.end(exitCode, signals)
	moments.Passed("end of log")
	return exitCode
}

// serve answers whoever comes by the socket. What it returns ends that, and tells those who
// wait for it the exit code.
func (l *launcher) serve(socket *control.Listener, b *backend) (stop func(exitCode int)) {
	a, server := l.app(), control.Serve(socket, b)
	go socket.Tidy()
	return func(exitCode int) {
		awaitKept := b.keep(socket)
		l.processes.Close()
		// Whoever is told of the end may start the app again at once.
		l.sockets.remove()
		a.ReleasePorts()
		awaitKept()
		server.Close(exitCode)
	}
}

// supervised is what the supervisor works with, apart from the instances.
func (l *launcher) supervised(k *keyboard, ready *Readiness) supervisor.Config {
	ends := &pendingEnds{streams: l.runs.streams, prober: l.prober, log: l.mux, again: ready.Children}
	return supervisor.Config{
		System:  system{l.processes, k, l.runs.inputs, ends},
		Signals: ready.Signals, Children: ready.Children,
		Report: l.report, Attended: l.attended,
		Probe: l.prober.awaitReady, WasReady: l.prober.wasReady, Check: l.prober.check,
		Alarm: &supervisor.ClockAlarm{},
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

// guard starts the formation's guardian. PID 1 needs none: with it everything in its PID
// namespace ends.
func (l *launcher) guard() (*supervisor.Guardian, error) {
	if os.Getpid() == 1 {
		return nil, nil
	}
	return supervisor.StartGuardian(l.facts.id)
}
