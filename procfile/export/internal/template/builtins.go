package template

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
)

// builtin is a function that looks at what its arguments are.
type builtin struct {
	min, max int // how many arguments; a max of 0: any number
	of       func(args []reflect.Value) (reflect.Value, error)

	// decided says that an argument is the result, whatever comes after it.
	decided func(reflect.Value) bool
}

var builtins = map[string]builtin{
	"and":   {1, 0, last, func(v reflect.Value) bool { return !isTrue(v) }},
	"or":    {1, 0, last, isTrue},
	"not":   {1, 1, func(args []reflect.Value) (reflect.Value, error) { return reflect.ValueOf(!isTrue(args[0])), nil }, nil},
	"call":  {1, 0, last, nil},
	"len":   {1, 1, length, nil},
	"index": {1, 0, index, nil},
	"slice": {1, 4, slice, nil},
	"eq":    {2, 0, equalsAny, nil},
	"ne":    {2, 2, negated(equalsAny), nil},
	"lt":    {2, 2, compared(func(order int) bool { return order < 0 }), nil},
	"le":    {2, 2, compared(func(order int) bool { return order <= 0 }), nil},
	"gt":    {2, 2, compared(func(order int) bool { return order > 0 }), nil},
	"ge":    {2, 2, compared(func(order int) bool { return order >= 0 }), nil},
}

func last(args []reflect.Value) (reflect.Value, error) { return args[len(args)-1], nil }

func length(args []reflect.Value) (reflect.Value, error) {
	v, isNil := pointedTo(args[0])
	if !isNil && v.IsValid() {
		switch v.Kind() {
		case reflect.Array, reflect.Chan, reflect.Map, reflect.Slice, reflect.String:
			return reflect.ValueOf(v.Len()), nil
		}
	}
	return v, fmt.Errorf("%s has no length", described(v))
}

// described is what an error calls a value.
func described(v reflect.Value) string {
	if !v.IsValid() {
		return "no value"
	}
	return "a value of type " + v.Type().String()
}

// index is an element of an element, and so on.
func index(args []reflect.Value) (reflect.Value, error) {
	v := args[0]
	if !v.IsValid() {
		return v, errors.New("there is no value")
	}
	for _, arg := range args[1:] {
		of, isNil := pointedTo(v)
		switch {
		case isNil || !of.IsValid():
			return of, errors.New("there is no value")
		case of.Kind() == reflect.Map:
			key, err := keyOf(arg, of.Type())
			if err != nil {
				return of, err
			}
			if v = of.MapIndex(key); !v.IsValid() {
				v = reflect.Zero(of.Type().Elem())
			}
		case of.Kind() == reflect.Array, of.Kind() == reflect.Slice, of.Kind() == reflect.String:
			n, err := position(arg, of.Len()-1)
			if err != nil {
				return of, err
			}
			v = of.Index(n)
		default:
			return of, fmt.Errorf("%s has no elements", described(of))
		}
	}
	return v, nil
}

// keyOf is a value as a key of a map.
func keyOf(v reflect.Value, of reflect.Type) (reflect.Value, error) {
	key := of.Key()
	switch {
	case !v.IsValid() && canBeNil(key):
		return reflect.Zero(key), nil
	case v.IsValid() && (v.Type().AssignableTo(key) || v.CanInt() && isWhole(key) && v.CanConvert(key)):
		return v.Convert(key), nil
	}
	return v, fmt.Errorf("%s is not a key of a %s", described(v), of)
}

func isWhole(t reflect.Type) bool {
	zero := reflect.Zero(t)
	return zero.CanInt() || zero.CanUint()
}

// position reads a place in a list.
func position(v reflect.Value, largest int) (int, error) {
	n := int64(-1)
	switch {
	case !v.IsValid():
	case v.CanInt():
		n = v.Int()
	case v.CanUint():
		n = int64(min(v.Uint(), uint64(largest+1)))
	default:
		return 0, fmt.Errorf("%s is not a position in a list", described(v))
	}
	if n < 0 || n > int64(largest) {
		return 0, fmt.Errorf("%v is out of range", v)
	}
	return int(n), nil
}

// slice is a part of a list or a text.
func slice(args []reflect.Value) (reflect.Value, error) {
	v, isNil := pointedTo(args[0])
	isText := v.Kind() == reflect.String
	if isNil || !v.IsValid() || !isText && v.Kind() != reflect.Slice && !(v.Kind() == reflect.Array && v.CanAddr()) {
		return v, fmt.Errorf("%s cannot be sliced", described(v))
	}
	largest := v.Len()
	if !isText {
		largest = v.Cap()
	}
	bounds := [3]int{0, v.Len(), largest}
	for n, arg := range args[1:] {
		at, err := position(arg, largest)
		if err != nil {
			return v, err
		}
		bounds[n] = at
	}
	switch {
	case bounds[0] > bounds[1] || bounds[1] > bounds[2]:
		return v, fmt.Errorf("the bounds %v are not in order", bounds)
	case len(args) < 4:
		return v.Slice(bounds[0], bounds[1]), nil
	case isText:
		return v, errors.New("a string takes no third bound")
	}
	return v.Slice3(bounds[0], bounds[1], bounds[2]), nil
}

// equalsAny reports whether the first argument equals one of the others.
func equalsAny(args []reflect.Value) (reflect.Value, error) {
	for _, other := range args[1:] {
		equal, err := equals(args[0], other)
		if equal || err != nil {
			return reflect.ValueOf(equal), err
		}
	}
	return reflect.ValueOf(false), nil
}

func negated(f func([]reflect.Value) (reflect.Value, error)) func([]reflect.Value) (reflect.Value, error) {
	return func(args []reflect.Value) (reflect.Value, error) {
		v, err := f(args)
		return reflect.ValueOf(!v.Bool()), err
	}
}

func equals(a, b reflect.Value) (bool, error) {
	if order, err := compare(a, b); err == nil {
		return order == 0, nil
	}
	switch {
	case isNil(a) || isNil(b):
		if a.IsValid() && b.IsValid() && a.Kind() != b.Kind() {
			break
		}
		return isNil(a) == isNil(b), nil
	case a.Kind() == b.Kind() && b.Comparable() && (a.Comparable() || a.Type() != b.Type()):
		return a.Interface() == b.Interface(), nil
	}
	return false, incomparable(a, b)
}

func incomparable(a, b reflect.Value) error {
	return fmt.Errorf("%s and %s cannot be compared", described(a), described(b))
}

func isNil(v reflect.Value) bool { return !v.IsValid() || canBeNil(v.Type()) && v.IsNil() }

// compared compares by the order of two values.
func compared(holds func(order int) bool) func([]reflect.Value) (reflect.Value, error) {
	return func(args []reflect.Value) (reflect.Value, error) {
		order, err := compare(args[0], args[1])
		return reflect.ValueOf(holds(order)), err
	}
}

// inOrder is how keys of a map are sorted.
func inOrder(a, b reflect.Value) int {
	order, _ := compare(plain(a), plain(b))
	return order
}

// compare is the order of two numbers or two texts.
func compare(a, b reflect.Value) (int, error) {
	switch {
	case !a.IsValid() || !b.IsValid():
	case a.CanInt() && b.CanInt():
		return cmp.Compare(a.Int(), b.Int()), nil
	case a.CanUint() && b.CanUint():
		return cmp.Compare(a.Uint(), b.Uint()), nil
	case a.CanInt() && b.CanUint():
		if a.Int() < 0 {
			return -1, nil
		}
		return cmp.Compare(uint64(a.Int()), b.Uint()), nil
	case a.CanUint() && b.CanInt():
		order, err := compare(b, a)
		return -order, err
	case a.CanFloat() && b.CanFloat():
		return cmp.Compare(a.Float(), b.Float()), nil
	case a.Kind() == reflect.String && b.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String()), nil
	}
	return 0, incomparable(a, b)
}
