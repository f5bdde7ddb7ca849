package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/instances"
	"reeve/cmd/reeve/internal/settings"
	"reeve/supervisor/control"
)

// This file is about all formations of a user, wherever they are: ps --all and quit --all.

// answerWithin is how long all of them together have to answer.
const answerWithin = 200 * time.Millisecond

// everywhere finds all formations.
func everywhere(ctx context.Context) []control.Found {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return control.Everywhere(ctx)
}

// checkAll reports what cannot be said of all formations.
func checkAll(command string, o *settings.Options, words []string) error {
	switch {
	case len(words) > 0:
		return fmt.Errorf("--all shows formations, not instances: leave %s out", words[0])
	case o.PlaceOnLine:
		return fmt.Errorf("%s --all is about every formation: leave --root and --procfile out", command)
	}
	return nil
}

// watchAll shows all formations, again and again if that is wanted.
func watchAll(ctx context.Context, v *instances.View, again bool) (exitCode int) {
	for {
		all := everywhere(ctx)
		if ctx.Err() != nil {
			return diag.ExitOK
		}
		if len(all) > 0 || v.JSON || again {
			v.ShowAll(all)
		} else {
			diag.Warn(nothingAnywhereText)
		}
		if !again || !lookAgain(ctx) {
			return diag.ExitOK
		}
	}
}

// quitAll stops all formations at the same time, and waits until nothing is left of them.
func quitAll() (exitCode int) {
	all := everywhere(context.Background())
	if len(all) == 0 {
		diag.Warn(nothingAnywhereText)
		return diag.ExitOK
	}
	type end struct {
		name string
		code int
		err  error
	}
	ends := make(chan end, len(all))
	var asked sync.WaitGroup
	for _, f := range all {
		asked.Go(func() {
			e := end{name: instances.RootText(f)}
			if e.err = cannotQuit(f); e.err == nil {
				e.code, e.err = f.Client().Quit(context.Background())
			}
			ends <- e
		})
	}
	go func() { asked.Wait(); close(ends) }()
	for e := range ends {
		switch {
		case e.err != nil:
			exitCode = diag.Fail(diag.ExitFailure, "%s: %w", e.name, e.err)
		case e.code != 0:
			exitCode = diag.Fail(diag.ExitFailure, "%s: %s", e.name, quitText(e.code))
		default:
			say("%s: %s", e.name, quitText(e.code))
		}
	}
	return exitCode
}

// cannotQuit says why there is no use in asking a formation to stop.
func cannotQuit(f control.Found) error {
	switch {
	case f.Suspended:
		return isSuspended{control.SuspendedError{Pid: f.Pid}}
	case f.Formation == nil:
		return errors.New(silentText(f.Pid))
	}
	return nil
}
