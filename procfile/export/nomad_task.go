package export

import (
	"slices"
	"strings"
)

// Nomad has tasks of its own kind: those of a group run before its process, or beside it. So a task
// of the app has no group but is part of that of a type which comes after it, and runs before
// the first instance there.

// nomadGroups are the types that have a group: what is to stay, or, if there is no such type,
// the tasks that nothing comes after.
func nomadGroups(a App) []Type {
	services := slices.DeleteFunc(slices.Clone(a.Types), Type.IsTask)
	if len(services) > 0 {
		return services
	}
	return slices.DeleteFunc(withoutSchedules(a), func(t Type) bool { return isAwaited(a, t) })
}

// isAwaited reports whether something comes after a type.
func isAwaited(a App, t Type) bool {
	return slices.ContainsFunc(a.Types, func(other Type) bool { return slices.Contains(other.After, t.Name) })
}

// jobType is what Nomad calls a job that stays, or one that completes.
func jobType(p Page) string {
	if a := p.App; p.Type == nil && slices.ContainsFunc(a.Types, func(t Type) bool { return !t.IsTask() }) {
		return "service"
	}
	return "batch"
}

// nomadTasks are the tasks in a type's group, beside that of the type itself.
func nomadTasks(a App, group Type) []Type {
	if group.IsScheduled() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(a.Types), func(t Type) bool {
		return !t.IsTask() || t.IsScheduled() || t.Name == group.Name || groupOf(a, t) != group.Name
	})
}

// groupOf is the group that runs a task: the first that comes after it, perhaps with other tasks
// between them, else the first that it comes after, else the first of all.
func groupOf(a App, task Type) string {
	groups := nomadGroups(a)
	for _, g := range groups {
		if comesAfter(a, g, task.Name) {
			return g.Name
		}
	}
	for _, g := range groups {
		if slices.Contains(task.After, g.Name) {
			return g.Name
		}
	}
	return groups[0].Name
}

// comesAfter reports whether a type comes after another, perhaps with tasks between them.
func comesAfter(a App, t Type, other string) bool {
	return slices.ContainsFunc(t.After, func(name string) bool {
		return name == other || a.Type(name).IsTask() && comesAfter(a, a.Type(name), other)
	})
}

// nomadHook says when a task runs in its group: before the process there, if that comes after it.
func nomadHook(a App, task Type) string {
	if comesAfter(a, a.Type(groupOf(a, task)), task.Name) {
		return "prestart"
	}
	return "poststart"
}

// lostOrder are the types of which Nomad does not keep the order.
func lostOrder(a App) string {
	var names []string
	for _, t := range a.Types {
		if slices.ContainsFunc(t.After, func(before string) bool { return !keepsOrder(a, t, a.Type(before)) }) {
			names = append(names, t.Name)
		}
	}
	return strings.Join(names, ", ")
}

// keepsOrder reports whether a type starts after another here: one of them is a task, in the group
// of the other.
func keepsOrder(a App, t, before Type) bool {
	if t.IsScheduled() {
		return false
	}
	if before.IsTask() {
		return groupOf(a, before) == t.Name
	}
	return t.IsTask() && groupOf(a, t) == before.Name && nomadHook(a, t) == "poststart"
}
