package main

import (
	"fmt"
	"os"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/exporting"
	"reeve/procfile"
	"reeve/procfile/export"
)

// exportApp writes the formation for another process manager.
func exportApp(args []string) (exitCode int) {
	o, words, exitCode := parse("export", args)
	if o == nil {
		return exitCode
	}
	format, location, err := exportTarget(words)
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	e, err := exporting.Prepare(o, format, location)
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	warnOf(e.App)
	for _, text := range e.Notices() {
		diag.Warn(text)
	}
	if location == exporting.Stdout {
		if _, err := os.Stdout.Write(e.Text()); err != nil {
			return diag.Fail(diag.ExitFailure, "cannot write the export: %w", diag.Reason(err))
		}
		return diag.ExitOK
	}
	plan, err := e.Plan()
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if o.DryRun {
		return showPlan(plan)
	}
	return carryOut(plan, e.Next())
}

// exportTarget reads the arguments of export.
func exportTarget(words []string) (f export.Format, location string, err error) {
	if len(words) != 2 {
		return f, "", fmt.Errorf("export needs a format and a location, as in: reeve export systemd /etc/systemd/system")
	}
	f, ok := export.Lookup(words[0])
	if !ok {
		return f, "", unknownFormat(words[0])
	}
	if words[1] == "" {
		return f, "", fmt.Errorf("the location is empty: name a directory, or - for standard output")
	}
	return f, words[1], nil
}

func unknownFormat(name string) error {
	var names []string
	for _, f := range export.Formats {
		names = append(names, f.Name)
	}
	return fmt.Errorf("unknown format %q: %s", name, procfile.Suggest(name, names, "must be one of "+strings.Join(names, ", ")))
}

// showPlan prints what an export would do.
func showPlan(plan exporting.Plan) (exitCode int) {
	if plan.IsEmpty() {
		say("nothing would change in %s", plan.Place())
	}
	fmt.Print(plan.Text())
	return diag.ExitOK
}

// carryOut writes the files, and prints what to do next.
func carryOut(plan exporting.Plan, next string) (exitCode int) {
	if err := plan.CarryOut(func(text string) { say("%s", text) }); err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if plan.IsEmpty() {
		say("nothing has changed in %s", plan.Place())
	}
	if next != "" {
		say("next: %s", next)
	}
	return diag.ExitOK
}
