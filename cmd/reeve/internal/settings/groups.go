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

// expand replaces groups by their process types in a map. What is said of a type itself takes precedence.
func expand[V any](of *map[string]V, g Groups) error {
	if len(*of) == 0 {
		return nil
	}
	var names []string
	for name := range *of {
		names = append(names, name)
	}
	from, err := g.origins(names)
	all := make(map[string]V, len(from))
	for typ, name := range from {
		all[typ] = (*of)[name]
	}
	*of = all
	return err
}

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

func (v *perTypeValue[T]) expand(g Groups) error { return expand(&v.of.types, g) }
func (v *ofTypeValue[T]) expand(g Groups) error  { return expand(v.of, g) }
func (*releaseValue) expand(Groups) error        { return nil }

func (v *typesValue) expand(g Groups) (err error) {
	*v, err = g.Types(*v)
	return err
}

// expand is about the text, which procfile reads.
func (v *formationValue) expand(g Groups) error {
	texts := map[string]string{}
	var items []string
	for _, item := range splitList(string(*v)) {
		if name := typeIn(item); IsGroup(name) {
			_, texts[name], _ = strings.Cut(item, "=")
			continue
		}
		items = append(items, item)
		texts[typeIn(item)] = ""
	}
	groups := len(texts) - len(items)
	if groups == 0 {
		return nil
	}
	own := maps.Clone(texts)
	err := expand(&texts, g)
	for _, typ := range slices.Sorted(maps.Keys(texts)) {
		if _, said := own[typ]; !said {
			items = append(items, typ+"="+texts[typ])
		}
	}
	*v = formationValue(strings.Join(items, ","))
	return err
}

// expand adds what is said of a group to what is said of its types. A type comes after the others of
// a group, not after itself.
func (v *orderValue) expand(g Groups) error {
	var errs []error
	all := orderValue{}
	for _, name := range slices.Sorted(maps.Keys(*v)) {
		types, err := g.Types([]string{name})
		errs = append(errs, err)
		for _, typ := range types {
			for _, before := range (*v)[name] {
				names, err := g.Types([]string{before})
				errs = append(errs, err)
				names = slices.DeleteFunc(names, func(of string) bool { return IsGroup(before) && of == typ || slices.Contains(all[typ], of) })
				all[typ] = append(all[typ], names...)
			}
		}
	}
	if len(*v) > 0 {
		*v = all
	}
	return errors.Join(errs...)
}

// groupValue is NAME=TYPE+TYPE, or several of them with commas.
type groupValue Groups

func (*groupValue) String() string      { return "" }
func (*groupValue) Type() string        { return "group" }
func (v *groupValue) described() string { return fmt.Sprint(map[string][]string(*v)) }

func (v *groupValue) Set(s string) error {
	all := orderValue(*v)
	if err := all.Set(s); err != nil {
		return errors.New("must be NAME=TYPE+TYPE, as in admin=api+ui")
	}
	for name, types := range all {
		switch {
		case IsGroup(name):
			return fmt.Errorf("%s is called %s where it is defined", name, name[len(groupSign):])
		case strings.ContainsAny(name, " \t*?[]\\.:"+groupSign):
			return fmt.Errorf("%q cannot be the name of a group: use letters, digits, _ and -", name)
		case slices.ContainsFunc(types, IsGroup):
			return fmt.Errorf("%s: a group has process types, not other groups", name)
		}
	}
	*v = groupValue(all)
	return nil
}

// put replaces a group.
func (v *groupValue) put(stronger value) {
	putAll((*map[string][]string)(v), *stronger.(*groupValue))
}

func (v *groupValue) names() (types []string) {
	for _, of := range *v {
		types = append(types, of...)
	}
	return types
}

// drop leaves the group, though it may be empty: its name still means something.
func (v *groupValue) drop(types map[string]bool) {
	left := groupValue{}
	for name, of := range *v {
		left[name] = slices.DeleteFunc(slices.Clone(of), func(typ string) bool { return types[typ] })
	}
	if *v != nil {
		*v = left
	}
}

func (*groupValue) expand(Groups) error { return nil }

// setGroup defines a group, as a line of the table of groups says.
func (s *source) setGroup(row Row, of setting) error {
	where := of.where
	where.Message = groupTable
	return s.set(row, of.key+"="+strings.Join(of.value, "+"), where)
}

// expandGroups replaces groups by their process types in all that a source says. What is wrong is
// said with its place, where there is one.
func (s *source) expandGroups(g Groups) error {
	var errs []error
	note := func(name string, err error) {
		for _, one := range joined(err) {
			var wrong groupError
			if !errors.As(one, &wrong) {
				continue
			}
			n := slices.IndexFunc(s.Mentions, func(m Mention) bool { return m.Type == wrong.group })
			if n < 0 {
				errs = append(errs, fmt.Errorf("--%s: %w", name, one))
				continue
			}
			where := s.Mentions[n].Where
			where.Message = strings.TrimPrefix(where.Message+": ", ": ") + wrong.text
			errs = append(errs, where)
		}
	}
	for _, row := range Table() {
		if value := row.typed(&s.Options); value != nil && s.said[row.Name] {
			note(row.Name, value.expand(g))
		}
	}
	note("env", expand(&s.TypeEnv, g))
	s.Mentions = slices.DeleteFunc(s.Mentions, func(m Mention) bool { return IsGroup(m.Type) })
	return errors.Join(errs...)
}

// joined are the errors that were joined to one.
func joined(err error) (all []error) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			all = append(all, joined(one)...)
		}
		return all
	}
	if err != nil {
		all = append(all, err)
	}
	return all
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
