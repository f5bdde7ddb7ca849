package main

import (
	"errors"
	"os"
	"os/signal"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/remote"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// attach gives a process of the running formation this terminal.
func attach(args []string) (exitCode int) {
	c, _, names, exitCode := connect("attach", args, checkAttach)
	if c == nil {
		return exitCode
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, supervisor.FormationSignals...)
	defer terminal.NotifyResize(signals)()
	a, err := c.Attach(names[0], terminal.SizeOf(int(os.Stdout.Fd())))
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	defer func() { _ = a.Close() }()
	end, err := remote.Use(a, signals)
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot use this terminal: %w", err)
	}
	if end.Why != "" {
		diag.Warn(end.Why)
	}
	return end.Code
}

// checkAttach reports what is wrong with the arguments of attach, or with where it runs.
func checkAttach(names []string) error {
	switch {
	case len(names) != 1:
		return errors.New("attach needs one name, as in: reeve attach web")
	case !console.IsTerminal(os.Stdin) || !console.IsTerminal(os.Stdout):
		return errors.New("attach needs a terminal")
	}
	return nil
}
