package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"reeve/env"
	"reeve/procfile"
	"reeve/supervisor"
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
	o.types, o.asksRunning = types, true
	strict := o.strict
	o.strict = false // what is missing is said line by line
	a, err := loadApp(o)
	if errors.As(err, new(untrusted)) {
		return failWith(exitUsage, err)
	}
	problems := problemsIn(err)
	for _, text := range o.ignored {
		problems = append(problems, problem{Severity: isWarning, Message: text})
	}
	if a != nil {
		problems = a.sorted(slices.Concat(problems, a.problems(), a.missingProblems(strict)))
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
	problems := slices.Concat(a.doubts, a.envProblems())
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
	for _, e := range a.envs() {
		for _, w := range e.Warnings() {
			found = append(found, problem{w.Path, w.Line, isWarning, w.Text})
		}
	}
	for _, e := range a.envs() {
		for _, p := range longProblems(e) {
			if !slices.Contains(found, p) {
				found = append(found, p)
			}
		}
	}
	return found
}

// longProblems are about variables that no process can be given, and about all of them
// together.
func longProblems(e *env.Env) []problem {
	var found []problem
	environ := e.Environ()
	for _, entry := range environ {
		if text := (&supervisor.Command{Env: []string{entry}}).TooLong(); text != "" {
			key, _, _ := strings.Cut(entry, "=")
			source, _ := e.Source(key)
			found = append(found, problem{source.Winner.Layer, source.Winner.Line, isError, text})
		}
	}
	if text := (&supervisor.Command{Env: environ}).TooLong(); text != "" && len(found) == 0 {
		found = append(found, problem{Severity: isError, Message: text})
	}
	return found
}

// missingProblems are about config that is asked for and not there: an error where the
// app cannot do without, or where nothing is to start without. Where an env file could
// not be read nobody knows.
func (a *app) missingProblems(strict bool) []problem {
	if a.envUnread {
		return nil
	}
	var found []problem
	seen := map[requirement]bool{}
	for _, r := range a.missing() {
		s := isWarning
		if r.required || strict {
			s = isError
		}
		once := requirement{key: r.key, file: r.file}
		if !seen[once] {
			found = append(found, problem{r.file, r.line, s, missingKeyText(r.key)})
		}
		seen[once] = true
	}
	return found
}

// manifestProblems are about types of app.json that the Procfile does not have.
func (a *app) manifestProblems() []problem {
	var found []problem
	for _, r := range a.manifest.types {
		if _, ok := a.lookup(r.key); !ok && !slices.Contains(a.typesElsewhere(), r.key) {
			found = append(found, problem{r.file, r.line, isWarning, unknownTypeText(r.key, a.types())})
		}
	}
	return found
}

// label is what RFC 1123 makes of the labels of DNS, and Kubernetes of most names.
var label = pattern(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// clusterFiles are in the root of an app that Kubernetes runs.
var clusterFiles = []string{
	"kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml", "helmfile.yaml", "helmfile.yml",
	"skaffold.yaml", "skaffold.yml", "Tiltfile", "werf.yaml", "devspace.yaml", "garden.yml",
	"k8s", "kube", "kubernetes", "helm", "chart", "charts", "kustomize", ".k8s", ".kube", "deploy/k8s", "deploy/kubernetes", "deploy/helm",
}

// typeProblems are about names that Kubernetes refuses, where there is a reason to think
// of it.
func (a *app) typeProblems() []problem {
	var refused []problem
	for _, e := range a.procfile.Entries {
		if !label().MatchString(e.Type) {
			refused = append(refused, a.at(e, isWarning, noLabelText(e.Type)))
		}
	}
	if len(refused) == 0 || !slices.ContainsFunc(clusterFiles, a.has) {
		return nil
	}
	return refused
}

// has says whether there is such a file or directory in the root.
func (a *app) has(name string) bool {
	_, err := os.Stat(filepath.Join(a.root, name))
	return err == nil
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
	_, err := fmt.Println(validText(a.formation, a.running))
	return err
}
