package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/procfile/schedule"
)

// cronEntry is a schedule in app.json.
type cronEntry struct {
	Command, Schedule string
	Maintenance       bool   // it must not run
	Concurrency       string `json:"concurrency_policy"`
	line              int
}

// ownSchedule is the name of a process type that only app.json has, by its place there.
func ownSchedule(n int) string { return fmt.Sprintf("cron-%d", n+1) }

// addSchedules adds the schedules of app.json to the app, if they are asked for. A command that is the name
// of a process type stands for it; others become process types of their own, after those of the Procfile.
func (a *App) addSchedules() error {
	if !a.Settings.ReadsManifest() {
		return nil
	}
	if len(a.manifest.cron) == 0 {
		return fmt.Errorf("--cron %s: %s has no cron, or cannot be read", settings.ManifestWord, a.fileInRoot(ManifestFile))
	}
	var errs []error
	schedules := map[string]string{}
	for n, c := range a.manifest.cron {
		if c.Maintenance {
			continue
		}
		typ, err := a.typeFor(c, ownSchedule(n), schedules)
		if err == nil {
			_, err = schedule.Parse(c.Schedule)
		}
		if err != nil {
			errs = append(errs, a.inManifest(diag.Error, c, err.Error()))
			continue
		}
		if schedules[typ] = c.Schedule; c.Concurrency != "" && c.Concurrency != "forbid" {
			a.manifestDoubts = append(a.manifestDoubts, a.inManifest(diag.Warning, c, "a run that is due while the last one is not over is skipped, whatever concurrency_policy says"))
		}
	}
	a.Settings.WithSchedules(schedules)
	return errors.Join(errs...)
}

// typeFor is the process type that an entry of app.json stands for. It has a name of its own if its command is not one
// of the Procfile's, or has been scheduled already.
func (a *App) typeFor(c cronEntry, name string, scheduled map[string]string) (typ string, err error) {
	if c.Command == "" || c.Schedule == "" {
		return "", errors.New("an entry needs a command and a schedule")
	}
	own := procfile.Entry{Type: name, Command: c.Command, Line: c.line}
	if e, known := a.Lookup(c.Command); known {
		if scheduled[e.Type] == "" {
			return e.Type, nil
		}
		own.Command = e.Command
	}
	if _, taken := a.Lookup(name); taken {
		return "", fmt.Errorf("it would be named %s, which the Procfile already has: rename that process type", name)
	}
	a.Procfile.Entries, a.added = append(a.Procfile.Entries, own), append(a.added, name)
	return name, nil
}

// inManifest is a problem with an entry of app.json.
func (a *App) inManifest(s diag.Severity, c cronEntry, text string) diag.Problem {
	return diag.Problem{File: a.fileInRoot(ManifestFile), Line: c.line, Severity: s, Message: "cron: " + strings.TrimPrefix(c.Command+": ", ": ") + text}
}

// findZone determines the time zone of schedules: that of the processes, unless a setting names one.
func (a *App) findZone() (err error) {
	name, where := a.Settings.CronZone, ""
	if name == "" {
		value, set := a.Env.Lookup("TZ")
		if !set {
			return nil
		}
		source, _ := a.Env.Source("TZ")
		name, where = value, source.Winner.String()
	}
	if a.Settings.Zone, err = zoneOf(name); err == nil || !a.hasTimesOfDay() {
		return nil
	}
	text := "the time zone in TZ cannot be found, and schedules need one: set TZ to a name such as Europe/Berlin, or use cron-zone"
	if source, _ := a.Env.Source("TZ"); source.Winner.Line > 0 {
		return diag.Problem{File: source.Winner.Layer, Line: source.Winner.Line, Severity: diag.Error, Message: text}
	}
	return fmt.Errorf("%s: %s", where, text)
}

// zoneOf finds the time zone that TZ names.
func zoneOf(name string) (*time.Location, error) {
	switch name = strings.TrimPrefix(name, ":"); {
	case name == "":
		return time.UTC, nil
	case filepath.IsAbs(name):
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		return time.LoadLocationFromTZData(name, data)
	}
	return settings.Location(name)
}

// ZoneName is the name of the time zone of schedules; empty: it is that of the machine.
func (a *App) ZoneName() string {
	if a.Settings.CronZone != "" {
		return a.Settings.CronZone
	}
	value, set := a.Env.Lookup("TZ")
	switch name := strings.TrimPrefix(value, ":"); {
	case filepath.IsAbs(name):
		return ""
	case set && name == "":
		return "UTC"
	default:
		return name
	}
}

// hasTimesOfDay reports whether a schedule depends on the time of day.
func (a *App) hasTimesOfDay() bool {
	return slices.ContainsFunc(a.Types(), func(typ string) bool { return a.Settings.Spec("", typ).Schedule.Next != nil })
}

// checkSchedules reports settings that a type with a schedule cannot have.
func (a *App) checkSchedules() error {
	errs := []error{a.zoneErr}
	for _, typ := range a.Types() {
		if key, text := a.wrongSchedule(typ); key != "" {
			errs = append(errs, a.wrongFor(typ, key, text))
		}
	}
	return errors.Join(errs...)
}

// wrongSchedule says which setting of a type is wrong because it, or a type that it comes after, has a schedule; no
// key: none is.
func (a *App) wrongSchedule(typ string) (key, text string) {
	o := a.Settings
	if n := slices.IndexFunc(o.After[typ], o.IsScheduled); n >= 0 {
		return "after", o.After[typ][n] + " has a schedule, so nothing can wait for it"
	}
	if !o.IsScheduled(typ) {
		return "", ""
	}
	p, probed := o.Ready[typ]
	_, holds := o.Listen[typ]
	switch {
	case typ == procfile.Release:
		return "cron", "release runs before the formation, and cannot have a schedule: give the command to another process type as well"
	case probed && p.Kind != probe.Exit:
		return "ready", typ + " has a schedule, so it is a task, which is ready when it is done: leave this out"
	case holds:
		return "listen", typ + " has a schedule, so most of the time nobody would answer: leave this out"
	}
	return "", ""
}

// Due says when a type with a schedule runs.
type Due struct {
	Type     string
	Schedule schedule.Schedule
	At       time.Time // zero: after an interval
}

// Dues are the types of the formation that have a schedule, in the order of the Procfile, and when they are due
// after some time.
func (a *App) Dues(now time.Time) (all []Due) {
	for _, m := range a.Formation {
		of := a.Settings.ScheduleOf(m.Type)
		if !of.IsSet() || m.Count == 0 {
			continue
		}
		d := Due{Type: m.Type, Schedule: of}
		if next := a.Settings.Spec("", m.Type).Schedule.Next; next != nil {
			d.At = next(now)
		}
		all = append(all, d)
	}
	return all
}
