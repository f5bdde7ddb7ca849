package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"reeve/procfile"
	"reeve/supervisor"
)

// spec is what the supervisor needs to know of an instance.
func (o *options) spec(name, typ string) supervisor.Spec {
	_, probed := o.ready[typ]
	return supervisor.Spec{
		Name: name, Type: typ,
		Stop: o.stopSignal.of(typ), Grace: o.timeout.of(typ),
		Restart: o.restart.of(typ), RestartLimit: o.restartLimit,
		CanDie: slices.Contains(o.canDie, typ) || slices.Contains(o.canDie, procfile.All),
		After:  o.after[typ], Probed: probed, ReadyTimeout: o.readyTimeout,
	}
}

// checkPolicies complains of types that policies name and the Procfile does not have,
// and of an order that is a ring.
func (a *app) checkPolicies(o *options) error {
	order := slices.Sorted(maps.Keys(o.after))
	for _, before := range o.after {
		order = append(order, before...)
	}
	named := func(flag string, types []string) error {
		return a.knowsTypes(flag, slices.DeleteFunc(types, func(typ string) bool {
			return typ == procfile.All && flag == "--can-die" || o.hasTable(typ) // which has been complained of
		}))
	}
	return errors.Join(
		a.checkTables(o),
		named("--timeout", o.timeout.names()),
		named("--stop-signal", o.stopSignal.names()),
		named("--restart", o.restart.names()),
		named("--tty", o.tty.names()),
		named("--stdin", o.stdin.names()),
		named("--can-die", slices.Clone(o.canDie)),
		named("--ready", slices.Sorted(maps.Keys(o.ready))),
		named("--after", slices.Compact(slices.Sorted(slices.Values(order)))),
		checkOrder(o.after),
	)
}

// checkOrder complains of an order that is a ring, and shows it.
func checkOrder(after map[string][]string) error {
	if ring := supervisor.Cycle(after); ring != nil {
		return fmt.Errorf("--after: nothing can be first: %s", strings.Join(ring, " is after "))
	}
	return nil
}
