package app

import (
	"os"
	"path/filepath"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
)

// Doubts are what keeps nothing from running and is worth a word: check says it as a
// warning, everything else that loads the app where it happens.

// EnvDoubts are about an env file that nobody has named and that is none: .env is also
// what some call their virtualenv.
func (a *App) EnvDoubts() []diag.Problem {
	info, err := os.Stat(filepath.Join(a.Root, place.EnvFile))
	if err != nil || !info.IsDir() || a.settings.NoEnv || len(a.settings.Env) > 0 {
		return nil
	}
	return []diag.Problem{{File: a.fileInRoot(place.EnvFile), Severity: diag.Warning, Message: envDirectoryText}}
}

// LossProblems are about values that have lost a part.
func (a *App) LossProblems() []diag.Problem {
	var found []diag.Problem
	for _, e := range a.Envs() {
		for _, w := range e.Lost() {
			found = append(found, diag.Problem{File: w.Path, Line: w.Line, Severity: diag.Warning, Message: w.Text})
		}
	}
	return found
}
