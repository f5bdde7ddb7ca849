package main

import (
	"os"
	"path/filepath"
	"slices"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
)

// Doubts are what keeps nothing from running and is worth a word: check says it as a
// warning, everything else that loads the app where it happens.

// envDoubts are about an env file that nobody has named and that is none: .env is also
// what some call their virtualenv.
func (a *app) envDoubts(o *settings.Options) []diag.Problem {
	info, err := os.Stat(filepath.Join(a.root, place.EnvFile))
	if err != nil || !info.IsDir() || o.NoEnv || len(o.Env) > 0 {
		return nil
	}
	return []diag.Problem{{File: a.fileInRoot(place.EnvFile), Severity: diag.Warning, Message: envDirectoryText}}
}

// sayWhatIsGone says that an env file that nobody has named is gone at a restart, which
// goes on without it.
func (l *launcher) sayWhatIsGone() {
	now := envFiles(l.options, l.app.root)
	for _, path := range l.app.env.Files() {
		if !slices.Contains(now, path) {
			l.mux.Notice(warningNotice(goneText(path)))
		}
	}
}

// lossProblems are about values that have lost a part.
func (a *app) lossProblems() []diag.Problem {
	var found []diag.Problem
	for _, e := range a.envs() {
		for _, w := range e.Lost() {
			found = append(found, diag.Problem{File: w.Path, Line: w.Line, Severity: diag.Warning, Message: w.Text})
		}
	}
	return found
}

// warnOf says on standard error what a command that is no start has to say of the
// environment that it makes.
func (a *app) warnOf(o *settings.Options) {
	for _, text := range o.Ignored {
		diag.Warn(text)
	}
	for _, p := range a.lossProblems() {
		diag.WarnAt(p)
	}
}
