package instances

import (
	"errors"
	"slices"

	"reeve/cmd/reeve/internal/past"
	"reeve/cmd/reeve/internal/settings"
	"reeve/supervisor/control"
)

// Check reports a name that means no instance of a formation.
func Check(names []string, f control.Formation) error {
	var known []string
	groups := settings.Groups(f.Groups)
	for _, t := range f.Types {
		known = append(known, t.Name)
	}
	for _, i := range f.Instances {
		known = append(known, i.Name)
	}
	for _, name := range names {
		switch {
		case slices.ContainsFunc(f.Instances, func(i control.Instance) bool { return groups.Means(name, i.Name, i.Type) }):
		case slices.ContainsFunc(f.Types, func(t control.Type) bool { return groups.Means(name, t.Name, t.Name) }):
			return errors.New(past.NoInstancesText(name))
		default:
			return errors.New(past.UnknownNameText(name, known, groups))
		}
	}
	return nil
}

// named are those of some instances that names mean; without names it is all of them.
func named(names []string, f control.Formation) []control.Instance {
	if len(names) == 0 {
		return f.Instances
	}
	groups := settings.Groups(f.Groups)
	chosen := []control.Instance{}
	for _, i := range f.Instances {
		if slices.ContainsFunc(names, func(name string) bool { return groups.Means(name, i.Name, i.Type) }) {
			chosen = append(chosen, i)
		}
	}
	return chosen
}
