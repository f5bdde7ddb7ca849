package env

import (
	"fmt"
	"strings"
)

// Warning is about something in an env file that is understood, but probably not
// meant. Like a [Mistake] it names keys, never a value or a part of one. Not
// even the name after a $: that may be a piece of a password.
type Warning struct {
	Path string // as it was given
	Line int
	Text string
	Lost bool // a part of the value is lost: this is worth a word at the start
}

// What a value can look like. Each text is preceded by the key.
const (
	hashInside     = "the # is part of this value, but other readers of env files take it for a comment: put the value in quotes"
	hashBehind     = "this value is empty, since a # after a space begins a comment: put the value in quotes if it begins with the #"
	hashOnly       = `this value is empty, but some readers of env files take the comment for it: write "" before it`
	quoteAtEnd     = "this value ends with a quote but does not begin with one, so the quote is part of it: add one in front, or remove it"
	quoteEscaped   = "the backslashes and quotes around this value are part of it: remove the backslashes"
	quoteCurly     = `the typographic quote is part of this value: write " or '`
	expandsEmpty   = `a $ in this value refers to a variable that is not set, so it expands to nothing: write \$ for a plain $, or put the value in single quotes`
	expandsNoPort  = "${REEVE_PORT_…} in this value names no process type with a port, so it expands to nothing"
	dollarCommand  = "$( is plain text here, since nothing in an env file is executed: write the value itself, or put it in single quotes if that is what you mean"
	dashInside     = "${NAME-…} gives a default here, but there is a variable with this - in its name: rename that variable"
	quoteBackslash = `readers of env files differ on a \ before a ' in single quotes: put the value in double quotes`
	backtickQuotes = "JavaScript's readers of env files take the backticks for quotes, the others for part of the value: use single quotes"
	colonForm      = "KEY: value is skipped by some readers of env files: write KEY=value"
	bareUnset      = "a name on its own takes its value from the environment, which does not have it: write KEY=value, or set it there"
	dollarPlain    = `the $ in this value is kept as it is, but shells and other readers of env files expand it: write \$, or put the value in single quotes`
)

// linter collects the warnings about a file.
type linter struct {
	path     string
	lines    map[string]int // of the keys so far
	warnings []Warning
}

func (l *linter) warn(line int, text string) {
	l.warnings = append(l.warnings, Warning{Path: l.path, Line: line, Text: text})
}

// again warns of a key that the file has set already.
func (l *linter) again(st statement) {
	if first, ok := l.lines[fold(st.key)]; ok {
		l.warn(st.line, fmt.Sprintf("%s is already set in line %d: this line wins: remove one of them", st.key, first))
	}
	l.lines[fold(st.key)] = st.line
}

// statement warns of a value that looks damaged, or that others read in another way.
func (l *linter) statement(st statement, e *evaluation) {
	texts := []string{st.blank(), st.form(), st.hash(), st.strayQuote(), dash(st.value, e.lookup)}
	if len(e.lost) == 0 {
		texts = append(texts, st.dollar())
	}
	for _, text := range texts {
		if text != "" {
			l.warn(st.line, st.key+": "+text)
		}
	}
	if len(e.lost) > 0 {
		l.warnings = append(l.warnings, Warning{l.path, st.line, st.key + ": " + lostText(e.lost), true})
	}
}

// lostText says that variables are not set. Only the names of ports cannot be pieces of
// passwords.
func lostText(names []string) string {
	if strings.HasPrefix(names[0], portPrefix) {
		return expandsNoPort
	}
	return expandsEmpty
}

// form looks for ways of writing a value that readers disagree about.
func (st *statement) form() string {
	switch {
	case st.escaped:
		return quoteBackslash
	case st.quote == backticked, st.quote == unquoted && strings.HasPrefix(strings.TrimLeft(st.source, blanks), "`"):
		return backtickQuotes
	case st.colon:
		return colonForm
	}
	return ""
}

// blank looks for what looks like a blank and is not one. Inside of quotes it may be meant,
// though hardly at their ends.
func (st *statement) blank() string {
	text := st.source
	if st.quote != unquoted {
		text = atEnds(text)
	}
	if name := oddBlank(text); name != "" {
		return fmt.Sprintf(blankInside, name)
	}
	return ""
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
	case value == "" && st.comment != "":
		return hashOnly
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

// endsWithOdd reports whether a value ends with a quote that has no partner in it, as it
// has in -Dname="a b".
func endsWithOdd(value, quote string) bool {
	return strings.HasSuffix(value, quote) && strings.Count(value, quote)%2 == 1
}

// dollar looks for a $ that may be a part of a password.
func (st *statement) dollar() string {
	switch {
	case strings.Contains(st.dollars, "("):
		return dollarCommand
	case strings.ContainsAny(st.dollars, "0123456789$!?#@*"):
		return dollarPlain
	}
	return ""
}

// dash looks for ${A-B} where a variable is called A-B.
func dash(value []piece, lookup Lookup) string {
	for _, p := range value {
		if p.op == whenUnset && len(p.word) == 1 && p.word[0].name == "" {
			if _, ok := lookup(p.name + "-" + p.word[0].text); ok {
				return dashInside
			}
		}
		if text := dash(p.word, lookup); text != "" {
			return text
		}
	}
	return ""
}
