package settings

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"reeve/procfile"
)

// Groups are process types that have a name together, by that name. What a name means is decided
// here and nowhere else.
type Groups map[string][]string

// groupSign stands before the name of a group, wherever a process type may stand.
const groupSign = "@"

// groupTable is the table of reeve.toml that defines groups, and the flag that does.
const groupTable = "group"

// IsGroup reports whether a name is that of a group.
func IsGroup(name string) bool { return strings.HasPrefix(name, groupSign) }

// Names are those of all groups as they are written, sorted.
func (g Groups) Names() (names []string) {
	for name := range g {
		names = append(names, groupSign+name)
	}
	slices.Sort(names)
	return names
}

// Means reports whether a name is that of an instance, of its type, of a group that has the type, or
// a pattern that one of the first two matches.
func (g Groups) Means(name, instance, typ string) bool {
	if IsGroup(name) {
		return slices.Contains(g[name[len(groupSign):]], typ)
	}
	for _, of := range []string{instance, typ} {
		if matches, err := path.Match(name, of); matches && err == nil || name == of {
			return true
		}
	}
	return false
}

// Types replaces the groups among some process types by what they have, and gives each type once.
func (g Groups) Types(types []string) (all []string, err error) {
	var errs []error
	for _, name := range types {
		members := []string{name}
		if IsGroup(name) {
			members, err = g.members(name)
			errs = append(errs, err)
		}
		for _, typ := range members {
			if !slices.Contains(all, typ) {
				all = append(all, typ)
			}
		}
	}
	return all, errors.Join(errs...)
}

// Counts does that with numbers of instances. A type's own number takes precedence over a group's.
func (g Groups) Counts(counts map[string]int) (map[string]int, error) {
	all := maps.Clone(counts)
	return all, expand(&all, g)
}

// members are the process types of a group.
func (g Groups) members(name string) ([]string, error) {
	types, ok := g[name[len(groupSign):]]
	switch {
	case !ok:
		return nil, groupError{name, g.UnknownText(name)}
	case len(types) == 0:
		return nil, groupError{name, "the Procfile has none of the process types in " + name}
	}
	return types, nil
}

// UnknownText says that there is no such group.
func (g Groups) UnknownText(name string) string {
	known := "no group is defined: see reeve help formation"
	if len(g) > 0 {
		known = "there are " + strings.Join(g.Names(), ", ")
	}
	return fmt.Sprintf("no group %q: %s", name, procfile.Suggest(name, g.Names(), known))
}

// groupError is what is wrong about the use of a group.
type groupError struct{ group, text string }

func (e groupError) Error() string { return e.text }

// origins says of each process type that some names mean by which of them it is meant: by its own, else
// by that of a group.
func (g Groups) origins(names []string) (from map[string]string, err error) {
	var errs []error
	from = map[string]string{}
	for _, name := range names {
		if !IsGroup(name) {
			from[name] = name
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !IsGroup(name) {
			continue
		}
		members, err := g.members(name)
		errs = append(errs, err)
		for _, typ := range members {
			switch other := from[typ]; other {
			case typ:
			case "":
				from[typ] = name
			default:
				errs = append(errs, groupError{name, fmt.Sprintf("%s is in %s and in %s: set it for %s itself", typ, other, name, typ)})
			}
		}
	}
	return from, errors.Join(errs...)
}

// FindGroups are the groups of an app of which only the command line has been read.
func (o *Options) FindGroups() Groups {
	line := &source{Options: *o}
	file, _ := readSettings(OnStart, line.settingsRoot("start"))
	variables, _ := readVariables(OnStart)
	return merged(file, variables, line)
}

// merged gives the groups of all sources, the weakest first.
func merged(sources ...*source) Groups {
	all := groupValue{}
	for _, s := range sources {
		all.put((*groupValue)(&s.Groups))
	}
	return Groups(all)
}
