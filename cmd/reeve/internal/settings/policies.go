package settings

import (
	"slices"
	"time"

	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// Spec is what the supervisor needs to know of an instance.
func (o Policies) Spec(name, typ string) supervisor.Spec {
	_, probed := o.Ready[typ]
	task := o.IsTask(typ)
	return supervisor.Spec{
		Name: name, Type: typ,
		Stop: o.StopSignal.Of(typ), Grace: o.Timeout.Of(typ), StopCommand: o.StopCommand[typ] != "",
		Restart: o.restartOf(typ), RestartLimit: o.restartLimit,
		CanDie: slices.Contains(o.CanDie, typ) || slices.Contains(o.CanDie, procfile.All),
		After:  o.After[typ], Probed: probed && !task, Task: task, ReadyTimeout: o.readyTimeoutOf(typ),
		Health: o.healthOf(typ), Schedule: o.startedBy(typ),
	}
}

// healthOf says how the health of a type is checked.
func (o Policies) healthOf(typ string) (h supervisor.Health) {
	if _, checked := o.Health[typ]; checked {
		h = supervisor.Health{Every: o.HealthInterval.Of(typ), Failures: o.HealthFailures.Of(typ)}
	}
	return h
}

// IsTaskWithHealth reports whether a type is a task whose health would be checked, when it is over.
func (o Policies) IsTaskWithHealth(typ string) bool {
	_, checked := o.Health[typ]
	return checked && o.IsTask(typ)
}

// IsTask reports whether a type runs to completion: release does, even if nobody says so, and what time
// starts.
func (o Policies) IsTask(typ string) bool {
	return o.saidTask(typ) || o.isReleaseTask(typ) || o.IsScheduled(typ)
}

// saidTask reports whether a setting makes a type a task.
func (o Policies) saidTask(typ string) bool { return o.Ready[typ].Kind == probe.Exit }

// isReleaseTask reports whether a type is one without a setting.
func (o Policies) isReleaseTask(typ string) bool {
	_, said := o.Ready[typ]
	return typ == procfile.Release && !said
}

// CannotBeDone reports whether a type is a task that would be started again when it is done, and
// whether that is said of this type alone.
func (o Policies) CannotBeDone(typ string) (yes, own bool) {
	_, own = o.Restart.Own(typ)
	return o.IsTask(typ) && o.restartOf(typ) == supervisor.RestartAlways, own
}

// restartOf is the restart policy of a type. What is said of all types is not meant for release, nor for
// what a schedule starts again.
func (o Policies) restartOf(typ string) supervisor.RestartPolicy {
	if _, own := o.Restart.Own(typ); (o.isReleaseTask(typ) || o.IsScheduled(typ)) && !own {
		return supervisor.RestartNever
	}
	return o.Restart.Of(typ)
}

// noTimeout is what the time to be ready is while nobody has said what it should be.
const noTimeout time.Duration = -1

// readyTimeoutOf is the time in which a type must be ready: of a task, for which 0 means no limit,
// only if somebody has set it.
func (o Policies) readyTimeoutOf(typ string) time.Duration {
	switch {
	case o.readyTimeout != noTimeout:
		return o.readyTimeout
	case o.IsTask(typ):
		return 0
	}
	return 30 * time.Second
}
