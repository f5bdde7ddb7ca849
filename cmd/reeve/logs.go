package main

import (
	"context"
	"os"
	"slices"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/past"
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/supervisor/control"
)

// logs shows what the running formation has written.
func logs(args []string) (exitCode int) {
	c, o, names, exitCode := connect("logs", args, anyNames)
	if c == nil {
		return exitCode
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if o.Follow {
		go func() { awaitReaderGone(os.Stdout); stop() }()
	}
	if err := c.Logs(ctx, logQuery(o, names), os.Stdout); err != nil && ctx.Err() == nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	return diag.ExitOK
}

// logQuery is how the log is to look on this terminal.
func logQuery(o *settings.Options, names []string) control.LogQuery {
	screen := console.IsTerminal(os.Stdout)
	q := control.LogQuery{
		Names: names, Lines: o.Lines, Since: o.Since, Until: o.Until, Follow: o.Follow,
		Grep: o.Grep, Not: o.Not, Stderr: o.Stderr,
		JSON: o.JSON, NoPrefix: o.NoPrefix, Terminal: screen,
	}
	if !o.NoTimestamp {
		q.Timestamp = o.Timestamp
	}
	if console.Colored(o.Color, screen) {
		q.Color = past.BasicColors
		if slices.Equal(console.Palette(), output.Rich) {
			q.Color = past.RichColors
		}
	}
	return q
}
