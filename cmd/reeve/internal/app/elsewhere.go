package app

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile"
)

// One reeve.toml serves all Procfiles of a root, such as Procfile and Procfile.dev, so it may
// name process types that the one in use does not have. What it says of those does not count.

// withoutElsewhere is the settings without those for process types that reeve.toml names,
// and that not this Procfile but another one of the root has.
func (a *App) withoutElsewhere() *settings.Options {
	gone := map[string]bool{}
	for _, typ := range a.Settings.InFile {
		if _, ok := a.Lookup(typ); !ok && !slices.Contains(a.Settings.OnLine, typ) {
			gone[typ] = true
		}
	}
	if len(gone) == 0 {
		return a.Settings
	}
	known := a.typesElsewhere()
	maps.DeleteFunc(gone, func(typ string, _ bool) bool { return !slices.Contains(known, typ) })
	return a.Settings.Without(gone)
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
