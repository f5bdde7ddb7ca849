package exporting

import (
	"errors"
	"fmt"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/safedir"
	"reeve/internal/pattern"
	"reeve/procfile"
	"reeve/procfile/export"
)

// The names that can stand in file names and unit names.
var (
	isAppName  = pattern.New(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)
	notAppName = pattern.New(`[^A-Za-z0-9_.-]+`)
	isUserName = pattern.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
)

// checkSettings reports settings that no format can use.
func checkSettings(a *app.App, f export.Format) error {
	o := a.Settings.Export
	var errs []error
	if o.AppName != "" && !isAppName.Get().MatchString(o.AppName) {
		errs = append(errs, fmt.Errorf("--app %s: must consist of letters, digits, and _ - . inside", o.AppName))
	}
	if o.User != "" && !isUserName.Get().MatchString(o.User) {
		errs = append(errs, fmt.Errorf("--user %s: must be the name of a user", o.User))
	}
	if o.UserUnits && !f.ForUser() {
		errs = append(errs, fmt.Errorf("--user-units: %s cannot run processes for a single user", f.Name))
	}
	if o.UserUnits && o.User != "" {
		errs = append(errs, fmt.Errorf("units of --user-units run as their owner: leave --user out"))
	}
	for _, key := range o.Secret {
		if _, ok := a.Env.Lookup(key); !ok {
			errs = append(errs, fmt.Errorf("--secret %s: the app's config has no such variable", key))
		}
	}
	if a.Formation.Total() == a.Formation.Count(procfile.Release) {
		errs = append(errs, fmt.Errorf("nothing to export: no process type but release would run"))
	}
	return errors.Join(errs...)
}

// logOwner is who opens the logs.
func (e *Export) logOwner() string {
	if e.format.RootLogs && !e.described.UserUnits() {
		return rootUser
	}
	return e.described.User
}

const rootUser = "root"

// checkLogs reports a directory of logs in which root would open files and others can put
// links.
func (e *Export) checkLogs() error {
	dir := e.format.LogDir(e.described)
	if dir == "" || e.format.Cluster || e.App.Settings.Elsewhere != "" || e.logOwner() != rootUser {
		return nil
	}
	if where, who, found := safedir.OpenToOthers(dir); found {
		return sharedLog(dir, where, who)
	}
	return nil
}

// checkLinks reports a file of the app's to which somebody other than root has made a link, and
// which only root can read: its contents would get into the export, and so to the app's
// user.
func checkLinks(a *app.App) error {
	var errs []error
	for _, path := range a.Files {
		if link, who, found := safedir.Borrowed(path); found {
			errs = append(errs, borrowedFile(path, link, who))
		}
	}
	return errors.Join(errs...)
}
