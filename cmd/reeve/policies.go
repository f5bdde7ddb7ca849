package main

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"reeve/supervisor"
)

// spec is what the supervisor needs to know of an instance.
func (o *options) spec(name, typ string) supervisor.Spec {
	_, probed := o.ready[typ]
	return supervisor.Spec{
		Name: name, Type: typ,
		Stop: o.stopSignal.of(typ), Grace: o.timeout.of(typ),
		Restart: o.restart.of(typ), RestartLimit: o.restartLimit,
		CanDie: slices.Contains(o.canDie, typ) || slices.Contains(o.canDie, "all"),
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
	return errors.Join(
		a.knowsTypes("--timeout", o.timeout.names()),
		a.knowsTypes("--stop-signal", o.stopSignal.names()),
		a.knowsTypes("--restart", o.restart.names()),
		a.knowsTypes("--can-die", slices.DeleteFunc(slices.Clone(o.canDie), func(t string) bool { return t == "all" })),
		a.knowsTypes("--ready", slices.Sorted(maps.Keys(o.ready))),
		a.knowsTypes("--after", slices.Compact(slices.Sorted(slices.Values(order)))),
		checkOrder(o.after),
	)
}

// checkOrder complains of an order that is a ring, and shows it.
func checkOrder(after map[string][]string) error {
	if ring := supervisor.Cycle(after); ring != nil {
		return errorf("--after: nothing can be first: %s", strings.Join(ring, " is after "))
	}
	return nil
}
