package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/notify"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// checkTypes reports types that flags name and the Procfile does not have.
func (a *App) checkTypes() error {
	var errs []error
	for flag, types := range a.Settings.TypesOf() {
		errs = append(errs, a.KnowsTypes("--"+flag, types))
	}
	return errors.Join(errs...)
}

// checkOrder reports an order that is a cycle, and shows it.
func checkOrder(after map[string][]string) error {
	if ring := supervisor.Cycle(after); ring != nil {
		return fmt.Errorf("--after: a cycle, so nothing can start first: %s", strings.Join(ring, " comes after "))
	}
	return nil
}

// checkTasks reports settings that a task cannot have. What they say of all types matters only
// of those that run.
func (a *App) checkTasks() error {
	var errs []error
	for _, typ := range a.Types() {
		if yes, own := a.Settings.CannotBeDone(typ); yes && (own || a.Formation.Count(typ) > 0) {
			errs = append(errs, a.wrongFor(typ, "restart", endlessTaskText(typ)))
		}
		if a.Settings.IsTaskWithHealth(typ) {
			errs = append(errs, a.wrongFor(typ, "health", taskHealthText(typ)))
		}
	}
	return errors.Join(errs...)
}

// checkNotify reports types whose processes are to tell how they are, where nobody would know who
// does.
func (a *App) checkNotify() error {
	var errs []error
	for _, typ := range a.Types() {
		if a.Settings.Ready[typ].Kind == probe.Notify && !notify.Supported {
			errs = append(errs, a.wrongFor(typ, "ready", noNotifyText))
		}
		if a.Settings.Health[typ].Kind == probe.Notify && !notify.Supported {
			errs = append(errs, a.wrongFor(typ, "health", noNotifyText))
		}
	}
	return errors.Join(errs...)
}

// noNotifyText says that a probe cannot be had.
const noNotifyText = "only Linux tells who has sent a message, so there is no notify here: use another probe"

// wrongFor says what is wrong with a setting of a type, where that is set.
func (a *App) wrongFor(typ, key, text string) diag.Problem {
	p := a.Settings.PlaceOf(typ, key)
	p.Message += ": " + text
	return p
}

// checkMentions reports types that reeve.toml and variables name and the Procfile does not
// have, each where that is said, so that nobody reports them again as those of a flag.
func (a *App) checkMentions() error {
	var errs []error
	unknown, tables := map[string]bool{}, map[string]bool{}
	for _, m := range a.Settings.Mentions {
		if _, ok := a.Lookup(m.Type); ok || tables[m.Type] || slices.Contains(a.Settings.OnLine, m.Type) {
			continue // a table speaks of its type in each of its lines; the command line comes first
		}
		unknown[m.Type] = true
		text := UnknownTypeText(m.Type, a.Types())
		if setting := m.Where.Message; setting != "" {
			text = setting + ": " + text
		} else {
			tables[m.Type] = true
		}
		m.Where.Message = text
		errs = append(errs, m.Where)
	}
	a.Settings = a.Settings.Without(unknown)
	return errors.Join(errs...)
}
