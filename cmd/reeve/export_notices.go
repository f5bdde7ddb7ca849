package main

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile"
	"reeve/procfile/export"
)

// machineNotices are about the machine at hand.
func (e exporting) machineNotices(o settings.Export) []string {
	d := e.described
	switch {
	case e.format.Cluster:
		return nil
	case o.Elsewhere != "":
		return append([]string{elsewhereText(o.Elsewhere)}, unreadable(e.files)...)
	}
	var notices []string
	if d.User != "" && !userExists(d.User) {
		notices = append(notices, noUserText(d.User))
	}
	if dir := e.format.LogDir(d); dir != "" && !isDirectory(dir) {
		notices = append(notices, noLogText(dir, e.logOwner()))
	}
	if where, who, found := openToOthers(d.Location); found && os.Geteuid() == 0 && !d.UserUnits() && e.location != toStdout {
		notices = append(notices, shakyLocationText(where, who))
	}
	return slices.Concat(notices, unreadable(e.files), programNotices(e.app, d))
}

// setHere are the variables among those that are missing that the exporter's shell has.
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
		if name == "" || strings.Contains(name, "/") || lookPath(a, name, assignmentsOf(d.Env)) != "" {
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

// logOwner is who opens the logs.
func (e exporting) logOwner() string {
	if e.format.RootLogs && !e.described.UserUnits() {
		return rootUser
	}
	return e.described.User
}

const rootUser = "root"

// checkLogs reports a directory of logs in which root would open files, and others
// can put links.
func (e exporting) checkLogs(o settings.Export) error {
	dir := e.format.LogDir(e.described)
	if dir == "" || e.format.Cluster || o.Elsewhere != "" || e.logOwner() != rootUser {
		return nil
	}
	if where, who, found := openToOthers(dir); found {
		return sharedLog(dir, where, who)
	}
	return nil
}

// openToOthers finds the first place on the way to a directory in which somebody else than
// root can put something.
func openToOthers(dir string) (where, who string, found bool) {
	where = filepath.VolumeName(dir) + string(filepath.Separator)
	names := strings.FieldsFunc(dir[len(where)-1:], func(r rune) bool { return r == filepath.Separator })
	for n := 0; ; n++ {
		link, err := os.Lstat(where)
		if err != nil {
			parent := filepath.Dir(where)
			info, err := os.Stat(parent)
			return parent, "anybody", err == nil && writableByAnybody(info)
		}
		target, err := os.Stat(where)
		if err != nil {
			return "", "", false
		}
		for _, info := range []os.FileInfo{link, target} {
			if who, foreign := ownerBesideRoot(info); foreign {
				return where, who, true
			}
		}
		if replaceable(target) {
			return where, "anybody", true
		}
		if n == len(names) {
			return "", "", false
		}
		where = filepath.Join(where, names[n])
	}
}

// checkLinks reports a file of the app's to which somebody else than root has made a
// link, and which only root can read: what is in it would get into the export, and there to
// the app's user.
func checkLinks(a *app.App) error {
	var errs []error
	for _, path := range a.Files {
		target, err := os.Stat(path)
		if err != nil || target.Mode()&0o004 != 0 || os.Geteuid() != 0 {
			continue
		}
		owner, _ := ownerBesideRoot(target)
		for at := place.Absolute(path); at != filepath.Dir(at); at = filepath.Dir(at) {
			if info, err := os.Lstat(at); err == nil && isLink(info) {
				if who, foreign := ownerBesideRoot(info); foreign && who != owner {
					errs = append(errs, borrowedFile(path, at, who))
				}
			}
		}
	}
	return errors.Join(errs...)
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
