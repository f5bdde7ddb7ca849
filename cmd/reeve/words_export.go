package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/live"
	"reeve/cmd/reeve/internal/settings"
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
	return fmt.Errorf("unknown format %q: %s", name, procfile.Suggest(name, names, "must be one of "+strings.Join(names, ", ")))
}

// sayBeforeExport says what is worth knowing about what is exported.
func sayBeforeExport(o *settings.Options, e exporting) {
	if missing := e.app.Missing(); len(missing) > 0 {
		diag.Warn(app.MissingText(missing))
		if here := setHere(missing); len(here) > 0 {
			diag.Warn(keepText(here))
		}
	}
	for _, c := range e.app.Conflicts() {
		if slices.Contains(o.Keep, c.Key) {
			diag.Warn(live.ConflictNotice(c).Text)
		}
	}
	for _, n := range slices.Concat(e.machineNotices(o.Export), e.notices) {
		diag.Warn(n)
	}
}

// keepText says how what is set in the exporter's shell gets into an export.
func keepText(keys []string) string {
	return fmt.Sprintf("your shell has %s, but exports take values from files: --keep %s exports yours",
		strings.Join(keys, ", "), strings.Join(keys, ","))
}

func foreignFile(path, app string) error {
	return fmt.Errorf("%s exists, and reeve did not write it for the app %s: move it away, or choose another location", path, app)
}

func foreignLink(path, who string) error {
	return fmt.Errorf("cannot use %s: it is a link that belongs to %s: name the directory to which it leads", path, who)
}

func linkedDir(path string) error {
	return fmt.Errorf("cannot use %s: it is a link: remove it, or choose another location", path)
}

func foreignDir(path, who string) error {
	return fmt.Errorf("cannot use %s: it belongs to %s, who can replace its contents: remove it, or choose another location", path, who)
}

func openToAll(path string) error {
	return fmt.Errorf("cannot use %s: anybody can replace its contents: chmod o-w it, or choose another location", path)
}

func saidWritten(path string) { fmt.Println("wrote " + path) }
func saidRemoved(path string) { fmt.Println("removed " + path) }

// saidDone says what comes next.
func saidDone(p exportPlan, next string) {
	if len(p.write)+len(p.remove) == 0 {
		fmt.Println("nothing has changed in " + p.path)
	}
	if next != "" {
		fmt.Println("next: " + next)
	}
}

// show says what an export would do.
func (p exportPlan) show() (exitCode int) {
	if len(p.write)+len(p.remove) == 0 {
		fmt.Println("nothing would change in " + p.path)
	}
	for _, c := range p.write {
		fmt.Print(changeText(p.at(c.Path), c))
	}
	for _, name := range p.remove {
		fmt.Println("would remove " + p.at(name))
	}
	return diag.ExitOK
}

// changeText shows a difference.
func changeText(path string, c change) string {
	if c.values {
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
	return fmt.Sprintf("there is no user %s here: create one, or name another with --user", name)
}

func noLogText(dir, owner string) string {
	return fmt.Sprintf("there is no directory %s here for the logs: create it before the processes start: install -d -o %s %s", dir, owner, dir)
}

func borrowedFile(path, link, who string) error {
	return fmt.Errorf("refusing %s: %s is a link that belongs to %s, and %s cannot read the file: name the file itself", path, link, who, who)
}

func sharedLog(dir, where, who string) error {
	return fmt.Errorf("root would open logs in %s, and %s can put links into %s: choose a directory that is root's alone with --log", dir, who, where)
}

func shakyLocationText(where, who string) string {
	return fmt.Sprintf("%s can change the contents of %s: let root run the export only from a directory that is root's alone", who, where)
}

func elsewhereText(root string) string {
	return fmt.Sprintf("%s is not on this machine: the user, the programs and the log directories are not checked", root)
}

func programElsewhereText(typ, name string) string {
	return fmt.Sprintf("%s: %s is not in the PATH that it will have: is it installed, or elsewhere? --keep PATH exports yours", typ, name)
}

func unreadableText(owner string, files []string) string {
	what := files[0]
	if len(files) > 1 {
		what = fmt.Sprintf("%s and %d more", what, len(files)-1)
	}
	return fmt.Sprintf("%s: %s must be able to read this, but reeve cannot change its owner: export as root, or chown %s", what, owner, owner)
}

// typeEnvLeftText says that an export has one environment for all.
func typeEnvLeftText(types []string) string {
	return "env in the tables of " + strings.Join(types, ", ") + " is left out: an export has one environment for all process types"
}
