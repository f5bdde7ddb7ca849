package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/env"
)

// Requirement is a variable that the app says it needs: III of the twelve factors. Or a
// process type.
type Requirement struct {
	Key      string
	file     string // that asks for it
	line     int
	required bool // the app cannot do without; else it may have a default of its own
}

// ExampleFiles list the variables of an app; the first that can be read counts.
var ExampleFiles = []string{
	".env.example", ".env.sample", ".env.template", ".env.dist", ".env.tpl", ".env.tmpl",
	".env-example", ".env-sample", ".env_example", "env.example", "env.sample", "example.env", "sample.env",
}

// readExample reads the list of variables that an app comes with, if it has one. It is
// there for people, and may be a template or prose: so what cannot be read is a warning.
func (a *App) readExample() (asked []Requirement, found []diag.Problem) {
	for _, name := range ExampleFiles {
		if _, err := os.Lstat(filepath.Join(a.Root, name)); err != nil {
			continue // as it mostly is: no more is done for it
		}
		path := a.fileInRoot(name)
		a.Files = append(a.Files, path)
		src, err := place.ReadFound(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			found = append(found, diag.Problem{Severity: diag.Warning, Message: err.Error()})
			continue
		}
		keys, err := env.Keys(path, src)
		for _, v := range keys {
			asked = append(asked, Requirement{Key: v.Key, file: path, line: v.Line})
		}
		return asked, append(found, skippedLines(err)...)
	}
	return nil, found
}

// skippedLines is one warning for all lines of an example that cannot be read.
func skippedLines(err error) []diag.Problem {
	skipped := diag.In(err)
	if len(skipped) == 0 {
		return nil
	}
	first := skipped[0]
	first.Severity = diag.Warning
	if more := len(skipped) - 1; more > 0 {
		first.Message += fmt.Sprintf(" (and %d more such lines)", more)
	}
	return []diag.Problem{first}
}

// Missing lists the requirements that the environment does not meet. A variable that
// is empty on purpose is not missing, nor is what reeve assigns.
func (a *App) Missing() []Requirement {
	var missing []Requirement
	for _, r := range a.required {
		ok := slices.ContainsFunc(a.Envs(), func(e *env.Env) bool { _, ok := e.Lookup(r.Key); return ok })
		if !ok && (r.Key != "PORT" || a.NoPort) && r.Key != "PS" {
			missing = append(missing, r)
		}
	}
	return missing
}

// standardKeys are the variables that every process gets with --clean-env, beside
// LC_*. They say where it runs and for whom, not how the app is configured.
var standardKeys = []string{"PATH", "HOME", "USER", "SHELL", "LANG", "TERM", "TMPDIR", "TZ"}

// isStandard reports whether a variable is one of those.
func isStandard(key string) bool {
	return hasKey(standardKeys, key) || hasKey(systemKeys, key) || strings.HasPrefix(key, "LC_")
}

// hasKey reports whether a variable is one of a list.
func hasKey(list []string, key string) bool {
	return slices.ContainsFunc(list, func(of string) bool { return env.SameKey(of, key) })
}
