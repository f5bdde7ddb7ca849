package export

import (
	"fmt"
	"strings"

	"reeve/procfile/probe"
)

// A task runs to completion before what comes after it, or when its schedule starts it (cron.go). As a process that is to stay it would
// be started again, or wait for nothing, so a format that has no tasks refuses them.

// IsTask reports whether a type is one.
func (t Type) IsTask() bool { return t.Has(probe.Exit) || t.IsScheduled() }

// Limited reports whether a type is a task that must be done within a time.
func (t Type) Limited() bool { return t.IsTask() && t.ReadyTimeout > 0 }

// refuseTasks names the tasks of an app.
func refuseTasks(format string, a App) error {
	tasks := named(a, func(t Type) bool { return t.IsTask() && !t.IsScheduled() })
	if len(tasks) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s cannot run a task to completion before others start: use --exclude %s, or export to %s",
		strings.Join(tasks, ", "), format, strings.Join(tasks, ","), strings.Join(withTasks(), ", "))
}

// withTasks are the formats that have tasks.
func withTasks() (names []string) {
	for _, f := range Formats {
		if f.Tasks {
			names = append(names, f.Name)
		}
	}
	return names
}
