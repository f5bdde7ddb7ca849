package exporting

import (
	"maps"
	"os"
	"os/user"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/safedir"
	"reeve/procfile"
	"reeve/procfile/export"
)

// Notices are what is worth knowing before the files are written.
func (e *Export) Notices() (notices []string) {
	if missing := e.App.Missing(); len(missing) > 0 {
		notices = append(notices, app.MissingText(missing))
		if here := setHere(missing); len(here) > 0 {
			notices = append(notices, keepText(here))
		}
	}
	for _, c := range e.App.Conflicts() {
		if slices.Contains(e.App.Settings.Keep, c.Key) {
			notices = append(notices, app.ConflictText(c))
		}
	}
	return slices.Concat(notices, e.machineNotices(), e.notices)
}

// machineNotices are about the machine at hand.
func (e *Export) machineNotices() []string {
	d := e.described
	switch {
	case e.format.Cluster:
		return nil
	case e.App.Settings.Elsewhere != "":
		return append([]string{elsewhereText(e.App.Settings.Elsewhere)}, unreadable(e.files)...)
	}
	var notices []string
	if d.User != "" && !userExists(d.User) {
		notices = append(notices, noUserText(d.User))
	}
	if dir := e.format.LogDir(d); dir != "" && !isDirectory(dir) {
		notices = append(notices, noLogText(dir, e.logOwner()))
	}
	if where, who, found := safedir.OpenToOthers(d.Location); found && os.Geteuid() == 0 && !d.UserUnits() && e.location != Stdout {
		notices = append(notices, shakyLocationText(where, who))
	}
	return slices.Concat(notices, unreadable(e.files), programNotices(e.App, d))
}

// setHere are the missing variables that the exporter's shell has.
func setHere(missing []app.Requirement) []string {
	var keys []string
	for _, r := range missing {
		if _, ok := os.LookupEnv(r.Key); ok {
			keys = append(keys, r.Key)
		}
	}
	return keys
}

// programNotices name the programs that would not be found.
func programNotices(a *app.App, d export.App) []string {
	var notices []string
	for _, t := range d.All() {
		name := procfile.Program(t.Command)
		if len(t.Words) > 0 && len(t.Words[0]) == 1 {
			name = t.Words[0][0].Text
		}
		if name == "" || strings.Contains(name, "/") || lookPath(a, t.Name, name, assignmentsOf(d.Env)) != "" {
			continue
		}
		notices = append(notices, programElsewhereText(t.Name, name))
	}
	return notices
}

func assignmentsOf(vars []export.Variable) []string {
	var environ []string
	for _, v := range vars {
		environ = append(environ, v.Key+"="+v.Value)
	}
	return environ
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// userExists reports whether a user is known here.
func userExists(name string) bool {
	_, err := user.Lookup(name)
	return err == nil
}

// unreadable are notices about files that cannot be given to their reader.
func unreadable(files []export.File) []string {
	left := map[string][]string{}
	for _, f := range files {
		if f.Owner != "" && !safedir.CanGive(f.Owner) {
			left[f.Owner] = append(left[f.Owner], f.Path)
		}
	}
	var notices []string
	for _, owner := range slices.Sorted(maps.Keys(left)) {
		notices = append(notices, unreadableText(owner, left[owner]))
	}
	return notices
}
