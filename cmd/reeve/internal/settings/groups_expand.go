package settings

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A group stands for its types: each kind of value that names types puts them in its place.

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

func (v *perTypeValue[T]) expand(g Groups) error { return expand(&v.of.types, g) }

func (v *ofTypeValue[T]) expand(g Groups) error { return expand(v.of, g) }

func (*releaseValue) expand(Groups) error { return nil }

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

func (*groupValue) expand(Groups) error { return nil }

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
		if !s.said[row.Name] {
			continue
		}
		if value := row.typed(&s.Options); value != nil {
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
