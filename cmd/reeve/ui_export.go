package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"reeve/procfile"
	"reeve/procfile/export"
)

// What reeve export says. Values of variables are in the files alone: a difference
// between files that have some is not shown.

func unknownFormat(name string) error {
	var names []string
	for _, f := range export.Formats {
		names = append(names, f.Name)
	}
	return errorf("unknown format %q: %s", name, didYouMean(procfile.Nearest(name, names), "it is one of "+strings.Join(names, ", ")))
}

// sayBeforeExport says what is worth knowing about what is exported.
func sayBeforeExport(e exporting) {
	if missing := e.app.missing(); len(missing) > 0 {
		warn(missingText(missing))
	}
	for _, c := range e.app.conflicts() {
		warn(conflictNotice(c).Text)
	}
	for _, n := range slices.Concat(e.app.exportNotices(e.described, e.format), unreadable(e.files), e.notices) {
		warn(n)
	}
}

func foreignFile(path, app string) error {
	return errorf("%s is there, and not written by reeve for the app %s: move it away, or choose another location", path, app)
}

func saidWritten(path string) { fmt.Println("wrote " + path) }
func saidRemoved(path string) { fmt.Println("removed " + path) }

// saidDone says what comes next.
func saidDone(p exportPlan, next string) {
	if len(p.write)+len(p.remove) == 0 {
		fmt.Println("nothing has changed in " + p.dir)
	}
	if next != "" {
		fmt.Println("next: " + next)
	}
}

// show says what an export would do.
func (p exportPlan) show() (exitCode int) {
	if len(p.write)+len(p.remove) == 0 {
		fmt.Println("nothing would change in " + p.dir)
	}
	for _, c := range p.write {
		fmt.Print(changeText(p.path(c.Path), c))
	}
	for _, name := range p.remove {
		fmt.Println("would remove " + p.path(name))
	}
	return exitOK
}

// changeText shows a difference.
func changeText(path string, c change) string {
	if c.Private() || c.old != nil && c.was&0o077 == 0 {
		what := "would write"
		if c.old != nil {
			what = "would change"
		}
		return fmt.Sprintf("%s %s, mode %04o: its values are not shown\n", what, path, c.Mode.Perm())
	}
	text := ""
	if c.old != nil && c.was != c.Mode.Perm() {
		text = fmt.Sprintf("would change the mode of %s from %04o to %04o\n", path, c.was, c.Mode.Perm())
	}
	old := path
	if c.old == nil {
		old = os.DevNull
	}
	return text + string(diff.Diff(old, c.old, path, c.Content))
}

func noUserText(name string) string {
	return fmt.Sprintf("there is no user %s here: make one, or name another with --user", name)
}

func noLogText(dir string) string {
	return fmt.Sprintf("there is no directory %s here for the logs: make it before the processes start, writable for their user", dir)
}

func programElsewhereText(typ, name string) string {
	return fmt.Sprintf("%s: %s is not in the PATH that it will have: is it installed, or elsewhere? --keep PATH takes yours along", typ, name)
}

func unreadableText(owner, file string) string {
	return fmt.Sprintf("%s has to be read by %s, and is not given to that user: export as root, or chown %s it", file, owner, owner)
}

// exportNotices are about the machine at hand.
func (a *app) exportNotices(d export.App, f export.Format) []string {
	if f.Cluster {
		return nil
	}
	var notices []string
	if d.User != "" && !userExists(d.User) {
		notices = append(notices, noUserText(d.User))
	}
	if dir := f.LogDir(d); dir != "" && !isDirectory(dir) {
		notices = append(notices, noLogText(dir))
	}
	for _, t := range d.All() {
		name := procfile.Program(t.Command)
		if len(t.Words) > 0 && len(t.Words[0]) == 1 {
			name = t.Words[0][0].Text
		}
		if name == "" || strings.Contains(name, "/") || a.lookPath(name, assignmentsOf(d.Env)) != "" {
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

// typeEnvLeftText says that an export has one environment for all.
func typeEnvLeftText(types []string) string {
	return "env in the tables of " + strings.Join(types, ", ") + " is left out: an export has one environment for all process types"
}
