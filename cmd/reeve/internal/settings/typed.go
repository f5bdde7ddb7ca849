package settings

import (
	"maps"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
	"reeve/procfile"
	"reeve/procfile/probe"
)

// typed is the value of a flag that speaks of process types, and can take that back.
type typed interface {
	names() []string
	forget(types map[string]bool)
}

// typedValues are those of the flags about process types.
func (o *Options) typedValues() (values []typed) {
	for _, row := range Table {
		if value, ok := row.value(o).(typed); ok && row.Arg.ForTypes() {
			values = append(values, value)
		}
	}
	return values
}

// typesNamed are the process types that settings speak of, by tables too.
func (o *Options) typesNamed() (types []string) {
	for _, value := range o.typedValues() {
		types = append(types, value.names()...)
	}
	for _, m := range o.Mentions {
		types = append(types, m.Type)
	}
	if o.Release {
		types = append(types, procfile.Release)
	}
	return types
}

// Forget takes back what is said of some process types.
func (o *Options) Forget(gone map[string]bool) {
	for _, value := range o.typedValues() {
		value.forget(gone)
	}
	o.Mentions = slices.DeleteFunc(o.Mentions, func(m Mention) bool { return gone[m.Type] })
	o.Release = o.Release && !gone[procfile.Release]
	if len(o.Attach) > 0 && o.Attach[0] == CtrlCWord {
		o.Attach = nil // there is nobody left who would get it
	}
}

// Mention is a place outside the command line that speaks of a process type: a table of
// reeve.toml, or the value of a setting.
type Mention struct {
	Type  string
	Where diag.Problem // its message is what the setting is called there; a table has none
}

// envNames says where env files are named outside the command line, by their paths.
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

// typesIn are the process types that the text of a flag speaks of.
func (r Row) typesIn(text string) []string {
	var alone Options
	flag := r.value(&alone)
	if flag.Set(text) != nil {
		return nil
	}
	if alone.Release {
		return []string{procfile.Release}
	}
	value, ok := flag.(typed)
	if !ok || !r.Arg.ForTypes() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(value.names()), func(name string) bool {
		return name == r.Arg.more || name == output.System && r.Name == "quiet" || name == procfile.All && r.Arg.form == countsForm
	})
}

// typeIn is the process type in TYPE=N.
func typeIn(item string) string {
	name, _, _ := strings.Cut(item, "=")
	return strings.TrimSpace(name)
}

func (v *listValue) names() []string { return *v }

func (v *listValue) forget(types map[string]bool) {
	*v = slices.DeleteFunc(*v, func(item string) bool { return types[item] })
}

func (v *formationValue) names() (names []string) {
	for _, item := range splitList(string(*v)) {
		names = append(names, typeIn(item))
	}
	return names
}

func (v *formationValue) forget(types map[string]bool) {
	items := slices.DeleteFunc(splitList(string(*v)), func(item string) bool { return types[typeIn(item)] })
	*v = formationValue(strings.Join(items, ","))
}

func (v *perTypeValue[T]) names() []string { return v.of.Named() }

func (v *perTypeValue[T]) forget(types map[string]bool) {
	maps.DeleteFunc(v.of.Types, func(typ string, _ T) bool { return types[typ] })
}

func (v *orderValue) names() []string {
	names := slices.Collect(maps.Keys(*v))
	for _, before := range *v {
		names = append(names, before...)
	}
	return names
}

func (v *orderValue) forget(types map[string]bool) {
	isGone := func(typ string) bool { return types[typ] }
	for typ, before := range *v {
		(*v)[typ] = slices.DeleteFunc(before, isGone)
		if types[typ] || len((*v)[typ]) == 0 {
			delete(*v, typ)
		}
	}
}

func (v *probeValue) names() []string { return slices.Collect(maps.Keys(*v)) }

func (v *probeValue) forget(types map[string]bool) {
	maps.DeleteFunc(*v, func(typ string, _ probe.Probe) bool { return types[typ] })
}
