package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/asjson"
)

// check reports everything that is wrong with the app at once. It starts nothing.
func check(args []string) (exitCode int) {
	o, types, exitCode := parse("check", args)
	if o == nil {
		return exitCode
	}
	// What is missing is reported line by line.
	a, err := app.Load(o, app.Request{Only: types, AsksRunning: true, MaybeMissing: true})
	if errors.As(err, new(place.Untrusted)) {
		return diag.FailWith(diag.ExitUsage, err)
	}
	problems := diag.In(err)
	if a != nil {
		o = a.Settings
	}
	for _, text := range o.Ignored {
		problems = append(problems, diag.Problem{Severity: diag.Warning, Message: text})
	}
	if a != nil {
		problems = a.Sorted(slices.Concat(problems, a.Problems(), a.ForeignSettings(), a.MissingProblems(o.Strict)))
	}
	if err := printProblems(o.Printing, a, problems); err != nil {
		return diag.Fail(diag.ExitFailure, "cannot print the problems: %w", err)
	}
	if slices.ContainsFunc(problems, diag.Problem.IsError) {
		return diag.ExitFailure
	}
	return diag.ExitOK
}

// printProblems writes them, or that all is well.
func printProblems(o settings.Printing, a *app.App, problems []diag.Problem) error {
	if o.Format == "json" {
		_, err := fmt.Print(asjson.Indented(append([]diag.Problem{}, problems...)))
		return err
	}
	for _, p := range problems {
		if _, err := fmt.Printf("%s%s: %s\n", p.Place(), p.Severity, p.Message); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(problems, diag.Problem.IsError) {
		return nil
	}
	_, err := fmt.Println(watchText(a) + dueText(a) + validText(a))
	return err
}

// dueText says, in lines of their own, what would run when.
func dueText(a *app.App) (text string) {
	now := time.Now()
	for _, d := range a.Dues(now) {
		text += app.DueText(d, now) + "\n"
	}
	return text
}

// watchText says, in lines of their own, what it takes to watch the files of what would run.
func watchText(a *app.App) (text string) {
	patterns, _ := a.WatchCounts()
	for _, p := range patterns {
		text += fmt.Sprintf("%s watches %s: %s in %s\n", p.Type, p.Glob, counted(p.Files, "file", "files"), counted(p.Directories, "directory", "directories"))
	}
	return text
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// validText says that an app is fine, what would run, and with which ports if they are not the
// app's own.
func validText(a *app.App) string {
	text := "valid:"
	for _, m := range a.Formation {
		if m.Count > 0 {
			text += fmt.Sprintf(" %s=%d", m.Type, m.Count)
		}
	}
	switch {
	case a.Running != nil:
		text += ", with the ports of " + app.FormationText(a.Running.Pid)
	case a.Chosen != nil:
		text += ", with " + app.ChoiceText(*a.Chosen)
	}
	return text
}
