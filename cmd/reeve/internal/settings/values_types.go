package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"reeve/procfile"
)

// typed is the value of a flag that is about process types.
type typed interface {
	value
	// names are the types, and any words that may stand in place of one.
	names() []string
	// about describes what is set for a type, so that it can be compared; empty: nothing is.
	about(typ string) string
	// expand replaces groups among the types by what they have.
	expand(Groups) error
	// drop takes some types out, and leaves alone what copies of the options share.
	drop(types map[string]bool)
}

// PerType is a setting that can differ between process types.
type PerType[T any] struct {
	all   T    // where a type has none of its own
	said  bool // all has been set
	types map[string]T
}

// Of gives the setting of a type.
func (p PerType[T]) Of(typ string) T {
	if v, ok := p.types[typ]; ok {
		return v
	}
	return p.all
}

// Own gives the setting that a type has of its own, if it has one.
func (p PerType[T]) Own(typ string) (v T, ok bool) {
	v, ok = p.types[typ]
	return v, ok
}

// perTypeValue is VALUE or TYPE=VALUE, or several of them with commas.
type perTypeValue[T any] struct {
	of    *PerType[T]
	parse func(string) (T, error)
	show  func(T) string
}

// perTypeVar reads a setting that can differ between process types.
func perTypeVar[T any](of *PerType[T], parse func(string) (T, error), show func(T) string) value {
	return &perTypeValue[T]{of, parse, show}
}

func (v *perTypeValue[T]) String() string { return v.show(v.of.all) }
func (*perTypeValue[T]) Type() string     { return "per type" }
func (v *perTypeValue[T]) Set(s string) error {
	items := splitList(s)
	if len(items) == 0 {
		return errEmpty
	}
	for _, item := range items {
		typ, text, named := strings.Cut(item, "=")
		if !named {
			text = item
		}
		typ = strings.TrimSpace(typ)
		value, err := v.parse(strings.TrimSpace(text))
		switch {
		case err != nil:
			return err
		case !named:
			v.of.all, v.of.said = value, true
		case typ == "":
			return fmt.Errorf("needs a process type before the =")
		default:
			putAll(&v.of.types, map[string]T{typ: value})
		}
	}
	return nil
}

// put lets a value for all types hold also for those for which a weaker source says
// something else.
func (v *perTypeValue[T]) put(stronger value) {
	s := stronger.(*perTypeValue[T]).of
	if s.said {
		*v.of = PerType[T]{all: s.all, said: true}
	}
	putAll(&v.of.types, s.types)
}

func (v *perTypeValue[T]) names() []string            { return slices.Collect(maps.Keys(v.of.types)) }
func (v *perTypeValue[T]) drop(types map[string]bool) { dropTypes(&v.of.types, types) }

// ofTypeValue is TYPE=VALUE. A value may hold anything, commas too, so there is one a flag.
type ofTypeValue[T any] struct {
	of    *map[string]T
	parse func(string) (T, error)
	form  string // what is right, with an example
}

// ofTypeVar reads a setting that only some process types have.
func ofTypeVar[T any](of *map[string]T, parse func(string) (T, error), form string) value {
	return &ofTypeValue[T]{of, parse, form}
}

func (*ofTypeValue[T]) String() string { return "" }
func (*ofTypeValue[T]) Type() string   { return "of a type" }
func (v *ofTypeValue[T]) Set(s string) error {
	typ, text, ok := strings.Cut(s, "=")
	if typ = strings.TrimSpace(typ); !ok || typ == "" {
		return fmt.Errorf("must be %s", v.form)
	}
	value, err := v.parse(strings.TrimSpace(text))
	if err == nil {
		putAll(v.of, map[string]T{typ: value})
	}
	return err
}

// put replaces the value of a type.
func (v *ofTypeValue[T]) put(stronger value) { putAll(v.of, *stronger.(*ofTypeValue[T]).of) }

func (v *ofTypeValue[T]) names() []string            { return slices.Collect(maps.Keys(*v.of)) }
func (v *ofTypeValue[T]) drop(types map[string]bool) { dropTypes(v.of, types) }

// typesValue is a comma-separated list of process types. Given again, it gets longer.
type typesValue []string

func (v *typesValue) String() string     { return (*listValue)(v).String() }
func (*typesValue) Type() string         { return "types" }
func (v *typesValue) Set(s string) error { return (*listValue)(v).Set(s) }
func (v *typesValue) put(stronger value) { *v = *stronger.(*typesValue) }

func (v *typesValue) names() []string { return *v }
func (v *typesValue) drop(types map[string]bool) {
	*v = slices.DeleteFunc(slices.Clone(*v), func(item string) bool { return types[item] })
}

// releaseValue is a switch for one process type, which is called release.
type releaseValue bool

func (v *releaseValue) String() string     { return (*switchValue)(v).String() }
func (*releaseValue) Type() string         { return "bool" }
func (v *releaseValue) Set(s string) error { return (*switchValue)(v).Set(s) }
func (v *releaseValue) put(stronger value) { *v = *stronger.(*releaseValue) }

func (v *releaseValue) names() []string {
	if !*v {
		return nil
	}
	return []string{procfile.Release}
}

func (v *releaseValue) drop(types map[string]bool) { *v = *v && !releaseValue(types[procfile.Release]) }

// formationValue is a formation; procfile reads it. Given again, it gets longer.
type formationValue string

func (*formationValue) Type() string     { return "formation" }
func (v *formationValue) String() string { return string(*v) }

func (v *formationValue) Set(s string) error {
	if len(splitList(s)) == 0 {
		return errEmpty
	}
	*v = formationValue(strings.Trim(string(*v)+","+s, ","))
	return nil
}

// put keeps the types of a weaker source that the stronger one does not name; all=N names
// them all.
func (v *formationValue) put(stronger value) {
	s := stronger.(*formationValue)
	said := s.names()
	if slices.Contains(said, procfile.All) {
		*v = *s
		return
	}
	gone := map[string]bool{}
	for _, typ := range said {
		gone[typ] = true
	}
	v.drop(gone)
	*v = formationValue(strings.Trim(string(*v)+","+string(*s), ","))
}

func (v *formationValue) names() (names []string) {
	for _, item := range splitList(string(*v)) {
		names = append(names, typeIn(item))
	}
	return names
}

func (v *formationValue) drop(types map[string]bool) {
	items := slices.DeleteFunc(splitList(string(*v)), func(item string) bool { return types[typeIn(item)] })
	*v = formationValue(strings.Join(items, ","))
}

// typeIn is the process type in TYPE=N.
func typeIn(item string) string {
	name, _, _ := strings.Cut(item, "=")
	return strings.TrimSpace(name)
}

// orderValue is TYPE=TYPE+TYPE, or several of them with commas.
type orderValue map[string][]string

func (v *orderValue) String() string { return "" }
func (*orderValue) Type() string     { return "order" }
func (v *orderValue) Set(s string) error {
	items := splitList(s)
	if len(items) == 0 {
		return errEmpty
	}
	for _, item := range items {
		typ, list, _ := strings.Cut(item, "=")
		typ = strings.TrimSpace(typ)
		var before []string
		for name := range strings.SplitSeq(list, "+") {
			before = append(before, strings.TrimSpace(name))
		}
		if typ == "" || slices.Contains(before, "") {
			return fmt.Errorf("must be TYPE=TYPE+TYPE, as in web=db+redis")
		}
		if *v == nil {
			*v = orderValue{}
		}
		(*v)[typ] = append((*v)[typ], before...)
	}
	return nil
}

// put replaces the value of a type.
func (v *orderValue) put(stronger value) { putAll((*map[string][]string)(v), *stronger.(*orderValue)) }

func (v *orderValue) names() []string {
	names := slices.Collect(maps.Keys(*v))
	for _, before := range *v {
		names = append(names, before...)
	}
	return names
}

func (v *orderValue) drop(types map[string]bool) {
	dropTypes((*map[string][]string)(v), types)
	for typ, before := range *v {
		left := slices.DeleteFunc(slices.Clone(before), func(typ string) bool { return types[typ] })
		if (*v)[typ] = left; len(left) == 0 {
			delete(*v, typ)
		}
	}
}

// putAll puts the entries of one map into another.
func putAll[V any](into *map[string]V, from map[string]V) {
	if *into == nil && len(from) > 0 {
		*into = map[string]V{}
	}
	maps.Copy(*into, from)
}

// dropTypes replaces a map by one without the entries of some types.
func dropTypes[V any](in *map[string]V, types map[string]bool) {
	left := maps.Clone(*in)
	maps.DeleteFunc(left, func(typ string, _ V) bool { return types[typ] })
	*in = left
}
