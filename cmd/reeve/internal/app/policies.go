package app

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile"
	"reeve/supervisor"
)

// checkPolicies complains of types that policies name and the Procfile does not have,
// and of an order that is a ring.
func (a *App) checkPolicies(o *settings.Options) error {
	order := slices.Sorted(maps.Keys(o.After))
	for _, before := range o.After {
		order = append(order, before...)
	}
	named := func(flag string, types []string) error {
		return a.KnowsTypes(flag, slices.DeleteFunc(types, func(typ string) bool {
			return typ == procfile.All && flag == "--can-die" || o.HasTable(typ) // which has been complained of
		}))
	}
	return errors.Join(
		a.checkTables(o),
		named("--timeout", o.Timeout.Named()),
		named("--stop-signal", o.StopSignal.Named()),
		named("--restart", o.Restart.Named()),
		named("--tty", o.TTY.Named()),
		named("--stdin", o.Stdin.Named()),
		named("--can-die", slices.Clone(o.CanDie)),
		named("--ready", slices.Sorted(maps.Keys(o.Ready))),
		named("--after", slices.Compact(slices.Sorted(slices.Values(order)))),
		checkOrder(o.After),
	)
}

// checkOrder complains of an order that is a ring, and shows it.
func checkOrder(after map[string][]string) error {
	if ring := supervisor.Cycle(after); ring != nil {
		return fmt.Errorf("--after: nothing can be first: %s", strings.Join(ring, " is after "))
	}
	return nil
}

// checkTables complains of tables of types that the Procfile does not have.
func (a *App) checkTables(o *settings.Options) error {
	var errs []error
	said := map[string]bool{}
	for _, t := range o.Tables {
		if _, ok := a.Lookup(t.Type); !ok && !said[t.Type] {
			said[t.Type] = true
			errs = append(errs, diag.Problem{File: t.File, Line: t.Line, Severity: diag.Error, Message: UnknownTypeText(t.Type, a.Types())})
		}
	}
	return errors.Join(errs...)
}
