package template

import (
	"fmt"
	"reflect"
	"text/template/parse"
)

// function calls a function by its name.
func (r *run) function(name string, in input) reflect.Value {
	if f, ok := r.set.functions[name]; ok {
		return r.call(f, nil, in)
	}
	at := r.node
	b := builtins[name]
	var args []reflect.Value
	for _, node := range in.args {
		arg := r.word(node, input{})
		if b.decided != nil && b.decided(arg) {
			return arg // what stands after it is not evaluated
		}
		args = append(args, arg)
	}
	args = append(args, in.last...)
	r.node = at
	if len(args) < b.min || b.max > 0 && len(args) > b.max {
		r.fail("cannot be called with %d arguments", len(args))
	}
	if name == "call" {
		return r.call(args[0], args[1:], input{})
	}
	v, err := b.of(args)
	if err != nil {
		r.fail("%w", err)
	}
	return plain(v)
}

// call calls a function of Go's. Values that are there already come first.
func (r *run) call(f reflect.Value, first []reflect.Value, in input) reflect.Value {
	at := r.node
	if f.Kind() != reflect.Func || f.IsNil() {
		r.fail("not a function")
	}
	t := f.Type()
	count := len(first) + len(in.args) + len(in.last)
	if fixed := t.NumIn(); count != fixed && !(t.IsVariadic() && count >= fixed-1) {
		own := len(first)
		r.fail("wrong number of arguments: want %d, got %d", fixed-own, count-own)
	}
	var args []reflect.Value
	for _, v := range first {
		args = append(args, r.fit(v, parameter(t, len(args))))
	}
	for _, node := range in.args {
		args = append(args, r.argument(node, parameter(t, len(args))))
	}
	r.node = at
	for _, v := range in.last {
		args = append(args, r.fit(v, parameter(t, len(args))))
	}
	v, err := safely(f, args)
	if err != nil {
		r.fail("%w", err)
	}
	return plain(v)
}

// parameter is the type of a function's nth parameter.
func parameter(f reflect.Type, n int) reflect.Type {
	if f.IsVariadic() && n >= f.NumIn()-1 {
		return f.In(f.NumIn() - 1).Elem()
	}
	return f.In(n)
}

// safely turns a panic of a function into an error: a template may give it anything.
func safely(f reflect.Value, args []reflect.Value) (v reflect.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	results := f.Call(args)
	if len(results) == 2 && !results[1].IsNil() {
		return v, results[1].Interface().(error)
	}
	return results[0], nil
}

// argument evaluates an argument for a parameter of a type, which tells what is meant by a
// constant.
func (r *run) argument(node parse.Node, t reflect.Type) reflect.Value {
	r.node = node
	switch n := node.(type) {
	case *parse.NumberNode:
		if v := numberOf(n, reflect.Zero(t)); v.IsValid() {
			return v.Convert(t)
		}
	case *parse.StringNode, *parse.BoolNode:
		if v := r.operand(node); v.Kind() == t.Kind() {
			return v.Convert(t)
		}
	}
	v := r.word(node, input{})
	r.node = node
	return r.fit(v, t)
}

// numberOf is a number as the type of a value has it; none if that type has no such number.
func numberOf(n *parse.NumberNode, like reflect.Value) (v reflect.Value) {
	switch {
	case like.CanInt() && n.IsInt:
		v = reflect.ValueOf(n.Int64)
	case like.CanUint() && n.IsUint:
		v = reflect.ValueOf(n.Uint64)
	case like.CanFloat() && n.IsFloat:
		v = reflect.ValueOf(n.Float64)
	case like.CanComplex() && n.IsComplex:
		v = reflect.ValueOf(n.Complex128)
	}
	return v
}

// fit makes a value one of a type, if it is one but for a pointer.
func (r *run) fit(v reflect.Value, t reflect.Type) reflect.Value {
	switch {
	case !v.IsValid() && canBeNil(t):
		return reflect.Zero(t)
	case !v.IsValid():
		r.fail("want a value of type %s, got none", t)
	case v.Type().AssignableTo(t):
		return v
	case v.Kind() == reflect.Pointer && v.Type().Elem().AssignableTo(t):
		if v.IsNil() {
			r.fail("there is no %s here", typeName(t))
		}
		return v.Elem()
	case v.CanAddr() && reflect.PointerTo(v.Type()).AssignableTo(t):
		return v.Addr()
	}
	r.fail("want a value of type %s, got one of type %s", t, v.Type())
	return v
}

func canBeNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return true
	}
	return false
}
