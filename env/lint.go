package env

import (
	"fmt"
	"strings"
)

// Warning is about something in an env file that is understood, but probably not
// meant. Like a [Mistake] it names keys, never a value or a part of one. Not
// even the name behind a $: that may be a piece of a password.
type Warning struct {
	Path string // as it was given
	Line int
	Text string
}

// What a value can look like. Each text is preceded by the key.
const (
	hashInside    = "the # is a part of this value, but other readers of env files take it for a comment: put the value in quotes"
	hashBehind    = "this value is empty, since a # behind a blank begins a comment: put the value in quotes if it begins with the #"
	quoteAtEnd    = "this value ends with a quote and does not begin with one, so the quote is a part of it: put one in front, or take it away"
	quoteEscaped  = "the backslashes and quotes around this value are a part of it: take the backslashes away"
	quoteCurly    = `the typographic quote is a part of this value: write " or '`
	expandsEmpty  = `a $ in this value refers to a variable that is not set, so it expands to nothing: write \$ for a plain $, or put the value in single quotes`
	dollarCommand = "$( is text here, since nothing in an env file is executed: write the value itself, or put it in single quotes if it is meant so"
	dollarPlain   = `a $ in this value is kept as it is, but shells and other readers of env files expand it: write \$, or put the value in single quotes`
)

// linter collects the warnings about a file.
type linter struct {
	path     string
	lines    map[string]int // of the keys so far
	warnings []Warning
}

func (l *linter) warn(line int, text string) {
	l.warnings = append(l.warnings, Warning{l.path, line, text})
}

// again warns of a key that the file has set already.
func (l *linter) again(st statement) {
	if first, ok := l.lines[st.key]; ok {
		l.warn(st.line, fmt.Sprintf("%s is already set in line %d: this line wins, so take one away", st.key, first))
	}
	l.lines[st.key] = st.line
}

// statement warns of a value that looks damaged. The lookup knows what is set before
// this statement.
func (l *linter) statement(st statement, lookup Lookup) {
	for _, text := range []string{st.hash(), st.strayQuote(), st.dollar(lookup)} {
		if text != "" {
			l.warn(st.line, st.key+": "+text)
		}
	}
}

// hash looks for a # that may have been meant otherwise.
func (st *statement) hash() string {
	value := strings.Trim(st.source, blanks)
	switch {
	case st.quote != unquoted:
		return ""
	case strings.Contains(value, "#"):
		return hashInside
	case value == "" && len(st.comment) > 1 && !strings.ContainsAny(st.comment, blanks):
		return hashBehind // #fff, and no comment as people write them
	}
	return ""
}

// strayQuote looks for quotes that quote nothing.
func (st *statement) strayQuote() string {
	value := strings.Trim(st.source, blanks)
	switch {
	case st.quote != unquoted:
		return ""
	case strings.HasPrefix(value, `\"`), strings.HasPrefix(value, `\'`):
		return quoteEscaped
	case startsWithAny(value, "“", "”", "„", "‘", "’"):
		return quoteCurly
	case endsWithOdd(value, `"`), endsWithOdd(value, `'`):
		return quoteAtEnd
	}
	return ""
}

func startsWithAny(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// endsWithOdd says whether a value ends with a quote that has no partner in it, as it
// has in -Dname="a b".
func endsWithOdd(value, quote string) bool {
	return strings.HasSuffix(value, quote) && strings.Count(value, quote)%2 == 1
}

// dollar looks for a $ that may be a part of a password.
func (st *statement) dollar(lookup Lookup) string {
	for _, h := range st.holes {
		if h.name == "" || h.fallback != never {
			continue
		}
		if _, ok := lookup(h.name); !ok {
			return expandsEmpty
		}
	}
	switch {
	case strings.Contains(st.dollars, "("):
		return dollarCommand
	case strings.ContainsAny(st.dollars, "0123456789$!?#@*"):
		return dollarPlain
	}
	return ""
}
