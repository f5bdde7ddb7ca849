package app

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"reeve/procfile"
	"reeve/supervisor"
)

// checkPolicies reports types that policies name and the Procfile does not have,
// and of an order that is a ring.
func (a *App) checkPolicies() error {
	order := slices.Sorted(maps.Keys(a.settings.After))
	for _, before := range a.settings.After {
		order = append(order, before...)
	}
	named := func(flag string, types []string) error {
		return a.KnowsTypes(flag, slices.DeleteFunc(types, func(typ string) bool {
			return typ == procfile.All && flag == "--can-die"
		}))
	}
	return errors.Join(
		named("--timeout", a.settings.Timeout.Named()),
		named("--stop-signal", a.settings.StopSignal.Named()),
		named("--restart", a.settings.Restart.Named()),
		named("--tty", a.settings.TTY.Named()),
		named("--stdin", a.settings.Stdin.Named()),
		named("--can-die", slices.Clone(a.settings.CanDie)),
		named("--ready", slices.Sorted(maps.Keys(a.settings.Ready))),
		named("--after", slices.Compact(slices.Sorted(slices.Values(order)))),
		checkOrder(a.settings.After),
	)
}

// checkOrder reports an order that is a ring, and shows it.
func checkOrder(after map[string][]string) error {
	if ring := supervisor.Cycle(after); ring != nil {
		return fmt.Errorf("--after: a cycle, so nothing can start first: %s", strings.Join(ring, " comes after "))
	}
	return nil
}

// checkMentions reports types that reeve.toml and variables speak of and the Procfile
// does not have, each where that is said, and takes back what is said of them.
func (a *App) checkMentions() error {
	var errs []error
	unknown, tables := map[string]bool{}, map[string]bool{}
	for _, m := range a.settings.Mentions {
		if _, ok := a.Lookup(m.Type); ok || tables[m.Type] || slices.Contains(a.settings.OnLine, m.Type) {
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
	a.settings.Forget(unknown)
	return errors.Join(errs...)
}
