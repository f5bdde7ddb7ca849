package settings

import (
	"iter"
	"slices"

	"reeve/cmd/reeve/internal/diag"
)

// typed is the value of a flag that is about process types, and nil for any other. What is written as
// a value or a list of them is about none. To ask each kind of value, as with switches, costs something
// when it is done for the first time, and this is asked of every flag at every start.
func (r Row) typed(o *Options) typed {
	if r.Arg.form == oneValue || r.Arg.form == listForm {
		return nil
	}
	value, _ := r.value(o).(typed)
	return value
}

// types are the process types that the flag names in some options, each once, sorted.
func (r Row) types(o *Options) []string {
	value := r.typed(o)
	if value == nil {
		return nil
	}
	names := slices.Compact(slices.Sorted(slices.Values(value.names())))
	return slices.DeleteFunc(names, func(name string) bool { return name == r.Arg.more })
}

// typesIn are the process types in the text of a flag.
func (r Row) typesIn(text string) []string {
	var alone Options
	if r.value(&alone).Set(text) != nil {
		return nil
	}
	return r.types(&alone)
}

// TypesOf goes through the flags that name process types. It leaves out those that
// [procfile.Procfile.Formation] is told of, which says itself if there is no such type.
func (o *Options) TypesOf() iter.Seq2[string, []string] {
	return func(yield func(flag string, types []string) bool) {
		seen := map[string]bool{"formation": true, "exclude": true}
		for _, row := range Table() {
			types := row.types(o)
			if len(types) == 0 || seen[row.Name] {
				continue
			}
			if seen[row.Name] = true; !yield(row.Name, types) {
				return
			}
		}
	}
}

// typesNamed are the process types that a source is about, in tables too.
func (s *source) typesNamed() (types []string) {
	for _, row := range Table() {
		if s.said[row.Name] {
			types = append(types, row.types(&s.Options)...)
		}
	}
	for _, m := range s.Mentions {
		types = append(types, m.Type)
	}
	return types
}

// Without is the same options without anything about some process types.
func (o *Options) Without(types map[string]bool) *Options {
	left := *o
	for _, row := range Table() {
		if value := row.typed(&left); value != nil {
			value.drop(types)
		}
	}
	left.Mentions = slices.DeleteFunc(slices.Clone(o.Mentions), func(m Mention) bool { return types[m.Type] })
	if len(left.Attach) > 0 && left.Attach[0] == CtrlCWord {
		left.Attach = nil // there is nobody left who would get it
	}
	return &left
}

// Mention is a place outside the command line that names a process type: a table of
// reeve.toml, or the value of a setting.
type Mention struct {
	Type  string
	Key   string       // of the setting, in the table of the type; empty: it is elsewhere
	Where diag.Problem // its message is what the setting is called there; a table has none
}

// PlaceOf is where a setting of a process type is made, with the name that it has there as the
// message.
func (o *Options) PlaceOf(typ, key string) diag.Problem {
	where := diag.Problem{Severity: diag.Error, Message: "--" + key}
	if slices.Contains(o.OnLine, typ) {
		return where
	}
	for _, m := range o.Mentions {
		switch {
		case m.Type != typ:
		case m.Key == key:
			where = m.Where
			where.Message = key
		case m.Key == "" && (m.Where.Message == key || m.Where.Message == Variable(key)):
			where = m.Where
		}
	}
	return where
}

// envNames says where env files, or groups, are named outside the command line, by their paths or
// names.
type envNames map[string]diag.Problem

// note takes down env files of one place.
func (n *envNames) note(files []string, where diag.Problem) {
	if *n == nil {
		*n = envNames{}
	}
	for _, path := range files {
		(*n)[path] = where
	}
}
