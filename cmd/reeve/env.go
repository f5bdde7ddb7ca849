package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/pattern"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
)

// variable is one line of what reeve env says.
type variable struct {
	key, value string
	source     string   // the layer that won
	losers     []string // the others that have the key
}

// assignedSource is the name of the layer that reeve itself is.
const assignedSource = "reeve"

// printEnv says which variables the app gets and where each comes from.
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
	vars := variables(a.Env, runningVariables(a))
	if len(types) == 1 {
		if err := a.KnowsTypes("env", types); err != nil {
			return diag.FailWith(diag.ExitUsage, err)
		}
		vars = variables(a.EnvOf(types[0]), a.Assigned(types[0], types[0]+".1"))
	}
	nameRunning(a, vars)
	return printVariables(o.Printing, vars)
}

// variables lists the environment with what reeve assigns on top of it, sorted.
func variables(e *env.Env, assigned env.Environ) []variable {
	var vars []variable
	for _, key := range e.Keys() {
		value, _ := e.Lookup(key)
		source, _ := e.Source(key)
		v := variable{key: key, value: value, source: source.Winner.String()}
		for _, loser := range source.Losers {
			v.losers = append(v.losers, loser.String())
		}
		vars = append(vars, v)
	}
	for key, value := range assigned.All() {
		v := variable{key: key, value: value, source: assignedSource}
		if i := slices.IndexFunc(vars, func(v variable) bool { return v.key == key }); i >= 0 {
			v.losers = append([]string{vars[i].source}, vars[i].losers...)
			vars = slices.Delete(vars, i, i+1)
		}
		vars = append(vars, v)
	}
	slices.SortFunc(vars, func(a, b variable) int { return strings.Compare(a.key, b.key) })
	return vars
}

// printVariables writes them in the form that is asked for.
func printVariables(o settings.Printing, vars []variable) (exitCode int) {
	text := textOf
	switch o.Format {
	case "json":
		text = jsonOf
	case "dotenv":
		text = dotenvOf
	case "shell":
		text = shellOf
	}
	if _, err := io.WriteString(os.Stdout, text(vars, o)); err != nil {
		return diag.Fail(diag.ExitFailure, "cannot write the environment: %w", diag.Reason(err))
	}
	return diag.ExitOK
}

// textOf is the form for people.
func textOf(vars []variable, o settings.Printing) string {
	width := 0
	for _, v := range vars {
		width = max(width, len(v.key))
	}
	var b strings.Builder
	for _, v := range vars {
		fmt.Fprintf(&b, "%-*s  ", width, v.key)
		if o.ShowValues {
			fmt.Fprintf(&b, "= %q  ", v.value)
		}
		b.WriteString("from " + v.source)
		if len(v.losers) > 0 {
			b.WriteString(", not " + strings.Join(v.losers, ", "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// jsonOf is one object. JSON holds text only.
func jsonOf(vars []variable, _ settings.Printing) string {
	values := map[string]string{}
	for _, v := range vars {
		if !utf8.ValidString(v.key) || !utf8.ValidString(v.value) {
			leftOut(v.key, "json", "it is not UTF-8")
			continue
		}
		values[v.key] = v.value
	}
	var b strings.Builder
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	_ = out.Encode(values) // texts can always be encoded
	return b.String()
}

// The keys that the readers of the other formats understand, and those that bash lets
// nobody set.
var (
	dotenvKey = pattern.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	readOnly  = pattern.New(`^(UID|EUID|PPID|SHELLOPTS|BASHOPTS|BASH_VERSINFO)$`)
)

// shellOf is a script.
func shellOf(vars []variable, _ settings.Printing) string {
	var b strings.Builder
	for _, v := range vars {
		switch {
		case !app.ShellKey().MatchString(v.key):
			leftOut(v.key, "shell", "shells do not allow such names")
		case readOnly().MatchString(v.key):
			leftOut(v.key, "shell", "bash does not let it be set")
		default:
			b.WriteString(shellLine(v) + "\n")
		}
	}
	return b.String()
}

// shellLine is an assignment as every POSIX shell reads it.
func shellLine(v variable) string {
	return "export " + v.key + "='" + strings.ReplaceAll(v.value, "'", `'\''`) + "'"
}

// dotenvOf is an env file.
func dotenvOf(vars []variable, _ settings.Printing) string {
	var b strings.Builder
	for _, v := range vars {
		switch {
		case !dotenvKey().MatchString(v.key):
			leftOut(v.key, "dotenv", "env files do not allow such names")
		case !utf8.ValidString(v.value):
			leftOut(v.key, "dotenv", "it is not UTF-8")
		default:
			b.WriteString(dotenvLine(v) + "\n")
		}
	}
	return b.String()
}

// plainValue is one that every dotenv reader takes as it stands.
var plainValue = pattern.New(`^[A-Za-z0-9_./:@%+,-]*$`)

// dotenvLine is an assignment as reeve and, wherever there is a form for that, godotenv
// reads it. Single quotes are the safest, but cannot hold everything, and godotenv
// takes a backslash in front of a closing quote for an escape.
func dotenvLine(v variable) string {
	single := v.key + "='" + v.value + "'"
	double := v.key + `="` + strings.NewReplacer(
		`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`", "\n", `\n`, "\r", `\r`,
	).Replace(v.value) + `"`
	bare := v.key + "=" + v.value
	switch {
	case plainValue().MatchString(v.value):
		return bare
	case !strings.ContainsAny(v.value, "'\\\n\r"):
		return single
	}
	for _, form := range []string{double, single, bare} {
		alone, err := godotenv.Unmarshal(form)
		vars, ourErr := env.Parse("", []byte(form), env.Scope{})
		if err == nil && ourErr == nil && len(alone) == 1 && len(vars) == 1 && alone[v.key] == v.value && vars[0].Value == v.value {
			return form
		}
	}
	return double
}

// runningVariables are the assigned ones that say where the running formation listens.
func runningVariables(a *app.App) env.Environ {
	if a.Running == nil {
		return nil
	}
	return a.Assigned("", app.RunName).Only(app.IsPortKey)
}

// nameRunning names the running formation as the source of its ports.
func nameRunning(a *app.App, vars []variable) {
	for i, v := range vars {
		if a.Running != nil && v.source == assignedSource && app.IsPortKey(v.key) {
			vars[i].source = app.FormationText(a.Running.Pid)
		}
	}
}
