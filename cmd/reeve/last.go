package main

import (
	"context"
	"os"
	"path/filepath"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/instances"
	"reeve/cmd/reeve/internal/past"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
)

// A formation that ends leaves its log and the states of its instances behind, for whoever
// asks afterwards why it ended: beside its socket, until the app's next formation begins.

// lastViews are the commands that can show a formation that has ended. The error is that
// none runs.
var lastViews = map[string]func(*past.Last, *settings.Options, []string, error) (exitCode int){"ps": psLast, "logs": logsLast}

// lastFormation finds what the formation that is asked for has left, as [dialFormation] finds
// one that runs; nil: nothing.
func lastFormation(at place.Place) *past.Last {
	if at.Root != "" || at.Procfile != "" {
		return past.Open(at.Dir(at.Procfile))
	}
	dirs, _ := place.Upwards()
	for _, dir := range dirs {
		l := past.Open(dir)
		if _, err := os.Stat(filepath.Join(dir, place.Procfile)); l != nil || err == nil {
			return l
		}
	}
	return nil
}

// psLast shows the instances as they were at the end. It still fails, since nothing runs: there
// are scripts that rely on that.
func psLast(l *past.Last, o *settings.Options, names []string, nothingRuns error) (exitCode int) {
	if err := instances.Check(names, l.Formation); err != nil {
		diag.FailWith(diag.ExitFailure, nothingRuns)
		return diag.FailWith(diag.ExitFailure, err)
	}
	v := &instances.View{JSON: o.JSON, Names: names}
	v.Show(l.Formation)
	diag.FailWith(diag.ExitFailure, nothingRuns)
	diag.Warn(past.LastText(l))
	return diag.ExitFailure
}

// logsLast shows what was written.
func logsLast(l *past.Last, o *settings.Options, names []string, _ error) (exitCode int) {
	if l.History == nil {
		return diag.Fail(diag.ExitFailure, "%s", past.NoHistoryText)
	}
	for _, name := range names {
		if err := l.MayHaveLog(name); err != nil {
			return diag.FailWith(diag.ExitFailure, err)
		}
	}
	asked := logQuery(o, names)
	if err := past.MayTellApart(asked, l.History, l.Formation.Groups); err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	query := past.Query(asked, l.Formation.Groups)
	query.Follow = false
	width := 0
	for _, i := range l.Formation.Instances {
		width = max(width, len(i.Name))
	}
	err := l.History.Write(context.Background(), query, past.Format(asked, width, l.Formation.Started), func(p []byte) error {
		_, err := os.Stdout.Write(p)
		return err
	})
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot write: %w", diag.Reason(err))
	}
	diag.Warn(past.LastText(l))
	return diag.ExitOK
}
