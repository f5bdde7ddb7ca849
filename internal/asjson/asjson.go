// Package asjson writes values as JSON. It does for reeve's own types what encoding/json does for
// any type. encoding/json builds an encoder for each type before it writes the first value, which
// took a tenth of the lifetime of a short formation, and makes the program larger. It reads what
// this package writes.
package asjson

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"reeve/internal/sorting"
)

// Append appends a value: strings, numbers, booleans, times, and structs, slices, maps with string
// keys, and pointers to these. Of field tags it knows names, "-" and omitempty. Whatever JSON cannot
// express becomes null.
func Append(out []byte, v any) []byte { return appendValue(out, reflect.ValueOf(v)) }

// String is a value as JSON.
func String(v any) string { return string(Append(nil, v)) }

// Indented is a value as indented JSON, for people.
func Indented(v any) string {
	var b bytes.Buffer
	_ = json.Indent(&b, Append(nil, v), "", "  ") // which is valid
	return b.String() + "\n"
}

var timeType = reflect.TypeFor[time.Time]()

func appendValue(out []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(out, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.AppendUint(out, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return strconv.AppendFloat(out, f, 'f', -1, v.Type().Bits())
		}
	case reflect.String:
		return AppendText(out, []byte(v.String()))
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return appendValue(out, v.Elem())
		}
	case reflect.Slice:
		if !v.IsNil() {
			return appendList(out, v)
		}
	case reflect.Array:
		return appendList(out, v)
	case reflect.Map:
		if !v.IsNil() {
			return appendMap(out, v)
		}
	case reflect.Struct:
		if v.Type() == timeType {
			out = v.Interface().(time.Time).AppendFormat(append(out, '"'), time.RFC3339Nano)
			return append(out, '"')
		}
		return append(appendFields(append(out, '{'), v), '}')
	}
	return append(out, "null"...)
}

func appendList(out []byte, v reflect.Value) []byte {
	out = append(out, '[')
	for i := range v.Len() {
		out = appendValue(separate(out), v.Index(i))
	}
	return append(out, ']')
}

// appendMap appends a map in the order of its keys.
func appendMap(out []byte, v reflect.Value) []byte {
	keys := v.MapKeys()
	sorting.Stable(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	out = append(out, '{')
	for _, key := range keys {
		out = append(AppendText(separate(out), []byte(key.String())), ':')
		out = appendValue(out, v.MapIndex(key))
	}
	return append(out, '}')
}

// appendFields appends the fields of a struct, and those of the structs that are embedded in it.
func appendFields(out []byte, v reflect.Value) []byte {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		tag := field.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case field.Anonymous && tag == "":
			out = appendFields(out, value)
			continue
		case !field.IsExported(), tag == "-", options == "omitempty" && isEmpty(value):
			continue
		}
		out = append(AppendText(separate(out), []byte(cmp.Or(name, field.Name))), ':')
		out = appendValue(out, value)
	}
	return out
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map, reflect.String, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// separate appends a comma, unless something begins here.
func separate(out []byte) []byte {
	if last := out[len(out)-1]; last == '{' || last == '[' {
		return out
	}
	return append(out, ',')
}
