package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/place"
	"reeve/procfile"
	"reeve/procfile/probe"
)

// One reeve.toml serves all Procfiles of a root, such as Procfile and Procfile.dev, so it may
// speak of process types that the one in use does not have. What it says of those is as good
// as not said.

// typed is the value of a flag that speaks of process types, and can take that back.
type typed interface {
	names() []string
	forget(types map[string]bool)
}

// typedValues are those of the flags about process types.
func (o *options) typedValues() (values []typed) {
	for _, row := range optionTable {
		if value, ok := row.value(o).(typed); ok && row.typeForm() != never {
			values = append(values, value)
		}
	}
	return values
}

// typesNamed are the process types that settings speak of, by tables too.
func (o *options) typesNamed() (types []string) {
	for _, value := range o.typedValues() {
		types = append(types, value.names()...)
	}
	for _, t := range o.tables {
		types = append(types, t.typ)
	}
	if o.release {
		types = append(types, procfile.Release)
	}
	return types
}

// forgetElsewhere takes back what reeve.toml says of process types that the Procfile does
// not have, and another one of the root has.
func (a *app) forgetElsewhere(o *options) {
	gone := map[string]bool{}
	for _, typ := range o.inFile {
		if _, ok := a.lookup(typ); !ok && !slices.Contains(o.onLine, typ) {
			gone[typ] = true
		}
	}
	if len(gone) == 0 {
		return
	}
	known := a.typesElsewhere()
	maps.DeleteFunc(gone, func(typ string, _ bool) bool { return !slices.Contains(known, typ) })
	for _, value := range o.typedValues() {
		value.forget(gone)
	}
	o.tables = slices.DeleteFunc(o.tables, func(t table) bool { return gone[t.typ] })
	o.release = o.release && !gone[procfile.Release]
	if len(o.attach) > 0 && o.attach[0] == ctrlCWord {
		o.attach = nil // there is nobody left who would get it
	}
}

// typesElsewhere are the process types of all Procfiles of the root, as far as they can be
// read.
func (a *app) typesElsewhere() (types []string) {
	files, _ := filepath.Glob(filepath.Join(escapeGlob(a.root), place.Procfile+".*"))
	for _, file := range append(files, filepath.Join(a.root, place.Procfile)) {
		src, err := place.ReadFound(file)
		if err != nil {
			continue
		}
		if p, _ := procfile.Parse(file, src); p != nil {
			types = append(types, p.Types()...)
		}
	}
	return types
}

// escapeGlob makes a pattern that means a path and nothing else.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

func (v *listValue) names() []string { return *v.list }

func (v *listValue) forget(types map[string]bool) {
	*v.list = slices.DeleteFunc(*v.list, func(item string) bool { return types[item] })
}

func (v *formationValue) names() (names []string) {
	for _, item := range splitList(*v.spec) {
		name, _, _ := strings.Cut(item, "=")
		names = append(names, strings.TrimSpace(name))
	}
	return names
}

func (v *formationValue) forget(types map[string]bool) {
	items := slices.DeleteFunc(splitList(*v.spec), func(item string) bool {
		name, _, _ := strings.Cut(item, "=")
		return types[strings.TrimSpace(name)]
	})
	*v.spec = strings.Join(items, ",")
}

func (v *perTypeValue[T]) names() []string { return v.of.names() }

func (v *perTypeValue[T]) forget(types map[string]bool) {
	maps.DeleteFunc(v.of.types, func(typ string, _ T) bool { return types[typ] })
}

func (v *orderValue) names() []string {
	names := slices.Collect(maps.Keys(*v.after))
	for _, before := range *v.after {
		names = append(names, before...)
	}
	return names
}

func (v *orderValue) forget(types map[string]bool) {
	isGone := func(typ string) bool { return types[typ] }
	for typ, before := range *v.after {
		(*v.after)[typ] = slices.DeleteFunc(before, isGone)
		if types[typ] || len((*v.after)[typ]) == 0 {
			delete(*v.after, typ)
		}
	}
}

func (v *probeValue) names() []string { return slices.Collect(maps.Keys(*v)) }

func (v *probeValue) forget(types map[string]bool) {
	maps.DeleteFunc(*v, func(typ string, _ probe.Probe) bool { return types[typ] })
}
