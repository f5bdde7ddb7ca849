package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/procfile"
)

// setting is one line of reeve.toml.
type setting struct {
	typ   string // the table; empty: the top level
	key   string
	value []string
	kind  unstable.Kind // of the value
	where diag.Problem
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
	settings, err := parseSettings(path, bytes.TrimPrefix(src, []byte("\ufeff"))) // which Notepad writes
	errs := []error{err}
	for _, s := range settings {
		errs = append(errs, from.apply(on, s.fromRoot(filepath.Dir(path))))
	}
	return from, errors.Join(errs...)
}

// apply sets the flag that a setting is for, if the command has it.
func (s *source) apply(on CommandSet, of setting) error {
	if row := RowOf(on, groupTable); of.typ == groupTable {
		if row.Name == "" {
			return nil // of another command
		}
		return s.setGroup(row, of)
	}
	if of.typ != "" {
		s.Mentions = append(s.Mentions, Mention{Type: of.typ, Key: of.key, Where: of.where})
	}
	row := RowOf(OnSettings, of.key)
	where := of.where
	where.Message = of.key
	switch {
	case of.isTypeEnv():
		s.EnvNamed.note(of.value, where)
		return of.wrong(s.addTypeEnv(of.typ, of.value))
	case row.Name == "" || row.Name == "root":
		return of.wrong(of.unknown())
	case of.typ != "" && (!row.Arg.ForTypes() || row.Arg.Defines()):
		return of.wrong(fmt.Errorf("%s is not a setting for a process type: write it above the first table", of.key))
	}
	if row = RowOf(on, of.key); row.Name == "" || row.OnLineAlone() {
		return nil // of another command
	}
	if err := of.check(row); err != nil {
		return of.wrong(fmt.Errorf("%s: %w", of.key, err))
	}
	for _, value := range of.flagValues(row) {
		if err := s.set(row, value, where); err != nil {
			return err
		}
	}
	return nil
}

// wrong is a problem of the setting.
func (s setting) wrong(err error) error {
	if err == nil {
		return nil
	}
	s.where.Message = err.Error()
	return s.where
}

// unknown says of a key that there is none, and what is meant, perhaps.
func (s setting) unknown() error {
	switch row := RowOf(OnSettings, s.typ); {
	case s.key == "root":
		return fmt.Errorf("root cannot be set here, since this file is found in it: use --root or %s", Variable("root"))
	case s.typ != "" && row.Name != "":
		return fmt.Errorf("unknown key %q: %s is a setting, and no process type: write it above the first table", s.key, s.typ)
	}
	return fmt.Errorf("unknown key %q: %s", s.key, procfile.Suggest(s.key, Keys(), "see: reeve help settings"))
}

// check reports values that would mean something else in the text of a flag.
func (s setting) check(row Row) error {
	switch list := s.kind == unstable.Array; {
	case s.kind == unstable.InlineTable, s.kind == unstable.Invalid:
		return fmt.Errorf("must be a plain value, or a list of them")
	case s.typ != "" && row.Arg.IsTypes():
		if list || s.value[0] != "true" && s.value[0] != "false" {
			return fmt.Errorf("must be true or false")
		}
	case row.Arg.form == typeOrLine:
	case s.typ != "" && row.Arg.form != orderForm && row.Arg.form != ofTypeList && (list || row.Arg.form != ofTypeForm && strings.Contains(s.value[0], ",")),
		list && (row.Arg.form == oneValue || row.Arg.form == noArgument):
		return fmt.Errorf("must be a single value")
	}
	return nil
}

// flagValues are what would follow the flag on a command line.
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
	case row.Arg.ValueIsOptional() && value == "false":
		return nil
	case row.Arg.ValueIsOptional() && value == "true":
		value = s.typ
	case row.Arg.form == typeOrLine:
		var lines []string
		for _, line := range s.value {
			lines = append(lines, s.typ+"="+line)
		}
		return lines
	default:
		value = s.typ + "=" + value
	}
	return []string{value}
}

// parseSettings reads TOML. Its structure is what the flags make of it: keys with plain
// values or arrays of them, at the top level or one table deep. So the parser is enough, and
// what unmarshals into Go's values, a fifth of a megabyte of the program, is not needed.
func parseSettings(path string, src []byte) ([]setting, error) {
	var settings []setting
	var errs []error
	var parser unstable.Parser
	parser.Reset(src)
	defined := definitions{}
	typ := ""
	for parser.NextExpression() {
		e := parser.Expression()
		names, line := keyOf(&parser, e)
		where := diag.Problem{File: path, Line: line, Severity: diag.Error}
		add := func(typ, key string, value *unstable.Node) {
			errs = append(errs, defined.once(where, typ, key))
			settings = append(settings, setting{typ: typ, key: key, where: where}.with(value))
		}
		switch {
		case e.Kind == unstable.Table && len(names) == 1:
			typ = names[0]
			errs = append(errs, defined.once(where, typ))
		case e.Kind == unstable.KeyValue && len(names) == 1 && typ == "" && isTypeTable(names[0], e.Value()):
			errs = append(errs, defined.once(where, names[0]))
			for keys := e.Value().Children(); keys.Next(); {
				key, _ := keyOf(&parser, keys.Node())
				add(names[0], strings.Join(key, "."), keys.Node().Value())
			}
		case e.Kind == unstable.KeyValue && len(names) == 1 && typ == "":
			errs = append(errs, defined.once(where, names[0]))
			settings = append(settings, setting{key: names[0], where: where}.with(e.Value()))
		case e.Kind == unstable.KeyValue && len(names) == 1:
			add(typ, names[0], e.Value())
		case e.Kind == unstable.KeyValue && len(names) == 2 && typ == "":
			errs = append(errs, defined.dotted(where, names[0]))
			add(names[0], names[1], e.Value())
		case e.Kind != unstable.Comment:
			where.Message = strings.Join(names, ".") + " is neither a setting nor a process type's table"
			errs = append(errs, where)
		}
	}
	if err := parser.Error(); err != nil {
		return nil, notTOML(path, &parser, err)
	}
	return settings, errors.Join(errs...)
}

// notTOML is an error of the parser, with its line.
func notTOML(path string, p *unstable.Parser, err error) error {
	problem := diag.Problem{File: path, Line: 1, Severity: diag.Error, Message: "not TOML: " + err.Error()}
	if where := new(unstable.ParserError); errors.As(err, &where) {
		problem.Line = p.Shape(p.Range(where.Highlight)).Start.Line
	}
	return problem
}

// definitions are the keys and tables that a file has defined. TOML lets each be defined
// once; only a table of which there are dotted keys may have more of them.
type definitions map[[2]string]bool

// once notes a table or a key, or a key in a table, that must be new.
func (d definitions) once(where diag.Problem, names ...string) error {
	var of [2]string
	copy(of[:], names)
	_, again := d[of]
	d[of] = false
	if !again {
		return nil
	}
	where.Message = strings.Join(names, ".") + " is defined twice"
	return where
}

// dotted notes a table of which there is a dotted key.
func (d definitions) dotted(where diag.Problem, table string) error {
	of := [2]string{table, ""}
	if open, again := d[of]; !again || open {
		d[of] = true
		return nil
	}
	return d.once(where, table)
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

// isTypeTable reports whether a value is the table of a process type, written in one line.
func isTypeTable(key string, v *unstable.Node) bool {
	return v.Kind == unstable.InlineTable && (RowOf(OnSettings, key).Name == "" || key == groupTable)
}

// with gives a setting its value.
func (s setting) with(v *unstable.Node) setting {
	s.kind = v.Kind
	if v.Kind != unstable.Array {
		s.value = []string{plainText(v)}
		return s
	}
	for items := v.Children(); items.Next(); {
		if items.Node().Kind == unstable.InlineTable || items.Node().Kind == unstable.Array {
			s.kind = unstable.Invalid
		}
		s.value = append(s.value, plainText(items.Node()))
	}
	return s
}

// plainText is a value as a flag would take it: 0x1388 and 5_000 are 5000.
func plainText(v *unstable.Node) string {
	text := string(v.Data)
	if n, err := strconv.ParseInt(text, 0, 64); v.Kind == unstable.Integer && err == nil {
		return strconv.FormatInt(n, 10)
	}
	return text
}

// Keys are the keys of reeve.toml.
func Keys() []string {
	var names []string
	for _, row := range Table() {
		if row.On&OnSettings != 0 && row.Name != "root" && !slices.Contains(names, row.Name) {
			names = append(names, row.Name)
		}
	}
	return names
}
