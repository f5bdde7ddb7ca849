// Package template executes templates in the language of Go's text/template.
//
// # Theory
//
// The standard library parses a template; its tree is executed here. text/template finds
// the methods of a value by the names that stand in a template, which only show when it
// runs, so the linker has to keep every exported method of every type in the whole
// program: more than a tenth of reeve. Here nothing is found by its name but what has been
// handed in: the fields of structs, the entries of maps, functions, and [Method]s, which
// are functions that read like methods in a template. To the author of a template nothing
// is different, unless something is missing: an error tells where, and what there is.
//
// The tests compare all of it with text/template.
package template

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"strings"
	"text/template/parse"
)

// Suffix is what the names of template files end with.
const Suffix = ".tmpl"

// Set is a number of templates that can call each other.
type Set struct {
	trees     map[string]*parse.Tree
	functions map[string]reflect.Value
	methods   map[reflect.Type]map[string]reflect.Value
	known     map[string]any // names of functions, for the parser
}

// Method is a function that is written as a method of its first parameter.
type Method struct {
	Name string
	Func any
}

// New makes a set without templates. Functions and methods return a value, or a value and
// an error.
func New(functions map[string]any, methods ...Method) *Set {
	s := &Set{
		trees:     map[string]*parse.Tree{},
		functions: map[string]reflect.Value{},
		methods:   map[reflect.Type]map[string]reflect.Value{},
		known:     map[string]any{},
	}
	for _, table := range []map[string]any{common, functions} {
		for name, f := range table {
			s.functions[name] = reflect.ValueOf(f)
		}
	}
	for name := range builtins {
		s.known[name] = true
	}
	for name := range s.functions {
		s.known[name] = true
	}
	for _, m := range methods {
		f := reflect.ValueOf(m.Func)
		of := f.Type().In(0)
		if s.methods[of] == nil {
			s.methods[of] = map[string]reflect.Value{}
		}
		s.methods[of][m.Name] = f
	}
	return s
}

// Parse adds a template, and those that are defined in it. They stand in for others of the
// same names, unless there is nothing in them.
func (s *Set) Parse(name, text string) error {
	trees, err := parse.Parse(name, text, "", "", s.known)
	if err != nil {
		return fmt.Errorf("line %s", strings.TrimPrefix(err.Error(), "template: "+name+":"))
	}
	maps.DeleteFunc(trees, func(name string, tree *parse.Tree) bool {
		return s.trees[name] != nil && parse.IsEmptyTree(tree.Root)
	})
	maps.Copy(s.trees, trees)
	return nil
}

// maxDepth is how deep templates may call each other: one that calls itself has to end.
const maxDepth = 10_000

// Execute writes what a template makes of some data. An error has the
// template, the line and the column.
func (s *Set) Execute(out io.Writer, name string, data any) (err error) {
	r := &run{set: s, out: out}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case failure:
			err = p.error
		default:
			panic(p)
		}
	}()
	r.template(name, reflect.ValueOf(data))
	return nil
}
