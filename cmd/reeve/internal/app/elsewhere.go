package app

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/place"
	"reeve/procfile"
)

// One reeve.toml serves all Procfiles of a root, such as Procfile and Procfile.dev, so it may
// speak of process types that the one in use does not have. What it says of those is as good
// as not said.

// forgetElsewhere takes back what reeve.toml says of process types that the Procfile does
// not have, and another one of the root has.
func (a *App) forgetElsewhere() {
	gone := map[string]bool{}
	for _, typ := range a.settings.InFile {
		if _, ok := a.Lookup(typ); !ok && !slices.Contains(a.settings.OnLine, typ) {
			gone[typ] = true
		}
	}
	if len(gone) == 0 {
		return
	}
	known := a.typesElsewhere()
	maps.DeleteFunc(gone, func(typ string, _ bool) bool { return !slices.Contains(known, typ) })
	a.settings.Forget(gone)
}

// typesElsewhere are the process types of all Procfiles of the root, as far as they can be
// read.
func (a *App) typesElsewhere() (types []string) {
	files, _ := filepath.Glob(filepath.Join(escapeGlob(a.Root), place.Procfile+".*"))
	for _, file := range append(files, filepath.Join(a.Root, place.Procfile)) {
		src, err := place.ReadFound(file)
		if err != nil {
			continue
		}
		if p, _ := procfile.Parse(file, src); p != nil {
			types = append(types, p.Types()...)
		}
	}
	return types
}

// escapeGlob makes a pattern that means a path and nothing else.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
