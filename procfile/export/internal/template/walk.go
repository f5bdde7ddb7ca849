package template

import (
	"fmt"
	"io"
	"reflect"
	"sort"
	"text/template/parse"
)

// run is one execution. It fails by a panic with a [failure]: templates are nested, and so
// are the functions here.
type run struct {
	set   *Set
	out   io.Writer
	tree  *parse.Tree
	node  parse.Node // where it is, for errors
	dot   reflect.Value
	vars  []variable
	depth int
}

type variable struct {
	name  string
	value reflect.Value
}

type failure struct{ error }

// fail ends the execution, and says where in the template it was.
func (r *run) fail(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	if r.node != nil {
		err = fmt.Errorf("%s: %w", r.place(), err)
	}
	panic(failure{err})
}

// flow is how to go on after a part of a template.
type flow int

const (
	goOn flow = iota
	endLoop
	nextRound
)

// template executes a template by its name. It knows no variables but its own.
func (r *run) template(name string, dot reflect.Value) {
	tree := r.set.trees[name]
	if tree == nil {
		r.fail("there is no template %q", name)
	}
	if r.depth == maxDepth {
		r.fail("templates call each other more than %d times", maxDepth)
	}
	inner := *r
	inner.tree, inner.dot, inner.depth = tree, dot, r.depth+1
	inner.vars = []variable{{"$", dot}}
	inner.list(tree.Root)
}

// list executes the parts of a template one after the other.
func (r *run) list(list *parse.ListNode) flow {
	if list == nil {
		return goOn
	}
	for _, node := range list.Nodes {
		if f := r.walk(node); f != goOn {
			return f
		}
	}
	return goOn
}

func (r *run) walk(node parse.Node) flow {
	r.node = node
	switch node := node.(type) {
	case *parse.TextNode:
		r.write(string(node.Text))
	case *parse.ActionNode:
		if value := r.pipeline(node.Pipe); len(node.Pipe.Decl) == 0 {
			r.node = node
			r.print(value)
		}
	case *parse.IfNode:
		return r.branch(&node.BranchNode)
	case *parse.WithNode:
		return r.branch(&node.BranchNode)
	case *parse.RangeNode:
		return r.loop(node)
	case *parse.TemplateNode:
		dot := r.pipeline(node.Pipe)
		r.node = node
		r.template(node.Name, dot)
	case *parse.BreakNode:
		return endLoop
	case *parse.ContinueNode:
		return nextRound
	case *parse.CommentNode:
	default:
		r.fail("%s is not supported here", node)
	}
	return goOn
}

func (r *run) write(text string) {
	if _, err := io.WriteString(r.out, text); err != nil {
		panic(failure{err})
	}
}

// print writes a value as fmt does.
func (r *run) print(v reflect.Value) {
	v, isNil := pointedTo(v)
	switch {
	case isNil:
		r.write("<nil>")
	case !v.IsValid():
		r.write(noValue)
	case v.Kind() == reflect.Func || v.Kind() == reflect.Chan:
		r.fail("a value of type %s cannot be printed", v.Type())
	default:
		r.write(fmt.Sprint(v.Interface()))
	}
}

// branch executes the contents of an if or a with.
func (r *run) branch(b *parse.BranchNode) flow {
	defer r.restore(len(r.vars), r.dot)
	value := r.pipeline(b.Pipe)
	if !isTrue(value) {
		return r.list(b.ElseList)
	}
	if b.Type() == parse.NodeWith {
		r.dot = value
	}
	return r.list(b.List)
}

// restore ends a scope.
func (r *run) restore(vars int, dot reflect.Value) { r.vars, r.dot = r.vars[:vars], dot }

// isTrue reports whether a value counts as true: it is there, and neither zero nor empty.
func isTrue(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() > 0
	case reflect.Struct:
		return true
	}
	return !v.IsZero()
}

// loop executes a range.
func (r *run) loop(n *parse.RangeNode) flow {
	defer r.restore(len(r.vars), r.dot)
	outer := r.dot
	over, isNil := pointedTo(r.pipeline(n.Pipe))
	r.node = n
	if isNil {
		r.fail("a nil %s has nothing to range over", over.Type())
	}
	scope := len(r.vars)
	rounds := 0
	for key, element := range r.elements(over, len(n.Pipe.Decl)) {
		rounds++
		r.bind(n.Pipe, key, element)
		r.dot = element
		f := r.list(n.List)
		r.restore(scope, outer)
		if f == endLoop {
			break
		}
	}
	if rounds == 0 {
		return r.list(n.ElseList)
	}
	return goOn
}

// bind gives the variables of a range their values of one round.
func (r *run) bind(pipe *parse.PipeNode, key, element reflect.Value) {
	values := []reflect.Value{element}
	if len(pipe.Decl) > 1 {
		values = []reflect.Value{key, element}
	}
	for n, v := range pipe.Decl {
		r.assign(v.Ident[0], values[n])
	}
}

// elements are what a range goes over.
func (r *run) elements(over reflect.Value, variables int) func(yield func(key, element reflect.Value) bool) {
	switch {
	case !over.IsValid():
		return func(func(_, _ reflect.Value) bool) {}
	case over.CanInt(), over.CanUint():
		if variables > 1 {
			r.fail("a range over a number sets one variable, not two")
		}
		return func(yield func(_, _ reflect.Value) bool) {
			for n := range over.Seq() {
				if !yield(reflect.Value{}, n) {
					return
				}
			}
		}
	case over.Kind() == reflect.Slice, over.Kind() == reflect.Array:
		return func(yield func(_, _ reflect.Value) bool) {
			for n := range over.Len() {
				if !yield(reflect.ValueOf(n), plain(over.Index(n))) {
					return
				}
			}
		}
	case over.Kind() == reflect.Map:
		keys := over.MapKeys()
		sort.Slice(keys, func(a, b int) bool { return inOrder(keys[a], keys[b]) < 0 })
		return func(yield func(_, _ reflect.Value) bool) {
			for _, key := range keys {
				if !yield(plain(key), plain(over.MapIndex(key))) {
					return
				}
			}
		}
	}
	r.fail("a value of type %s cannot be ranged over", over.Type())
	return nil
}
