package main

import (
	"io"
	"os"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/cmd/reeve/internal/variables"
	"reeve/env"
)

// printEnv prints which variables the app gets and where each comes from.
func printEnv(args []string) (exitCode int) {
	o, types, exitCode := parse("env", args)
	if o == nil {
		return exitCode
	}
	switch {
	case o.Format != "text" && !o.ShowValues:
		return diag.Fail(diag.ExitUsage, "--format %s prints values: add --show-values", o.Format)
	case len(types) > 1:
		return diag.Fail(diag.ExitUsage, "env takes one process type")
	}
	a, err := app.LoadForOneOff(o, app.Request{Only: types, AsksRunning: true})
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	warnOf(a)
	vars := variables.List(a.Env, runningVariables(a))
	if len(types) == 1 {
		if err := a.KnowsTypes("env", types); err != nil {
			return diag.FailWith(diag.ExitUsage, err)
		}
		vars = variables.List(a.EnvOf(types[0]), a.Assigned(types[0], types[0]+".1"))
	}
	nameRunning(a, vars)
	return printVariables(o.Printing, vars)
}

// printVariables writes them in the requested format.
func printVariables(o settings.Printing, vars []variables.Variable) (exitCode int) {
	text, left := variables.Text(vars, o.Format, o.ShowValues)
	for _, why := range left {
		diag.Warn(why)
	}
	if _, err := io.WriteString(os.Stdout, text); err != nil {
		return diag.Fail(diag.ExitFailure, "cannot write the environment: %w", diag.Reason(err))
	}
	return diag.ExitOK
}

// runningVariables are the assigned ones that say where the running formation listens.
func runningVariables(a *app.App) env.Environ {
	if a.Running == nil {
		return nil
	}
	return a.Assigned("", app.RunName).Only(app.IsPortKey)
}

// nameRunning names the running formation as the source of its ports.
func nameRunning(a *app.App, vars []variables.Variable) {
	for i, v := range vars {
		if a.Running != nil && v.Source == variables.Assigned && app.IsPortKey(v.Key) {
			vars[i].Source = app.FormationText(a.Running.Pid)
		}
	}
}
