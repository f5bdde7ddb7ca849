// Package live runs a formation: it joins what the app says to the supervisor, the log, the
// socket and the terminal, from the wait for services to the last line of the log.
//
// The supervisor decides, in a goroutine of its own, the loop. What belongs to a run (its
// streams, its terminal, who is attached to it) is touched by the loop alone; who comes from
// elsewhere asks the loop to do it. What answers the socket is the backend.
package live

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"syscall"
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

// How long the end of the log may wait for its reader: who takes nothing, and at all. The
// first makes reeve end within a second of the grace period.
const (
	logPatience = 800 * time.Millisecond
	logBound    = 10 * time.Second
)

// Config is what a formation needs to know besides the app.
type Config struct {
	Options           *settings.Options
	Version           string         // of reeve
	Signals, Children chan os.Signal // as [Subscribe] gives them
}

// Run joins the app, the supervisor, the log and the socket, and runs them to the end.
func Run(a *app.App, with Config) (exitCode int) {
	o, signals, children := with.Options, with.Signals, with.Children
	l := newLauncher(a, o)
	// Before there is anything that reeve would leave behind if it were killed.
	guardian, guardianErr := l.guard()
	guardian.KeepSocket(control.Place(a.Root))
	socket, socketErr := control.Listen(a.Root)
	if text := refusal(socketErr); text != "" {
		guardian.Close()
		return diag.Fail(diag.ExitFailure, "%s", text)
	}
	if err := l.openLog(o); err != nil {
		guardian.Close()
		return diag.Fail(diag.ExitFailure, "cannot begin the log: %w", err)
	}
	if guardianErr != nil {
		l.mux.Notice(unguardedNotice(guardianErr))
	}
	if socketErr == nil {
		b := &backend{launcher: l, began: time.Now(), signals: signals, version: with.Version}
		server := control.Serve(socket, b)
		defer func() {
			b.keep(exitCode, socket)
			server.Close(exitCode)
		}()
		guardian.KeepSocket(socket.Path())
	} else if !o.NoHints {
		l.mux.Notice(noSocketNotice(socketErr))
	}
	keyboard, err := l.handOver(guardian)
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot take the keyboard: %w", err)
	}
	if keyboard != nil {
		defer func() { keyboard.restore() }()
	}
	l.hearSize(signals)
	l.processes = &supervisor.Processes{Begin: l.begin, Formation: l.formation, Recheck: children, Guardian: guardian, Report: l.report}
	exitCode = l.run(o, supervisor.Config{
		System: system{l.processes, keyboard, l.inputs, &heldEnds{launcher: l, again: children}}, Signals: signals, Children: children,
		Report: l.report, Probe: l.awaitReady, WasReady: l.hadLine,
	})
	l.end(exitCode, signals)
	return exitCode
}

// newLauncher makes the launcher of an app's formation.
func newLauncher(a *app.App, o *settings.Options) *launcher {
	return &launcher{
		app: a, options: o, formation: rand.Text(), places: places(a.Procfile.Types()),
		screen:  console.IsTerminal(os.Stdout) || IsDetached(),
		split:   o.LogFormat == "json",
		quiet:   o.QuietTypes(),
		inputs:  inputs{},
		bare:    map[*env.Env]env.Environ{},
		streams: map[string][]*output.Stream{}, environs: map[string]env.Environ{},
		terminals: newTerminals(a, o),
	}
}

// refusal says why nothing is started without a socket; empty: it is.
func refusal(socketErr error) string {
	var running control.RunningError
	switch {
	case errors.As(socketErr, &running):
		return runningText(running)
	case socketErr != nil && IsDetached():
		return "cannot run in the background: cannot make a socket: " + diag.Reason(socketErr).Error()
	}
	return ""
}

// end ends the processes that are left, and the log.
func (l *launcher) end(exitCode int, signals <-chan os.Signal) {
	l.processes.Close()
	l.sayWhy(exitCode)
	l.endLog(signals)
	if IsDetached() && !l.up.Load() {
		l.sayFailure()
	}
}

// echoes is how long signals may come that are the first one once more: wrappers such as
// timeout forward what the terminal has sent to all.
const echoes = 250 * time.Millisecond

// endLog waits until the log is written, but not for ever: whoever sends another signal then
// has enough of waiting.
func (l *launcher) endLog(signals <-chan os.Signal) {
	ctx, cancel := context.WithTimeout(context.Background(), logBound)
	defer cancel()
	go func() {
		for began := time.Now(); ctx.Err() == nil; {
			select {
			case sig := <-signals:
				if n, ok := sig.(syscall.Signal); ok && supervisor.AsksToStop(n) && time.Since(began) > echoes {
					cancel()
				}
			case <-ctx.Done():
			}
		}
	}()
	if !l.mux.Close(ctx, logPatience) {
		logLost(ctx.Err())
	}
}

// openLog begins the log.
func (l *launcher) openLog(o *settings.Options) (err error) {
	screen := console.IsTerminal(os.Stdout)
	out := int(os.Stdout.Fd())
	if IsDetached() {
		out = -1
	}
	l.history = output.NewHistory(o.History)
	options := output.Options{
		Out: out, Terminal: screen, Format: logFormat(l.app, o, screen), History: l.history, Columns: console.Columns,
		Lifelines: lifelines(), Closed: func() { l.readerGone(screen) }, HungUp: l.terminalGone, Failed: logFailed,
	}
	if o.SaysApart(screen) && !IsDetached() {
		options.Apart = sayApart
	}
	l.mux, err = output.New(options)
	return err
}

// lifelines are the standard descriptors besides the log that are the terminal which reeve
// runs in the foreground of, or another session's, as behind su. The log may go to a program there, as in "| tee log", which does
// not end with the terminal.
func lifelines() (fds []int) {
	for _, f := range []*os.File{os.Stdin, os.Stderr} {
		if fd := int(f.Fd()); console.IsTerminal(f) && (supervisor.InForeground(fd) || supervisor.IsForeignTerminal(fd)) {
			fds = append(fds, fd)
		}
	}
	return fds
}

// readerGone is called when the log has no reader any more.
func (l *launcher) readerGone(screen bool) {
	if screen {
		l.terminalGone()
		return
	}
	l.stop("nobody reads the log any more")
}

// terminalGone counts as SIGHUP, which not everybody hands on: su keeps it to itself. Who was
// started to survive that, as by nohup, does.
func (l *launcher) terminalGone() {
	if !hupIgnored {
		l.stop("the terminal is gone")
	}
}

// run does what comes before the formation, then runs it.
func (l *launcher) run(o *settings.Options, c supervisor.Config) (exitCode int) {
	if IsDetached() {
		go l.reportUp()
	}
	sayBefore(l)
	services, _ := l.app.Services(o.WaitFor) // checked already
	err := UntilAsked(c.Signals, func(ctx context.Context) error {
		return service.Wait{Within: o.WaitTimeout, Say: func(text string, since time.Duration) time.Duration {
			l.sayLife(text, since)
			if console.IsTerminal(os.Stdout) {
				return lifeOnScreen
			}
			return service.SayAgain
		}}.For(ctx, services)
	})
	l.mux.Status("")
	if errors.As(err, new(Interrupted)) {
		return diag.ExitOK
	}
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if !o.NoHints {
		go l.hintTyping()
	}
	if o.Release {
		c.Instances = []supervisor.Spec{releaseSpec(o)}
		if code, goOn := l.runRelease(c); !goOn {
			return code
		}
	}
	if !o.NoHints && !o.NoPort {
		defer time.AfterFunc(hintAfter, l.hintPorts).Stop()
	}
	c.Instances = l.specs()
	s := l.supervise(c)
	l.main.Store(s)
	return s.Run()
}

// supervise makes the supervisor that the log's end stops.
func (l *launcher) supervise(c supervisor.Config) *supervisor.Supervisor {
	s := supervisor.New(c)
	l.running.Store(s)
	if why := l.closed.Load(); why != nil {
		l.stop(*why)
	}
	return s
}

// releaseSpec is the one instance of a release. It is never started again.
func releaseSpec(o *settings.Options) supervisor.Spec {
	return supervisor.Spec{
		Name: procfile.InstanceName(procfile.Release, 1), Type: procfile.Release,
		Stop: o.StopSignal.Of(procfile.Release), Grace: o.Timeout.Of(procfile.Release),
	}
}

// runRelease runs the release entry to completion, and says whether to go on.
func (l *launcher) runRelease(c supervisor.Config) (exitCode int, goOn bool) {
	c.Report = func(r supervisor.Report) {
		if r.Kind != supervisor.FormationStopping || r.Instance == "" {
			l.report(r)
		}
	}
	s := l.supervise(c)
	exitCode = s.Run()
	if exitCode != 0 {
		l.mux.Notice(output.Notice{Event: "release-failed", Text: "release failed: nothing else is started", Failure: true})
	}
	return exitCode, exitCode == 0 && !s.Asked()
}

// stop asks whatever runs to stop. It can be called from any goroutine.
func (l *launcher) stop(reason string) {
	l.closed.Store(&reason)
	if s := l.running.Load(); s != nil {
		s.Stop(reason)
	}
}

// guard starts the formation's guardian. PID 1 needs none: with it everything in its PID
// namespace ends.
func (l *launcher) guard() (*supervisor.Guardian, error) {
	if os.Getpid() == 1 {
		return nil, nil
	}
	return supervisor.StartGuardian(l.formation)
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
	if !l.options.NoHints {
		for _, p := range l.app.EnvDoubts(l.options) {
			say(output.Notice{Event: "hint", Text: p.Error()})
		}
		for _, text := range l.app.ForeignSettings(l.options) {
			say(output.Notice{Event: "hint", Text: text})
		}
	}
	for _, text := range l.options.Ignored {
		say(warningNotice(text))
	}
	for _, p := range l.app.LossProblems() {
		say(warningNotice(p.Error()))
	}
	for _, c := range l.app.Conflicts() {
		say(ConflictNotice(c))
	}
	l.crashes.taken = map[string]int{}
	for _, t := range l.app.TakenPorts() {
		l.crashes.taken[t.Instance] = t.Port
		say(portNotice(l.label(t.Instance, t.Type), t.Owner))
	}
}

// logFormat decides what the log looks like.
func logFormat(a *app.App, o *settings.Options, screen bool) output.Format {
	f := output.NewJSON()
	if o.LogFormat != "json" {
		f = output.NewText(textOptions(a, o, screen))
	}
	if !o.SaysOwn(screen) {
		f = output.WithoutNotices(f)
	}
	return f
}

// textOptions say what the log for people looks like.
func textOptions(a *app.App, o *settings.Options, screen bool) output.TextOptions {
	t := output.TextOptions{
		Terminal: screen,
		Columns:  console.Columns,
		Raw:      len(o.Attach) > 0, // see supervisor.TakeKeys
		Color:    console.Colored(o.Color, screen),
		Palette:  console.Palette(),
		NoPrefix: o.NoPrefix,
		Width:    widest(a, o),
	}
	if !o.NoTimestamp {
		t.Timestamps = output.NewClock(o.Timestamp, time.Now())
	}
	return t
}

// widest is the length of the longest name.
func widest(a *app.App, o *settings.Options) (width int) {
	for name := range a.Formation.Instances() {
		width = max(width, len(name))
	}
	if o.Release {
		width = max(width, len(releaseSpec(o).Name))
	}
	return width
}

// places numbers the process types.
func places(types []string) map[string]int {
	places := map[string]int{}
	for i, t := range types {
		places[t] = i
	}
	return places
}
