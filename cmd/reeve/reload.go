package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/http1"
	"reeve/supervisor/control"
)

// reload has the running formation read its files again.
func reload(args []string) (exitCode int) {
	c, o, _, exitCode := connect("reload", args, func(words []string) error {
		if len(words) > 0 {
			return fmt.Errorf("reload takes no arguments: reeve restart %s restarts instances", words[0])
		}
		return nil
	})
	if c == nil {
		return exitCode
	}
	any := false
	err := c.Reload(context.Background(), control.Reload{DryRun: o.DryRun}, func(out control.Outcome) {
		any = any || out.Instance != "" || out.Applied
		text := strings.TrimPrefix(out.Instance+" "+out.Text, " ")
		if out.OK {
			say("%s", text)
			return
		}
		exitCode = diag.Fail(diag.ExitFailure, "%s", text)
	})
	var refused control.Error
	switch {
	case errors.As(err, &refused) && refused.Status == http1.Unprocessed:
		for line := range strings.SplitSeq(refused.Text, "\n") {
			diag.FailWith(diag.ExitUsage, errors.New(line))
		}
		return diag.ExitUsage
	case err != nil:
		return diag.FailWith(diag.ExitFailure, err)
	}
	if !any {
		say("nothing to change")
	}
	return exitCode
}

// readAgain reads the app of a start again while it runs, with the arguments of that start.
func readAgain(args []string, former *app.App) (a *app.App, lasting []string, err error) {
	if err := former.CannotReload(); err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(former.Root); err != nil {
		return nil, nil, fmt.Errorf("the root is gone: %w", err)
	}
	o, types, err := settings.Parse("start", args)
	if err != nil {
		return nil, nil, err
	}
	lasting = o.KeepLasting(former.Settings)
	a, err = app.Load(o, app.Request{Only: types, Former: former})
	if err != nil {
		return nil, nil, err
	}
	if a.MovesBase(former) {
		lasting = append(lasting, "PORT")
	}
	return a, lasting, a.SameRoot(former)
}
