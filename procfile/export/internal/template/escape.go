package template

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// functions of every set that take any values.
var common = map[string]any{
	"print":    fmt.Sprint,
	"printf":   fmt.Sprintf,
	"println":  fmt.Sprintln,
	"html":     escaper(strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "'", "&#39;", "&", "&amp;", "<", "&lt;", ">", "&gt;").Replace),
	"js":       escaper(escapeJS),
	"urlquery": escaper(url.QueryEscape),
}

// escaper is a function that escapes what it is given as it would be printed.
func escaper(escape func(string) string) func(values ...any) string {
	return func(values ...any) string {
		shown := make([]any, len(values))
		for n, value := range values {
			v, isNil := pointedTo(reflect.ValueOf(value))
			switch {
			case !v.IsValid():
				shown[n] = noValue
			case !isNil:
				shown[n] = v.Interface()
			}
		}
		return escape(fmt.Sprint(shown...))
	}
}

// noValue is what is printed where there is none.
const noValue = "<no value>"

// escapeJS escapes what has a meaning in a string of JavaScript or in HTML around it, and
// what cannot be seen.
func escapeJS(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case strings.ContainsRune(`\'"`, r):
			b.WriteString(`\` + s[:size])
		case strings.ContainsRune("<>&=", r) || r != utf8.RuneError && r != 0x7f && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}
