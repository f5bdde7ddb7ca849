package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spf13/pflag"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/procfile"
	"reeve/supervisor"
)

// Every flag has three further sources, each weaker than the one before: REEVE_<FLAG>
// in the real environment, reeve.toml in the root, and the default. They are applied to
// the same flags in turn, the weakest first.

// setting is one line of reeve.toml.
type setting struct {
	typ   string // the table; empty: the top level
	key   string
	value []string // more than one for an array
	line  int
}

// newSource is what a flag's value has that gathers several settings: those of a
// stronger source replace those of a weaker one.
type newSource interface{ newSource() }

// applySettings puts the settings of all sources together for a command whose command
// line has been read already. The error has all that is wrong with the weaker ones.
func applySettings(command string, args []string, fromFlags *options) (*options, error) {
	o := defaults()
	on := optionCommands[command]
	flags := flagSet(o, on)
	err := applyFile(flags, on, settingsRoot(fromFlags), o)
	o.inFile, o.onLine = o.typesNamed(), fromFlags.typesNamed()
	o.portsOnLine = fromFlags.portsOnLine
	err = errors.Join(err, applyEnviron(flags, on, o))
	begin(flags)
	flags.SetInterspersed(command != "run")
	if argsErr := flags.Parse(args); argsErr != nil {
		return nil, argsErr // cannot be: it has been parsed before
	}
	return o, err
}

// begin says that what is set from now on comes from a stronger source.
func begin(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if v, ok := f.Value.(newSource); ok {
			v.newSource()
		}
	})
}

// settingsRoot is where reeve.toml would be. Only the two stronger sources can say.
func settingsRoot(o *options) string {
	said := place.Place{
		Root:     cmp.Or(o.Root, os.Getenv(flagVariable("root"))),
		Procfile: cmp.Or(o.Procfile, os.Getenv(flagVariable("procfile"))),
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

// applyEnviron sets flags from the real environment.
func applyEnviron(flags *pflag.FlagSet, on commandSet, o *options) error {
	begin(flags)
	var errs []error
	for _, row := range optionTable {
		value := os.Getenv(flagVariable(row.name))
		if row.on&on == 0 || value == "" || isNeighbour(row.name) {
			continue
		}
		if isServiceLink(flagVariable(row.name), value) {
			o.ignored = append(o.ignored, serviceLinkText(flagVariable(row.name)))
			continue
		}
		if err := flags.Lookup(row.name).Value.Set(value); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", flagVariable(row.name), err))
		}
	}
	return errors.Join(errs...)
}

// isNeighbour says whether the variable of a flag is not a setting but what another reeve
// has told its processes: the port of a process type called step, or which run they are.
func isNeighbour(flag string) bool {
	return flag == "port-step" && os.Getenv(supervisor.MarkerKey) != "" || flagVariable(flag) == supervisor.MarkerKey
}

// applyFile sets flags from reeve.toml, if there is one.
func applyFile(flags *pflag.FlagSet, on commandSet, root string, o *options) error {
	path := place.Shorten(filepath.Join(place.Absolute(root), place.SettingsFile), place.WorkingDir())
	src, err := place.ReadFound(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	settings, err := parseSettings(path, src)
	errs := []error{err}
	for _, s := range settings {
		s = s.fromRoot(filepath.Dir(path))
		apply := func() error { return s.apply(flags, on) }
		if s.isTypeEnv() {
			apply = func() error { return o.addTypeEnv(s.typ, s.value) }
		}
		if err := apply(); err != nil {
			errs = append(errs, diag.Problem{File: path, Line: s.line, Severity: diag.Error, Message: err.Error()})
		}
		if s.typ != "" {
			o.tables = append(o.tables, table{typ: s.typ, file: path, line: s.line})
		}
	}
	return errors.Join(errs...)
}

// apply sets the flag that the setting is for, if the command has it.
func (s setting) apply(flags *pflag.FlagSet, on commandSet) error {
	row := rowOf(onSettings, s.key)
	switch {
	case row.name == "" || row.name == "root":
		return fmt.Errorf("unknown key %q: %s", s.key, procfile.Suggest(s.key, settingNames(), "see: reeve help settings"))
	case s.typ != "" && row.typeForm() == never:
		return fmt.Errorf("%s is no setting of a process type: write it above the first table", s.key)
	case rowOf(on, s.key).name == "":
		return nil // of another command
	}
	for _, value := range s.flagValues(row) {
		if err := flags.Lookup(row.name).Value.Set(value); err != nil {
			return fmt.Errorf("%s: %w", s.key, err)
		}
	}
	return nil
}

// flagValues are what would stand behind the flag on a command line.
func (s setting) flagValues(row option) []string {
	value := strings.Join(s.value, ",")
	switch {
	case s.typ == "":
		if row.typeForm() == single {
			return s.value
		}
	case row.typeForm() == member:
		if value != "true" {
			return nil
		}
		value = s.typ
	case row.typeForm() == order:
		value = s.typ + "=" + strings.ReplaceAll(strings.Join(s.value, "+"), ",", "+")
	default:
		value = s.typ + "=" + value
	}
	return []string{value}
}

// parseSettings reads TOML. Its structure is what the flags make of it: keys with plain
// values or arrays of them, at the top level or one table deep.
func parseSettings(path string, src []byte) ([]setting, error) {
	var all map[string]any
	if err := toml.Unmarshal(src, &all); err != nil {
		var where *toml.DecodeError
		if errors.As(err, &where) {
			line, _ := where.Position()
			return nil, diag.Problem{File: path, Line: line, Severity: diag.Error, Message: "not TOML: " + strings.TrimPrefix(where.Error(), "toml: ")}
		}
		return nil, diag.Problem{File: path, Line: 1, Severity: diag.Error, Message: "not TOML: " + err.Error()}
	}
	var settings []setting
	var errs []error
	var parser unstable.Parser
	parser.Reset(src)
	typ := ""
	for parser.NextExpression() {
		e := parser.Expression()
		names, line := keyOf(&parser, e)
		switch {
		case e.Kind == unstable.Table && len(names) == 1:
			typ = names[0]
		case e.Kind == unstable.KeyValue && len(names) == 1:
			settings = append(settings, setting{typ: typ, key: names[0], line: line}.with(e.Value()))
		case e.Kind == unstable.KeyValue && len(names) == 2 && typ == "":
			settings = append(settings, setting{typ: names[0], key: names[1], line: line}.with(e.Value()))
		case e.Kind != unstable.Comment:
			text := strings.Join(names, ".") + " is neither a setting nor a process type's table"
			errs = append(errs, diag.Problem{File: path, Line: line, Severity: diag.Error, Message: text})
		}
	}
	return settings, errors.Join(errs...)
}

// keyOf gives an expression's key and its line.
func keyOf(p *unstable.Parser, e *unstable.Node) (names []string, line int) {
	if e.Kind == unstable.Comment {
		return nil, 0
	}
	for keys := e.Key(); keys.Next(); {
		if line == 0 {
			line = p.Shape(keys.Node().Raw).Start.Line
		}
		names = append(names, string(keys.Node().Data))
	}
	return names, line
}

// with gives a setting its value. What is neither plain nor an array is left to the
// flag to refuse.
func (s setting) with(v *unstable.Node) setting {
	if v.Kind != unstable.Array {
		s.value = []string{string(v.Data)}
		return s
	}
	for items := v.Children(); items.Next(); {
		s.value = append(s.value, string(items.Node().Data))
	}
	return s
}

// table is a process type's table in reeve.toml.
type table struct {
	typ, file string
	line      int
}

// hasTable says whether reeve.toml has a table for a type.
func (o *options) hasTable(typ string) bool {
	return slices.ContainsFunc(o.tables, func(t table) bool { return t.typ == typ })
}

// checkTables complains of tables of types that the Procfile does not have.
func (a *app) checkTables(o *options) error {
	var errs []error
	said := map[string]bool{}
	for _, t := range o.tables {
		if _, ok := a.lookup(t.typ); !ok && !said[t.typ] {
			said[t.typ] = true
			errs = append(errs, diag.Problem{File: t.file, Line: t.line, Severity: diag.Error, Message: unknownTypeText(t.typ, a.types())})
		}
	}
	return errors.Join(errs...)
}

// settingNames are the keys of reeve.toml.
func settingNames() []string {
	var names []string
	for _, row := range optionTable {
		if row.on&onSettings != 0 && row.name != "root" && !slices.Contains(names, row.name) {
			names = append(names, row.name)
		}
	}
	return names
}
