package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"reeve/cmd/reeve/internal/place"
	"reeve/supervisor"
)

// Every flag has three further sources, each weaker than the one before: REEVE_<FLAG> in the
// real environment, reeve.toml in the root, and the default. Each is read into options of its
// own, and then one put over the other, the weakest first.

// source is what one of them says.
type source struct {
	options
	said map[string]bool // the flags that it sets
}

func newSource() *source { return &source{said: map[string]bool{}} }

// set sets a flag.
func (s *source) set(row option, text string) error {
	err := row.value(&s.options).Set(text)
	if err == nil {
		s.said[row.name] = true
	}
	return err
}

// merge puts what sources say over the defaults, the weakest first.
func merge(on commandSet, sources ...*source) *options {
	o := defaults()
	for _, s := range sources {
		for _, row := range optionTable {
			if row.on&on != 0 && s.said[row.name] {
				row.value(o).put(row.value(&s.options))
			}
		}
		o.tables, o.ignored = append(o.tables, s.tables...), append(o.ignored, s.ignored...)
		for typ, files := range s.typeEnv {
			putAll(&o.typeEnv, map[string][]string{typ: files})
		}
	}
	return o
}

// settingsRoot is where reeve.toml would be. Only the two stronger sources can say.
func (s *source) settingsRoot(command string) string {
	line := s.options
	if command == "export" {
		line.lookHere()
	}
	said := place.Place{
		Root:     cmp.Or(line.Root, os.Getenv(flagVariable("root"))),
		Procfile: cmp.Or(line.Procfile, os.Getenv(flagVariable("procfile"))),
	}
	path := said.Procfile
	if path == "" {
		path, _ = place.FindProcfile(said.Root) // none: a one-off needs none
	}
	return said.Dir(path)
}

// flagVariable is the variable that sets a flag.
func flagVariable(name string) string {
	return "REEVE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// readVariables reads the real environment.
func readVariables(on commandSet) (*source, error) {
	from := newSource()
	var errs []error
	for _, row := range optionTable {
		value := os.Getenv(flagVariable(row.name))
		if row.on&on == 0 || value == "" || isNeighbour(row.name) {
			continue
		}
		if isServiceLink(flagVariable(row.name), value) {
			from.ignored = append(from.ignored, serviceLinkText(flagVariable(row.name)))
			continue
		}
		if err := from.set(row, value); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", flagVariable(row.name), err))
		}
	}
	return from, errors.Join(errs...)
}

// isNeighbour says whether the variable of a flag is not a setting but what another reeve
// has told its processes: the port of a process type called step, or which run they are.
func isNeighbour(flag string) bool {
	return flag == "port-step" && os.Getenv(supervisor.MarkerKey) != "" || flagVariable(flag) == supervisor.MarkerKey
}
