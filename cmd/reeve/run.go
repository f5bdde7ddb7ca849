package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/live"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/env/service"
	"reeve/supervisor"
)

// runOneOff runs an admin command in the app's environment: XII of the twelve factors.
func runOneOff(args []string) (exitCode int) {
	o, words, exitCode := parse("run", args)
	if o == nil {
		return exitCode
	}
	if len(words) == 0 {
		return diag.Fail(diag.ExitUsage, "run needs a command, as in: reeve run bin/console")
	}
	a, err := app.LoadForOneOff(o, app.Request{AsksRunning: true})
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	if err := a.IsOneType("run", words[0]); err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	if missing := a.Missing(); len(missing) > 0 {
		diag.Warn(app.MissingText(missing))
	}
	warnOf(a)
	if code := waitForOneOff(a, o.Services); code != diag.ExitOK {
		return code
	}
	c, err := oneOff(a, words)
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	if o.Init {
		return runInit(c, a.Settings.Spec(app.RunName, words[0]))
	}
	console.Restore()
	err = supervisor.Exec(c)
	code := supervisor.StartCode(err)
	var known app.Explained
	switch err = app.Explain(c, written(a, words), err); {
	case errors.As(err, &known):
		err = fmt.Errorf("%w: %s", err, known.Remedy)
	case errors.Is(err, supervisor.ErrNotFound) && a.Procfile == nil:
		err = fmt.Errorf("%w, and %s", err, noSuchTypeText(place.OtherProcfiles(a.Root)))
	}
	return diag.Fail(code, "cannot run %w", err)
}

// waitForOneOff waits for services. A signal ends the wait, and reeve, as it ends any
// program but PID 1, which the kernel protects from signals.
func waitForOneOff(a *app.App, o settings.Services) (exitCode int) {
	services, _ := a.Services(o.WaitFor) // checked already
	if len(services) == 0 {
		return diag.ExitOK
	}
	var signals chan os.Signal
	if os.Getpid() == 1 {
		signals = make(chan os.Signal, 1)
		signal.Notify(signals, supervisor.FormationSignals...)
		defer signal.Stop(signals)
	}
	said := false
	err := live.UntilAsked(context.Background(), signals, func(ctx context.Context) error {
		return service.Wait{Within: o.WaitTimeout, Say: func(text string, since time.Duration) time.Duration {
			said = true
			return live.WarnAgain(text, since)
		}}.For(ctx, services)
	})
	if said {
		live.WarnNoMore()
	}
	var sig live.Interrupted
	switch {
	case errors.As(err, &sig):
		return 128 + int(sig)
	case err != nil:
		return diag.FailWith(diag.ExitFailure, err)
	}
	return diag.ExitOK
}

// runInit stays as the command's parent and reaps orphans.
func runInit(c *supervisor.Command, s supervisor.Spec) (exitCode int) {
	signals := make(chan os.Signal, 64)
	g, err := guardCommand(c, s)
	if err != nil {
		diag.Warn(live.UnguardedText(err))
	}
	console.Restore()
	status := supervisor.Init(c, s, signals, g)
	if status.Err != nil {
		return diag.Fail(status.ExitCode(), "cannot run %w", status.Err)
	}
	return status.ExitCode()
}

// guardCommand starts a guardian for the command, as for a formation of it alone.
func guardCommand(c *supervisor.Command, s supervisor.Spec) (*supervisor.Guardian, error) {
	if os.Getpid() == 1 {
		return nil, nil
	}
	formation := rand.Text()
	c.Env = env.Environ(c.Env).With(supervisor.Marker(formation, s.Name))
	return supervisor.StartGuardian(formation)
}

// oneOff is the command that some words on the command line ask for. A first word that
// names a process type stands for that type's command; but with further words it does so
// only where no such program exists, so that rails console is not what rails runs.
func oneOff(a *app.App, words []string) (*supervisor.Command, error) {
	c := &supervisor.Command{
		Args: words, Dir: a.Root, Env: a.Env.Environ().With(a.Assigned("", app.RunName)...),
		Files: [3]*os.File{os.Stdin, os.Stdout, os.Stderr},
	}
	entry, isType := a.Lookup(words[0])
	if isType && (len(words) == 1 || !isProgram(c)) {
		of, err := a.CommandWith(entry, a.EnvOf(entry.Type).Environ().With(a.Assigned(entry.Type, app.RunName)...), words[1:])
		of.Files = c.Files
		return of, err
	}
	return c, nil
}

// written is the text in which the program of a one-off is named.
func written(a *app.App, words []string) string {
	if entry, ok := a.Lookup(words[0]); ok {
		return entry.Command
	}
	return words[0]
}

// isProgram reports whether a command can be found.
func isProgram(c *supervisor.Command) bool {
	_, err := c.LookPath()
	return err == nil
}

// warnOf says on standard error what a command other than start has to say about the
// environment that it makes.
func warnOf(a *app.App) {
	for _, text := range a.Settings.Ignored {
		diag.Warn(text)
	}
	for _, p := range a.LossProblems() {
		diag.WarnAt(p)
	}
}
