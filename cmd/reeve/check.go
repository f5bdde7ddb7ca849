package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"reeve/procfile"
)

// check says at once everything that is wrong with the app. It starts nothing.
func check(args []string) (exitCode int) {
	o, types, err := parseOptions("check", args)
	if errors.Is(err, pflag.ErrHelp) {
		return help([]string{"check"})
	}
	if err != nil {
		return failWith(exitUsage, err)
	}
	o.types = types
	a, err := loadApp(o)
	if errors.As(err, new(untrusted)) {
		return failWith(exitUsage, err)
	}
	problems := problemsIn(err)
	if a != nil {
		problems = a.sorted(append(problems, a.problems()...))
	}
	if err := printProblems(o, a, problems); err != nil {
		return fail(exitFailure, "cannot write what is wrong: %w", err)
	}
	if slices.ContainsFunc(problems, problem.isError) {
		return exitFailure
	}
	return exitOK
}

func (p problem) isError() bool { return p.Severity == isError }

// problems finds what does not keep the app from being loaded, in as much of it as could
// be.
func (a *app) problems() []problem {
	problems := slices.Concat(a.envProblems(), a.missingProblems())
	if a.procfile != nil {
		problems = slices.Concat(problems, a.manifestProblems(), a.typeProblems(), a.commandProblems(), a.portProblems())
	}
	return problems
}

// sorted puts problems in the order in which the files are read, and then of the lines.
// What is in no file comes last.
func (a *app) sorted(problems []problem) []problem {
	place := func(p problem) int {
		if p.File == "" {
			return len(a.files)
		}
		return slices.Index(a.files, p.File)
	}
	slices.SortStableFunc(problems, func(p, q problem) int {
		return cmp.Or(place(p)-place(q), p.Line-q.Line)
	})
	return problems
}

// envProblems are about env files that say what is probably not meant.
func (a *app) envProblems() []problem {
	var found []problem
	for _, w := range a.env.Warnings() {
		found = append(found, problem{w.Path, w.Line, isWarning, w.Text})
	}
	return found
}

// missingProblems are about config that is asked for and not there. Where an env file
// could not be read nobody knows.
func (a *app) missingProblems() []problem {
	if a.envUnread {
		return nil
	}
	var found []problem
	seen := map[requirement]bool{}
	for _, r := range a.missing() {
		once := requirement{key: r.key, file: r.file}
		if !seen[once] {
			found = append(found, problem{r.file, r.line, isError, missingKeyText(r.key)})
		}
		seen[once] = true
	}
	return found
}

// manifestProblems are about types of app.json that the Procfile does not have.
func (a *app) manifestProblems() []problem {
	var found []problem
	for _, r := range a.manifest.types {
		if _, ok := a.lookup(r.key); !ok {
			found = append(found, problem{r.file, r.line, isWarning, unknownTypeText(r.key, a.types())})
		}
	}
	return found
}

// label is what RFC 1123 makes of the labels of DNS, and Kubernetes of most names.
var label = pattern(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// typeProblems are about names that a platform refuses.
func (a *app) typeProblems() []problem {
	var found []problem
	for _, e := range a.procfile.Entries {
		if !label().MatchString(e.Type) {
			found = append(found, a.at(e, isWarning, noLabelText(e.Type)))
		}
	}
	return found
}

// at is a problem of a process type, on its line.
func (a *app) at(e procfile.Entry, s severity, text string) problem {
	return problem{a.procfile.Path, e.Line, s, text}
}

// portProblems are about ports on which somebody listens. That they exist has been
// checked: so there are not many.
func (a *app) portProblems() []problem {
	if a.checkPorts() != nil {
		return nil
	}
	var found []problem
	for _, t := range a.takenPorts() {
		e, _ := a.lookup(t.typ)
		found = append(found, a.at(e, isWarning, portText(t.instance, t.Owner)))
	}
	return found
}

// printProblems writes them, and what is fine if nothing is wrong.
func printProblems(o *options, a *app, problems []problem) error {
	if o.format == "json" {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(append([]problem{}, problems...))
	}
	for _, p := range problems {
		if _, err := fmt.Printf("%s%s: %s\n", p.place(), p.Severity, p.Message); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(problems, problem.isError) {
		return nil
	}
	_, err := fmt.Println(validText(a.formation))
	return err
}
