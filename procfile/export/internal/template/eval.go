package template

import (
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

// A value that is not valid stands for none, such as that of a key that a map has not.

// input is what a command gets: the arguments after its first word, and the value of the
// command before it in a pipeline.
type input struct {
	args []parse.Node
	last []reflect.Value // one, or none
}

func (in input) empty() bool { return len(in.args)+len(in.last) == 0 }

// pipeline evaluates commands, each of which gets the value of the one before.
func (r *run) pipeline(pipe *parse.PipeNode) reflect.Value {
	if pipe == nil {
		return reflect.Value{}
	}
	var last []reflect.Value
	for _, cmd := range pipe.Cmds {
		last = []reflect.Value{r.command(cmd, last)}
	}
	for _, v := range pipe.Decl {
		if pipe.IsAssign {
			r.assign(v.Ident[0], last[0])
		} else {
			r.vars = append(r.vars, variable{v.Ident[0], last[0]})
		}
	}
	return last[0]
}

// assign sets a variable that there is.
func (r *run) assign(name string, value reflect.Value) { *r.variable(name) = value }

// variable finds the innermost variable of a name. The parser knows that there is one.
func (r *run) variable(name string) *reflect.Value {
	for n := len(r.vars) - 1; n >= 0; n-- {
		if r.vars[n].name == name {
			return &r.vars[n].value
		}
	}
	r.fail("there is no variable %s", name)
	return nil
}

func (r *run) command(cmd *parse.CommandNode, last []reflect.Value) reflect.Value {
	r.node = cmd.Args[0]
	in := input{cmd.Args[1:], last}
	if _, ok := cmd.Args[0].(*parse.NilNode); ok {
		r.fail("nil is not a command")
	}
	return r.word(cmd.Args[0], in)
}

// word evaluates the first word of a command, or an argument, which has no input.
func (r *run) word(node parse.Node, in input) reflect.Value {
	r.node = node
	switch n := node.(type) {
	case *parse.IdentifierNode:
		return r.function(n.Ident, in)
	case *parse.FieldNode:
		return r.fields(r.dot, n.Ident, in)
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return r.fields(*r.variable(n.Ident[0]), n.Ident[1:], in)
		}
	case *parse.ChainNode:
		base := r.word(n.Node, input{})
		r.node = node
		return r.fields(base, n.Field, in)
	}
	if !in.empty() {
		r.fail("%s is not a function, and takes no arguments", node)
	}
	return r.operand(node)
}

// operand evaluates what is a value by itself.
func (r *run) operand(node parse.Node) reflect.Value {
	switch n := node.(type) {
	case *parse.DotNode:
		return r.dot
	case *parse.VariableNode:
		return *r.variable(n.Ident[0])
	case *parse.PipeNode:
		return r.pipeline(n)
	case *parse.BoolNode:
		return reflect.ValueOf(n.True)
	case *parse.StringNode:
		return reflect.ValueOf(n.Text)
	case *parse.NumberNode:
		return r.constant(n)
	case *parse.NilNode:
		return reflect.Value{}
	}
	r.fail("%s is not supported here", node)
	return reflect.Value{}
}

// constant is a number of which nobody says what type it should have.
func (r *run) constant(n *parse.NumberNode) reflect.Value {
	hex := strings.HasPrefix(strings.ToLower(n.Text), "0x") && !strings.ContainsAny(n.Text, "pP")
	switch {
	case n.IsComplex:
		return reflect.ValueOf(n.Complex128)
	case n.IsFloat && !hex && n.Text[0] != '\'' && strings.ContainsAny(n.Text, ".eEpP"):
		return reflect.ValueOf(n.Float64)
	case n.IsInt && int64(int(n.Int64)) == n.Int64:
		return reflect.ValueOf(int(n.Int64))
	}
	r.fail("the number %s is too large", n.Text)
	return reflect.Value{}
}

// fields follows a chain of names. The last of them gets the input.
func (r *run) fields(base reflect.Value, names []string, in input) reflect.Value {
	last := len(names) - 1
	for _, name := range names[:last] {
		base = r.field(base, name, input{})
	}
	return r.field(base, names[last], in)
}

// field is what a value has by a name: the result of a method, a field, an entry.
func (r *run) field(of reflect.Value, name string, in input) reflect.Value {
	v, isNil := pointedTo(of)
	switch {
	case isNil:
		r.fail("there is no %s here, so there is no .%s", typeName(v.Type().Elem()), name)
	case !v.IsValid():
		return v
	}
	if f, ok := r.set.methods[v.Type()][name]; ok {
		return r.call(f, []reflect.Value{v}, in)
	}
	found, value := false, reflect.Value{}
	switch {
	case v.Kind() == reflect.Struct:
		if f, ok := v.Type().FieldByName(name); ok && f.IsExported() {
			found, value = true, v.FieldByIndex(f.Index)
		}
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String:
		found, value = true, v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))
	}
	if !found {
		r.fail("there is no .%s in %s: %s", name, typeName(v.Type()), r.names(v.Type()))
	}
	if !in.empty() {
		r.fail(".%s is not a function, and takes no arguments", name)
	}
	return plain(value)
}

// names says what there is in a type.
func (r *run) names(t reflect.Type) string {
	var names []string
	for name := range r.set.methods[t] {
		names = append(names, name)
	}
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && !f.Anonymous {
				names = append(names, f.Name)
			}
		}
	}
	if len(names) == 0 {
		return "it has no fields"
	}
	slices.Sort(names)
	return "it has " + strings.Join(slices.Compact(names), ", ")
}

// typeName is the name of a type without its package.
func typeName(t reflect.Type) string {
	if t.Name() == "" {
		return t.String()
	}
	return t.Name()
}

// plain unwraps a value from an interface.
func plain(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// pointedTo follows pointers. If one of them is nil, it is what remains.
func pointedTo(v reflect.Value) (value reflect.Value, isNil bool) {
	for v = plain(v); v.Kind() == reflect.Pointer; v = plain(v.Elem()) {
		if v.IsNil() {
			return v, true
		}
	}
	return v, false
}

// place says where in which file the run is, and at what.
func (r *run) place() string {
	at, context := r.tree.ErrorContext(r.node)
	name, position, _ := strings.Cut(at, ":")
	return name + Suffix + ":" + position + ": " + context
}
