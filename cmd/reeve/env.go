package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"
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
	o, types, err := parseOptions("env", args)
	if errors.Is(err, pflag.ErrHelp) {
		return help([]string{"env"})
	}
	if err == nil && o.format != "text" && !o.showValues {
		err = errorf("--format %s prints values: say --show-values too", o.format)
	}
	if err == nil && len(types) > 1 {
		err = errorf("env takes one process type")
	}
	if err != nil {
		return failWith(exitUsage, err)
	}
	o.types = types
	a, err := loadForOneOff(o)
	if err != nil {
		return failWith(exitUsage, err)
	}
	vars := a.variables(nil)
	if len(types) == 1 {
		if err := a.knowsTypes("env", types); err != nil {
			return failWith(exitUsage, err)
		}
		vars = a.variables(a.assigned(types[0], types[0]+".1"))
	}
	return printVariables(o, vars)
}

// variables lists the environment with what reeve assigns on top of it, sorted.
func (a *app) variables(assigned []string) []variable {
	var vars []variable
	for _, key := range a.env.Keys() {
		value, _ := a.env.Lookup(key)
		source, _ := a.env.Source(key)
		v := variable{key: key, value: value, source: source.Winner.String()}
		for _, loser := range source.Losers {
			v.losers = append(v.losers, loser.String())
		}
		vars = append(vars, v)
	}
	for _, entry := range assigned {
		key, value, _ := strings.Cut(entry, "=")
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
func printVariables(o *options, vars []variable) (exitCode int) {
	switch o.format {
	case "json":
		return printJSON(vars)
	case "dotenv":
		return printLines(vars, dotenvKey, dotenvLine)
	case "shell":
		return printLines(vars, shellKey, shellLine)
	}
	width := 0
	for _, v := range vars {
		width = max(width, len(v.key))
	}
	for _, v := range vars {
		line := fmt.Sprintf("%-*s  ", width, v.key)
		if o.showValues {
			line += "= " + strconv.Quote(v.value) + "  "
		}
		line += "from " + v.source
		if len(v.losers) > 0 {
			line += ", not " + strings.Join(v.losers, ", ")
		}
		fmt.Println(line)
	}
	return exitOK
}

// printJSON writes one object. JSON holds text only.
func printJSON(vars []variable) (exitCode int) {
	values := map[string]string{}
	for _, v := range vars {
		if !utf8.ValidString(v.key) || !utf8.ValidString(v.value) {
			leftOut(v.key, "JSON", "it is not UTF-8")
			continue
		}
		values[v.key] = v.value
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(values); err != nil {
		return fail(exitFailure, "cannot write the environment: %w", err)
	}
	return exitOK
}

// The keys that the readers of the other formats understand.
var (
	dotenvKey = pattern(`^[A-Za-z_][A-Za-z0-9_.]*$`)
	shellKey  = pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// printLines writes one assignment a line.
func printLines(vars []variable, key func() *regexp.Regexp, line func(variable) string) (exitCode int) {
	for _, v := range vars {
		if !key().MatchString(v.key) {
			leftOut(v.key, "this format", "it has no such names")
			continue
		}
		fmt.Println(line(v))
	}
	return exitOK
}

// shellLine is an assignment as every POSIX shell reads it.
func shellLine(v variable) string {
	return "export " + v.key + "='" + strings.ReplaceAll(v.value, "'", `'\''`) + "'"
}

// plainValue is one that every dotenv reader takes as it stands.
var plainValue = pattern(`^[A-Za-z0-9_./:@%+,-]*$`)

// dotenvLine is an assignment as reeve and other dotenv readers read it. Single quotes
// are the safest of their three forms, but cannot hold everything.
func dotenvLine(v variable) string {
	switch {
	case plainValue().MatchString(v.value):
		return v.key + "=" + v.value
	case !strings.ContainsAny(v.value, "'\\\n\r"):
		return v.key + "='" + v.value + "'"
	}
	return v.key + `="` + strings.NewReplacer(
		`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`", "\n", `\n`, "\r", `\r`,
	).Replace(v.value) + `"`
}
