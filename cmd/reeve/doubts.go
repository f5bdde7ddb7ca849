package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Doubts are what keeps nothing from running and is worth a word: check says it as a
// warning, everything else that loads the app where it happens.

// envDoubts are about an env file that nobody has named and that is none: .env is also
// what some call their virtualenv.
func (a *app) envDoubts(o *options) []problem {
	info, err := os.Stat(filepath.Join(a.root, standardEnv))
	if err != nil || !info.IsDir() || o.noEnv || len(o.env) > 0 {
		return nil
	}
	return []problem{{File: a.fileInRoot(standardEnv), Severity: isWarning, Message: envDirectoryText}}
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
func (a *app) lossProblems() []problem {
	var found []problem
	for _, e := range a.envs() {
		for _, w := range e.Lost() {
			found = append(found, problem{w.Path, w.Line, isWarning, w.Text})
		}
	}
	return found
}

// warnOf says on standard error what a command that is no start has to say of the
// environment that it makes.
func (a *app) warnOf(o *options) {
	for _, text := range o.ignored {
		warn(text)
	}
	for _, p := range a.lossProblems() {
		warnAt(p)
	}
}

// serviceLink is what Kubernetes puts into the variable NAME_PORT for a Service called
// name, and Docker for a linked container.
var serviceLink = pattern(`^(tcp|udp|sctp)://[^/]+:[0-9]+$`)

// isServiceLink says whether the variable of a flag is one of those, of a Service called
// reeve.
func isServiceLink(variable, value string) bool {
	return strings.HasSuffix(variable, "_PORT") && serviceLink().MatchString(value)
}
