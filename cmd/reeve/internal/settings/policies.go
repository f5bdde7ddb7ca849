package settings

import (
	"slices"

	"reeve/procfile"
	"reeve/supervisor"
)

// Spec is what the supervisor needs to know of an instance.
func (o Policies) Spec(name, typ string) supervisor.Spec {
	_, probed := o.Ready[typ]
	return supervisor.Spec{
		Name: name, Type: typ,
		Stop: o.StopSignal.Of(typ), Grace: o.Timeout.Of(typ),
		Restart: o.Restart.Of(typ), RestartLimit: o.restartLimit,
		CanDie: slices.Contains(o.CanDie, typ) || slices.Contains(o.CanDie, procfile.All),
		After:  o.After[typ], Probed: probed, ReadyTimeout: o.readyTimeout,
	}
}
