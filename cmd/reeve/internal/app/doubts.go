package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
)

// Doubts keep nothing from running, but are worth a word: check reports them as
// warnings, and every other command that loads the app where they arise.

// EnvDoubts are about an env file that nobody has named and that may not be one: .env is also
// a name for virtualenvs, or a link to a secret that is not mounted.
func (a *App) EnvDoubts() []diag.Problem {
	if a.Settings.NoEnv || len(a.Settings.Env) > 0 {
		return nil
	}
	text := ""
	path := filepath.Join(a.Root, place.EnvFile)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		text = envDirectoryText
	} else if _, linkErr := os.Lstat(path); errors.Is(err, fs.ErrNotExist) && linkErr == nil {
		text = envDanglingText
	}
	if text == "" {
		return nil
	}
	return []diag.Problem{{File: a.fileInRoot(place.EnvFile), Severity: diag.Warning, Message: text}}
}

// LossProblems are about values of which a part was lost.
func (a *App) LossProblems() []diag.Problem {
	var found []diag.Problem
	for _, e := range a.Envs() {
		for _, w := range e.Lost() {
			found = append(found, diag.Problem{File: w.Path, Line: w.Line, Severity: diag.Warning, Message: w.Text})
		}
	}
	return found
}
