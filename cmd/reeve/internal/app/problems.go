package app

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"reeve/cmd/reeve/internal/diag"
	"reeve/env"
	"reeve/internal/pattern"
	"reeve/internal/sorting"
	"reeve/procfile"
	"reeve/supervisor"
)

// Problems finds what does not keep the app from being loaded, as far as it could
// be.
func (a *App) Problems() []diag.Problem {
	problems := slices.Concat(a.doubts, a.envProblems())
	if a.Procfile != nil {
		problems = slices.Concat(problems, a.manifestProblems(), a.typeProblems(), a.commandProblems(), a.settingProblems(), a.watchProblems(), a.portProblems(), a.listenProblems())
	}
	return problems
}

// Sorted puts problems in the order in which the files are read, and then of the lines.
// Problems without a file come last.
func (a *App) Sorted(problems []diag.Problem) []diag.Problem {
	place := func(p diag.Problem) int {
		if p.File == "" {
			return len(a.Files)
		}
		return slices.Index(a.Files, p.File)
	}
	sorting.Stable(problems, func(p, q diag.Problem) int {
		return cmp.Or(place(p)-place(q), p.Line-q.Line)
	})
	return problems
}

// envProblems are about env files that probably do not mean what they say.
func (a *App) envProblems() []diag.Problem {
	var found []diag.Problem
	for _, e := range a.Envs() {
		for _, w := range e.Warnings() {
			found = append(found, diag.Problem{File: w.Path, Line: w.Line, Severity: diag.Warning, Message: w.Text})
		}
	}
	for _, e := range a.Envs() {
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

// MissingProblems are about config that is asked for and not there: an error where the
// app cannot do without it, or nothing may start without it. Where an env file could
// not be read, nobody knows.
func (a *App) MissingProblems(strict bool) []diag.Problem {
	if a.envUnread {
		return nil
	}
	var found []diag.Problem
	seen := map[Requirement]bool{}
	for _, r := range a.Missing() {
		s := diag.Warning
		if r.required || strict {
			s = diag.Error
		}
		once := Requirement{Key: r.Key, file: r.file}
		if !seen[once] {
			found = append(found, diag.Problem{File: r.file, Line: r.line, Severity: s, Message: missingKeyText(r.Key)})
		}
		seen[once] = true
	}
	return found
}

// manifestProblems are about types of app.json that the Procfile does not have.
func (a *App) manifestProblems() []diag.Problem {
	var found []diag.Problem
	for _, r := range a.manifest.types {
		if _, ok := a.Lookup(r.Key); !ok && !slices.Contains(a.typesElsewhere(), r.Key) {
			found = append(found, diag.Problem{File: r.file, Line: r.line, Severity: diag.Warning, Message: UnknownTypeText(r.Key, a.Types())})
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
func (a *App) typeProblems() []diag.Problem {
	var refused []diag.Problem
	for _, e := range a.Procfile.Entries {
		if !label.Get().MatchString(e.Type) {
			refused = append(refused, a.at(e, diag.Warning, noLabelText(e.Type)))
		}
	}
	if len(refused) == 0 || !slices.ContainsFunc(clusterFiles, a.has) {
		return nil
	}
	return refused
}

// has reports whether the root has such a file or directory.
func (a *App) has(name string) bool {
	_, err := os.Stat(filepath.Join(a.Root, name))
	return err == nil
}

// at is a problem with a process type, on its line.
func (a *App) at(e procfile.Entry, s diag.Severity, text string) diag.Problem {
	file := a.Procfile.Path
	if slices.Contains(a.added, e.Type) {
		file = a.fileInRoot(ManifestFile)
	}
	return diag.Problem{File: file, Line: e.Line, Severity: s, Message: text}
}

// portProblems are about ports on which somebody listens. Whether they exist has been
// checked, so there are not many.
func (a *App) portProblems() []diag.Problem {
	if a.checkPorts() != nil {
		return nil
	}
	var found []diag.Problem
	for _, t := range a.TakenPorts(a.Instances()) {
		e, _ := a.Lookup(t.Type)
		found = append(found, a.at(e, diag.Warning, PortText(t.Instance, t.Owner)))
	}
	return found
}
