package instances

import (
	"errors"
	"slices"

	"reeve/cmd/reeve/internal/past"
	"reeve/supervisor/control"
)

// Check reports a name that means no instance of a formation.
func Check(names []string, f control.Formation) error {
	var known []string
	for _, t := range f.Types {
		known = append(known, t.Name)
	}
	for _, i := range f.Instances {
		known = append(known, i.Name)
	}
	for _, name := range names {
		switch {
		case slices.ContainsFunc(f.Instances, func(i control.Instance) bool { return past.Means(name, i.Name, i.Type) }):
		case slices.ContainsFunc(f.Types, func(t control.Type) bool { return t.Name == name }):
			return errors.New(past.NoInstancesText(name))
		default:
			return errors.New(past.UnknownNameText(name, known))
		}
	}
	return nil
}

// named are those of some instances that names mean; without names it is all of them.
func named(names []string, all []control.Instance) []control.Instance {
	if len(names) == 0 {
		return all
	}
	chosen := []control.Instance{}
	for _, i := range all {
		if slices.ContainsFunc(names, func(name string) bool { return past.Means(name, i.Name, i.Type) }) {
			chosen = append(chosen, i)
		}
	}
	return chosen
}
