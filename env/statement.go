package env

import (
	"errors"
	"strings"
	"unicode"

	"github.com/joho/godotenv"
)

// shield is the rune that stands in a statement for text that godotenv must not
// see: the k-th shield is the k-th hole's. Any rune would do that godotenv
// passes through; where the file itself contains this one it is shielded too,
// so no file can be mistaken.
const shield = '\uE000'

// statement is one KEY=value as godotenv is given it: name, separator and
// quotes as in the file, the comment left out, and in the value everything but
// harmless characters as holes.
type statement struct {
	line  int
	key   string
	text  []byte
	holes []hole

	// What the value looks like in the file, for [linter].
	quote   quoting
	source  string // without the quotes around it and without a comment
	comment string // behind an unquoted value, with its #
	dollars string // the characters behind each $ that is text
}

// hole is a piece of a value that godotenv does not see: plain text, or when it
// has a name the value of that variable, with text as its default.
type hole struct {
	name     string
	text     string
	fallback fallback
}

// fallback is when a variable's default is used.
type fallback byte

const (
	never     fallback = iota // ${NAME}
	whenUnset                 // ${NAME-text}
	whenEmpty                 // ${NAME:-text}
)

func (st *statement) hole(h hole) {
	st.text = append(st.text, string(shield)...)
	st.holes = append(st.holes, h)
}

// harmless reports whether godotenv passes r through wherever in a value it
// stands. It expands backslashes and $, strips quotes, cuts at # and trims what
// it takes for space (NBSP, for one).
func harmless(r rune) bool {
	switch r {
	case '\\', '$', '"', '\'', '#', shield:
		return false
	case ' ', '\t', '\n':
		return true
	}
	return !unicode.IsSpace(r)
}

// value lets godotenv parse the statement and fills the holes. A value of more
// than room bytes is an error.
func (st *statement) value(lookup Lookup, room int) (string, error) {
	parsed, err := godotenv.UnmarshalBytes(st.text)
	template, ok := parsed[st.key]
	// Trust nothing: a value that lost a hole would get the wrong text in the others.
	if err != nil || !ok || len(parsed) != 1 || strings.Count(template, string(shield)) != len(st.holes) {
		return "", errors.New(st.key + ": " + misread)
	}
	var b strings.Builder
	for _, hole := range st.holes {
		text, rest, _ := strings.Cut(template, string(shield))
		template = rest
		b.WriteString(text)
		b.WriteString(hole.fill(lookup))
		if b.Len() > room {
			break
		}
	}
	b.WriteString(template)
	if b.Len() > room {
		return "", errors.New(st.key + ": " + tooLong)
	}
	return b.String(), nil
}

func (h hole) fill(lookup Lookup) string {
	if h.name == "" {
		return h.text
	}
	value, ok := lookup(h.name)
	if h.fallback == whenEmpty && value == "" || h.fallback == whenUnset && !ok {
		return h.text
	}
	return value
}
