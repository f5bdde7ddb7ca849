package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/pattern"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/procfile"
	"reeve/supervisor"
)

// check says at once everything that is wrong with the app. It starts nothing.
func check(args []string) (exitCode int) {
	o, types, err := settings.Parse("check", args)
	if errors.Is(err, settings.ErrHelp) {
		return help([]string{"check"})
	}
	if err != nil {
		return diag.FailWith(exitUsage, err)
	}
	o.Types, o.AsksRunning = types, true
	strict := o.Strict
	o.Strict = false // what is missing is said line by line
	a, err := loadApp(o)
	if errors.As(err, new(place.Untrusted)) {
		return diag.FailWith(exitUsage, err)
	}
	problems := diag.In(err)
	for _, text := range o.Ignored {
		problems = append(problems, diag.Problem{Severity: diag.Warning, Message: text})
	}
	if a != nil {
		problems = a.sorted(slices.Concat(problems, a.problems(), a.missingProblems(strict)))
	}
	if err := printProblems(o, a, problems); err != nil {
		return diag.Fail(exitFailure, "cannot write what is wrong: %w", err)
	}
	if slices.ContainsFunc(problems, diag.Problem.IsError) {
		return exitFailure
	}
	return exitOK
}

// problems finds what does not keep the app from being loaded, in as much of it as could
// be.
func (a *app) problems() []diag.Problem {
	problems := slices.Concat(a.doubts, a.envProblems())
	if a.procfile != nil {
		problems = slices.Concat(problems, a.manifestProblems(), a.typeProblems(), a.commandProblems(), a.portProblems())
	}
	return problems
}

// sorted puts problems in the order in which the files are read, and then of the lines.
// What is in no file comes last.
func (a *app) sorted(problems []diag.Problem) []diag.Problem {
	place := func(p diag.Problem) int {
		if p.File == "" {
			return len(a.files)
		}
		return slices.Index(a.files, p.File)
	}
	slices.SortStableFunc(problems, func(p, q diag.Problem) int {
		return cmp.Or(place(p)-place(q), p.Line-q.Line)
	})
	return problems
}

// envProblems are about env files that say what is probably not meant.
func (a *app) envProblems() []diag.Problem {
	var found []diag.Problem
	for _, e := range a.envs() {
		for _, w := range e.Warnings() {
			found = append(found, diag.Problem{File: w.Path, Line: w.Line, Severity: diag.Warning, Message: w.Text})
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
func longProblems(e *env.Env) []diag.Problem {
	var found []diag.Problem
	environ := e.Environ()
	for key, value := range environ.All() {
		if text := (&supervisor.Command{Env: []string{key + "=" + value}}).TooLong(); text != "" {
			source, _ := e.Source(key)
			found = append(found, diag.Problem{File: source.Winner.Layer, Line: source.Winner.Line, Severity: diag.Error, Message: text})
		}
	}
	if text := (&supervisor.Command{Env: environ}).TooLong(); text != "" && len(found) == 0 {
		found = append(found, diag.Problem{Severity: diag.Error, Message: text})
	}
	return found
}

// missingProblems are about config that is asked for and not there: an error where the
// app cannot do without, or where nothing is to start without. Where an env file could
// not be read nobody knows.
func (a *app) missingProblems(strict bool) []diag.Problem {
	if a.envUnread {
		return nil
	}
	var found []diag.Problem
	seen := map[requirement]bool{}
	for _, r := range a.missing() {
		s := diag.Warning
		if r.required || strict {
			s = diag.Error
		}
		once := requirement{key: r.key, file: r.file}
		if !seen[once] {
			found = append(found, diag.Problem{File: r.file, Line: r.line, Severity: s, Message: missingKeyText(r.key)})
		}
		seen[once] = true
	}
	return found
}

// manifestProblems are about types of app.json that the Procfile does not have.
func (a *app) manifestProblems() []diag.Problem {
	var found []diag.Problem
	for _, r := range a.manifest.types {
		if _, ok := a.lookup(r.key); !ok && !slices.Contains(a.typesElsewhere(), r.key) {
			found = append(found, diag.Problem{File: r.file, Line: r.line, Severity: diag.Warning, Message: unknownTypeText(r.key, a.types())})
		}
	}
	return found
}

// label is what RFC 1123 makes of the labels of DNS, and Kubernetes of most names.
var label = pattern.New(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// clusterFiles are in the root of an app that Kubernetes runs.
var clusterFiles = []string{
	"kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml", "helmfile.yaml", "helmfile.yml",
	"skaffold.yaml", "skaffold.yml", "Tiltfile", "werf.yaml", "devspace.yaml", "garden.yml",
	"k8s", "kube", "kubernetes", "helm", "chart", "charts", "kustomize", ".k8s", ".kube", "deploy/k8s", "deploy/kubernetes", "deploy/helm",
}

// typeProblems are about names that Kubernetes refuses, where there is a reason to think
// of it.
func (a *app) typeProblems() []diag.Problem {
	var refused []diag.Problem
	for _, e := range a.procfile.Entries {
		if !label().MatchString(e.Type) {
			refused = append(refused, a.at(e, diag.Warning, noLabelText(e.Type)))
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
func (a *app) at(e procfile.Entry, s diag.Severity, text string) diag.Problem {
	return diag.Problem{File: a.procfile.Path, Line: e.Line, Severity: s, Message: text}
}

// portProblems are about ports on which somebody listens. That they exist has been
// checked: so there are not many.
func (a *app) portProblems() []diag.Problem {
	if a.checkPorts() != nil {
		return nil
	}
	var found []diag.Problem
	for _, t := range a.takenPorts() {
		e, _ := a.lookup(t.typ)
		found = append(found, a.at(e, diag.Warning, portText(t.instance, t.Owner)))
	}
	return found
}

// printProblems writes them, and what is fine if nothing is wrong.
func printProblems(o *settings.Options, a *app, problems []diag.Problem) error {
	if o.Format == "json" {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(append([]diag.Problem{}, problems...))
	}
	for _, p := range problems {
		if _, err := fmt.Printf("%s%s: %s\n", p.Place(), p.Severity, p.Message); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(problems, diag.Problem.IsError) {
		return nil
	}
	_, err := fmt.Println(validText(a.formation, a.running))
	return err
}
