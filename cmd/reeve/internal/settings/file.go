package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/procfile"
)

// setting is one line of reeve.toml.
type setting struct {
	typ   string // the table; empty: the top level
	key   string
	value []string // more than one for an array
	line  int
}

// readSettings reads reeve.toml, if there is one.
func readSettings(on CommandSet, root string) (*source, error) {
	from := newSource()
	path := place.Shorten(filepath.Join(place.Absolute(root), place.SettingsFile), place.WorkingDir())
	src, err := place.ReadFound(path)
	if errors.Is(err, fs.ErrNotExist) {
		return from, nil
	}
	if err != nil {
		return from, err
	}
	settings, err := parseSettings(path, src)
	errs := []error{err}
	for _, s := range settings {
		if err := from.apply(on, s.fromRoot(filepath.Dir(path))); err != nil {
			errs = append(errs, diag.Problem{File: path, Line: s.line, Severity: diag.Error, Message: err.Error()})
		}
		if s.typ != "" {
			from.Tables = append(from.Tables, TypeTable{Type: s.typ, File: path, Line: s.line})
		}
	}
	return from, errors.Join(errs...)
}

// apply sets the flag that a setting is for, if the command has it.
func (s *source) apply(on CommandSet, of setting) error {
	if of.isTypeEnv() {
		return s.addTypeEnv(of.typ, of.value)
	}
	row := RowOf(OnSettings, of.key)
	switch {
	case row.Name == "" || row.Name == "root":
		return fmt.Errorf("unknown key %q: %s", of.key, procfile.Suggest(of.key, Keys(), "see: reeve help settings"))
	case of.typ != "" && !row.Arg.ForTypes():
		return fmt.Errorf("%s is no setting of a process type: write it above the first table", of.key)
	}
	if row = RowOf(on, of.key); row.Name == "" {
		return nil // of another command
	}
	for _, value := range of.flagValues(row) {
		if err := s.set(row, value); err != nil {
			return fmt.Errorf("%s: %w", of.key, err)
		}
	}
	return nil
}

// flagValues are what would stand behind the flag on a command line.
func (s setting) flagValues(row Row) []string {
	value := strings.Join(s.value, ",")
	switch {
	case s.typ == "":
		if row.Arg.Assigns() {
			return s.value
		}
	case row.Arg.IsTypes():
		if value != "true" {
			return nil
		}
		value = s.typ
	case row.Arg.form == orderForm:
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

// TypeTable is a process type's table in reeve.toml.
type TypeTable struct {
	Type, File string
	Line       int
}

// Keys are the keys of reeve.toml.
func Keys() []string {
	var names []string
	for _, row := range Table {
		if row.On&OnSettings != 0 && row.Name != "root" && !slices.Contains(names, row.Name) {
			names = append(names, row.Name)
		}
	}
	return names
}

// HasTable says whether reeve.toml has a table for a type.
func (o Sources) HasTable(typ string) bool {
	return slices.ContainsFunc(o.Tables, func(t TypeTable) bool { return t.Type == typ })
}
