package main

import (
	"errors"
	"fmt"
	"os"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/past"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/cmd/reeve/internal/ui"
	"reeve/supervisor/control"
)

// showUI shows the running formation on a screen of its own.
func showUI(args []string) (exitCode int) {
	o, words, exitCode := parse("ui", args)
	if o == nil {
		return exitCode
	}
	if err := checkUI(words); err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	c, err := dialFormation(o.Place)
	switch {
	case errors.As(err, new(place.Untrusted)):
		return diag.FailWith(diag.ExitUsage, err)
	case c == nil:
		return diag.FailWith(diag.ExitFailure, err)
	}
	a := ui.App{
		Dial: func() (*control.Client, error) { return dialFormation(o.Place) },
		Last: func(pid int) string { return howEnded(o, pid) },
	}
	exitCode, err = ui.Run(a, c, err, !console.Colored(o.Color, true))
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot use this terminal: %w", err)
	}
	return exitCode
}

// checkUI reports what is wrong with the arguments of ui, or with where it runs.
func checkUI(words []string) error {
	const instead = "reeve logs -f follows the log, and reeve ps --watch the instances"
	switch {
	case len(words) > 0:
		return fmt.Errorf("ui takes no arguments: reeve logs -f %s follows the log of one", words[0])
	case !console.IsTerminal(os.Stdin) || !console.IsTerminal(os.Stdout):
		return errors.New("ui needs a terminal: " + instead)
	case os.Getenv("TERM") == "dumb":
		return errors.New("ui cannot draw on a terminal that is dumb (TERM=dumb): " + instead)
	}
	return nil
}

// howEnded says how the formation of a pid has ended; empty: nobody knows.
func howEnded(o *settings.Options, pid int) string {
	if l := lastFormation(o.Place); l != nil && (l.Formation.Pid == pid || pid == 0) {
		return past.EndText(l)
	}
	return ""
}
