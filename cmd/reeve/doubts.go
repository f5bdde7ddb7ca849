package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/pattern"
	"reeve/cmd/reeve/internal/place"
)

// Doubts are what keeps nothing from running and is worth a word: check says it as a
// warning, everything else that loads the app where it happens.

// envDoubts are about an env file that nobody has named and that is none: .env is also
// what some call their virtualenv.
func (a *app) envDoubts(o *options) []diag.Problem {
	info, err := os.Stat(filepath.Join(a.root, place.EnvFile))
	if err != nil || !info.IsDir() || o.noEnv || len(o.env) > 0 {
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
func (a *app) warnOf(o *options) {
	for _, text := range o.ignored {
		diag.Warn(text)
	}
	for _, p := range a.lossProblems() {
		diag.WarnAt(p)
	}
}

// serviceLink is what Kubernetes puts into the variable NAME_PORT for a Service called
// name, and Docker for a linked container.
var serviceLink = pattern.New(`^(tcp|udp|sctp)://[^/]+:[0-9]+$`)

// isServiceLink says whether the variable of a flag is one of those, of a Service called
// reeve.
func isServiceLink(variable, value string) bool {
	return strings.HasSuffix(variable, "_PORT") && serviceLink().MatchString(value)
}
