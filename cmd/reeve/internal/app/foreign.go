package app

import (
	"path/filepath"
	"regexp"
	"slices"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/env"
)

// foreign is the settings file of another Procfile runner. reeve does not read those:
// the same key does not always mean the same thing.
type foreign struct {
	file string
	line string            // matches a setting; the key is its first group
	keys map[string]string // what reeve calls them
}

var foreigns = []foreign{
	{".foreman", `(?m)^\s*:?([a-z_]+)\s*:`, map[string]string{
		"color": "color", "concurrency": "formation", "env": "env", "formation": "formation", "port": "port",
		"procfile": "procfile", "timeout": "timeout", "timestamp": "timestamp",
	}},
	{".forego", `(?m)^\s*([a-z_]+)\s*:`, map[string]string{
		"concurrency": "formation", "port": "port", "procfile": "procfile", "shutdown_grace_time": "timeout",
	}},
	{".overmind.env", `(?m)^\s*(?:export\s+)?(OVERMIND_[A-Z_]+)\s*=`, map[string]string{
		"OVERMIND_ANY_CAN_DIE":       "can-die",
		"OVERMIND_AUTO_RESTART":      "restart",
		"OVERMIND_CAN_DIE":           "can-die",
		"OVERMIND_FORMATION":         "formation",
		"OVERMIND_IGNORED_PROCESSES": "exclude",
		"OVERMIND_NO_PORT":           "no-port",
		"OVERMIND_PORT":              "port",
		"OVERMIND_PORT_STEP":         "port-step",
		"OVERMIND_PROCFILE":          "procfile",
		"OVERMIND_SHOW_TIMESTAMPS":   "timestamp",
		"OVERMIND_STOP_SIGNALS":      "stop-signal",
		"OVERMIND_TIMEOUT":           "timeout",
	}},
}

// ForeignSettings says, with one line for each such file, how its settings are written in
// reeve.toml.
func (a *App) ForeignSettings() []diag.Problem {
	said := a.foreignProcfile()
	for _, f := range foreigns {
		src, err := place.ReadFound(filepath.Join(a.Root, f.file))
		if err != nil {
			continue
		}
		var same []string
		for _, match := range regexp.MustCompile(f.line).FindAllSubmatch(src, -1) {
			key := string(match[1])
			if ours := f.keys[key]; ours != "" {
				same = append(same, key+" as "+ours)
			}
		}
		said = append(said, diag.Problem{Severity: diag.Warning, Message: foreignText(f.file, slices.Compact(same))})
	}
	return said
}

// foreignProcfile says that a PROCFILE in an env file, by which honcho chooses, chooses
// nothing, unless somebody has chosen.
func (a *App) foreignProcfile() []diag.Problem {
	source, ok := a.Env.Source("PROCFILE")
	if !ok || a.Settings.Procfile != "" || source.Winner.Layer == env.RealEnvironment {
		return nil
	}
	return []diag.Problem{{File: source.Winner.Layer, Line: source.Winner.Line, Severity: diag.Warning, Message: foreignProcfileText}}
}
