package main

import (
	"errors"
	"os"
	"syscall"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/live"
	"reeve/cmd/reeve/internal/settings"
	"reeve/cmd/reeve/internal/slot"
	"reeve/internal/moments"
	"reeve/internal/stack"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// start runs the formation in the foreground.
func start(args []string) (exitCode int) {
	ready := live.GetReady()
	o, types, err := settings.Parse("start", args)
	moments.Passed("settings")
	if errors.Is(err, settings.ErrHelp) {
		ready.Withdraw() // it may be more than its reader takes
		return help([]string{"start"})
	}
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	if o.Detach && !live.IsDetached() {
		return detach(args)
	}
	if live.IsDetached() {
		live.TakeReport()
		if isRunning(o.Place) {
			ready.Withdraw()
			return join(o, types)
		}
	}
	a, err := loadUnlessStopped(o, types, ready.Signals)
	if errors.As(err, new(live.Interrupted)) {
		return diag.ExitOK
	}
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	moments.Passed("load")
	if len(a.Settings.Attach) > 0 && !(console.IsTerminal(os.Stdin) && console.IsTerminal(os.Stdout)) {
		return diag.Fail(diag.ExitUsage, "--attach needs a terminal")
	}
	if len(a.Settings.Attach) > 0 && !terminal.Available() {
		return diag.Fail(diag.ExitUsage, "--attach needs a pseudo-terminal for the process, and this system has none")
	}
	with := live.Config{Version: buildVersion(), Ready: ready}
	with.Read = func(former *app.App) (*app.App, []string, error) { return readAgain(args, former) }
	if live.IsDetached() {
		with.Running = func() int { // somebody was faster
			ready.Withdraw()
			return join(o, types)
		}
	}
	return live.Run(a, with)
}

// loadUnlessStopped loads the app unless a signal asks to stop meanwhile, since a file
// may be a terminal or a pipe into which nobody writes. Other signals stay for later.
func loadUnlessStopped(o *settings.Options, types []string, signals chan os.Signal) (*app.App, error) {
	type loaded struct {
		app *app.App
		err error
	}
	done := make(chan loaded, 1)
	go func() {
		stack.Of8K()
		a, err := app.Load(o, app.Request{Only: types, Ports: slot.Take})
		done <- loaded{a, err}
	}()
	var later []os.Signal
	for {
		select {
		case l := <-done:
			for _, sig := range later {
				select {
				case signals <- sig:
				default: // so many have come since
				}
			}
			return l.app, l.err
		case sig := <-signals:
			if n, ok := sig.(syscall.Signal); ok && supervisor.AsksToStop(n) {
				return nil, live.Interrupted(n)
			}
			later = append(later, sig)
		}
	}
}
