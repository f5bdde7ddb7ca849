package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/supervisor/control"
)

// connect reads the command line of a command that talks to a running formation, and
// finds that formation. Its arguments are checked first: what is wrong with them is wrong whatever
// runs. No client: there is nothing left to do but to exit with the code.
func connect(command string, args []string, check func(words []string) error) (c *control.Client, o *settings.Options, rest []string, exitCode int) {
	o, rest, exitCode = parse(command, args)
	if o == nil {
		return nil, nil, nil, exitCode
	}
	if err := check(rest); err != nil {
		return nil, nil, nil, diag.FailWith(diag.ExitUsage, err)
	}
	c, exitCode = connected(command, o, rest)
	return c, o, rest, exitCode
}

// connected finds the formation that a command is to talk to.
func connected(command string, o *settings.Options, words []string) (c *control.Client, exitCode int) {
	c, err := dialFormation(o.Place)
	if show, ok := lastViews[command]; ok && errors.Is(err, control.ErrNotRunning) {
		if l := lastFormation(o.Place); l != nil {
			return nil, show(l, o, words, err)
		}
	}
	switch {
	case errors.As(err, new(place.Untrusted)):
		return nil, diag.FailWith(diag.ExitUsage, err)
	case err != nil:
		return nil, diag.FailWith(diag.ExitFailure, err)
	}
	return c, diag.ExitOK
}

// anyNames allows any names: without one, the command is about all instances.
func anyNames([]string) error { return nil }

// dialFormation finds the formation that is asked for, else the one that runs in the
// current directory or the nearest one above it, but not above the next Procfile: what
// runs there is another app.
func dialFormation(at place.Place) (*control.Client, error) {
	if at.Root != "" || at.Procfile != "" {
		root := at.Dir(at.Procfile)
		return dialRoot(root, root)
	}
	dirs, err := place.Upwards()
	if err != nil {
		return nil, err
	}
	here := dirs[0]
	for _, dir := range dirs {
		_, noProcfile := os.Stat(filepath.Join(dir, place.Procfile))
		if noProcfile == nil {
			if err := place.CheckTrust(dir, here); err != nil {
				return nil, err
			}
		}
		c, err := dialRoot(dir, place.Shorten(dir, here))
		if !errors.Is(err, control.ErrNotRunning) || noProcfile == nil {
			return c, err
		}
	}
	return nil, notRunning("here or above")
}

// dialRoot finds the formation of the app in a root, which messages call by a name. There is a
// client also of one that is suspended.
func dialRoot(root, name string) (*control.Client, error) {
	c, err := control.Dial(root)
	var suspended control.SuspendedError
	switch {
	case err == nil:
		return c, nil
	case errors.As(err, &suspended):
		return c, isSuspended{suspended}
	case name == ".":
		return nil, notRunning("here")
	}
	return nil, notRunning("in " + name)
}

// untilInterrupted ends with the first Ctrl-C, so that what a command has changed is put
// right.
func untilInterrupted() (ctx context.Context, stop func()) {
	return signal.NotifyContext(context.Background(), os.Interrupt)
}

// tellOutcomes makes a request and says what becomes of it.
func tellOutcomes(ask func(ctx context.Context, tell func(control.Outcome)) error) (exitCode int) {
	any := false
	err := ask(context.Background(), func(o control.Outcome) {
		any = true
		text := strings.TrimPrefix(o.Instance+" "+o.Text, " ")
		if o.OK {
			say("%s", text)
			return
		}
		exitCode = diag.Fail(diag.ExitFailure, "%s", text)
	})
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if !any {
		say("nothing to change")
	}
	return exitCode
}
