package main

import (
	"fmt"
	"strconv"
	"strings"

	"reeve/cmd/reeve/internal/place"
	"reeve/procfile/propose"
)

// What reeve says to somebody whose app does not run yet.

// wroteText says what reeve init has written, and what to do next.
func wroteText(found []propose.Proposal) string {
	var types []string
	for _, p := range found {
		types = append(types, p.Type)
	}
	return "wrote " + place.Procfile + " with " + strings.Join(types, ", ") + ": look at it, then run reeve check and reeve start"
}

// existsAlready says that reeve init overwrites nothing.
func existsAlready(path string) error {
	return fmt.Errorf("there is already a %s, which stays as it is: reeve init - prints a new one", path)
}

// wroteSettingsText says which process types have settings now.
func wroteSettingsText(settings []propose.Setting) string {
	var types []string
	for _, s := range settings {
		types = append(types, s.Type)
	}
	return "wrote " + place.SettingsFile + " with how to stop " + strings.Join(types, ", ")
}

// addSettingsText says what could be in the settings that are there.
func addSettingsText(settings []propose.Setting) string {
	var lines []string
	for _, s := range settings {
		line := "[" + s.Type + "]"
		if s.StopSignal != "" {
			line += " stop-signal = " + strconv.Quote(s.StopSignal)
		}
		if s.Timeout != "" {
			line += " timeout = " + strconv.Quote(s.Timeout)
		}
		lines = append(lines, line)
	}
	return "there is a " + place.SettingsFile + " already, which stays as it is; it could have: " + strings.Join(lines, "; ")
}

// noSuchTypeText says why a word cannot have meant a process type.
func noSuchTypeText(others []string) string {
	if len(others) == 0 {
		return "no Procfile has such a process type: reeve init writes one"
	}
	return "no Procfile has such a process type" + place.NoProcfileText(others, ".")
}
