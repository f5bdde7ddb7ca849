package app

import (
	"fmt"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/env"
)

// PortText says that somebody else listens on the port of an instance.
func PortText(instance string, o env.Owner) string {
	text := fmt.Sprintf("port %d of %s is in use", o.Port, instance)
	if o.PID != 0 {
		text += fmt.Sprintf(" by %s (pid %d)", o.Name, o.PID)
	}
	return text + ": stop that program, or choose another base port with --port"
}

// notAPort reports a PORT, where it is set.
func notAPort(at env.Origin) error {
	const text = "is not a port: it must be a whole number from 1 to 65535; or use --port N"
	if at.Line > 0 {
		return diag.Problem{File: at.Layer, Line: at.Line, Message: "PORT " + text}
	}
	return fmt.Errorf("PORT of %s %s", at, text)
}

// MissingText names what is missing, by the files that ask for it.
func MissingText(missing []Requirement) string {
	var files []string
	byFile := map[string][]string{}
	for _, r := range missing {
		if byFile[r.file] == nil {
			files = append(files, r.file)
		}
		byFile[r.file] = append(byFile[r.file], r.Key)
	}
	var parts []string
	for _, f := range files {
		parts = append(parts, strings.Join(byFile[f], ", ")+" (listed in "+f+")")
	}
	return "missing config: " + strings.Join(parts, "; ")
}

// foreignText says that a settings file of another runner is not read, and how reeve
// calls those of its settings that it has too.
func foreignText(file string, same []string) string {
	if len(same) == 0 {
		return file + " is not read: settings belong in " + place.SettingsFile + ", see: reeve help settings"
	}
	return file + " is not read: write in " + place.SettingsFile + " " + strings.Join(same, ", ") + "; see: reeve help settings"
}

// foreignProcfileText says that an env file chooses no Procfile, as it does for honcho.
const foreignProcfileText = "PROCFILE does not choose the Procfile here: name it with -f, or write procfile in " + place.SettingsFile

// ConflictText says which of two values of a variable counts.
func ConflictText(c env.Conflict) string {
	return fmt.Sprintf("%s differs between %s and %s: the value from %s is used", c.Key, c.Winner, c.Loser, c.Winner)
}

// SuspendedText says that the formation cannot answer.
func SuspendedText(pid int) string {
	return fmt.Sprintf("the formation is suspended (pid %d): continue it with fg in its terminal, or with kill -CONT %d", pid, pid)
}

// FormationText names the formation that runs, as the source of ports.
func FormationText(pid int) string {
	return fmt.Sprintf("the running formation (pid %d)", pid)
}
