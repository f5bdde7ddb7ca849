package env

import (
	"errors"
	"fmt"
	"strings"
)

// statement is one line of an env file, or several if a quoted value has several.
type statement struct {
	line  int
	key   string
	bare  bool // the name alone: the value is that of the real environment
	named bool // export comes before it, so it is a name
	value []piece

	// What it looks like in the file, for [linter].
	colon   bool // KEY: value
	quote   quoting
	source  string // the value without the quotes around it and without a comment
	comment string // after an unquoted value, with its #
	dollars string // the characters after each $ that is text
	escaped bool   // \' stands for a quote, or ends the value though it might
}

// maxShown is how long a name that stands alone may be to be shown: what is longer may be
// a line of a key after all.
const maxShown = 40

// looksBare reports whether a word that stands alone looks like the name of a variable: in
// capitals, as DEBUG, or in small letters with a _, as no_proxy.
func (st *statement) looksBare() bool {
	upper, lower := strings.ToUpper(st.key), strings.ToLower(st.key)
	return st.named || upper != lower && (st.key == upper || st.key == lower && strings.Contains(st.key, "_"))
}

// piece is a part of a value: plain text, or if it has a name what the variable makes
// of it.
type piece struct {
	text string
	name string
	op   operator
	word []piece // of the operator
}

// operator is what comes after the name in ${NAME:-word}, and says when the word
// counts.
type operator string

const (
	plain         operator = ""
	whenUnset     operator = "-"
	whenEmpty     operator = ":-"
	whenSet       operator = "+"
	whenFull      operator = ":+"
	failWhenUnset operator = "?"
	failWhenEmpty operator = ":?"
)

// operators in the order in which they are tried.
var operators = []operator{whenEmpty, whenFull, failWhenEmpty, whenUnset, whenSet, failWhenUnset}

// refersTo reports whether a variable is mentioned anywhere in a value.
func refersTo(value []piece, name string) bool {
	for _, p := range value {
		if p.name != "" && SameKey(p.name, name) || refersTo(p.word, name) {
			return true
		}
	}
	return false
}

// evaluation is one of a value.
type evaluation struct {
	lookup Lookup
	room   int      // bytes that the value may still take
	lost   []string // variables that are not set and have no default
	text   strings.Builder
}

var errTooLong = errors.New(tooLong)

// add appends some pieces.
func (e *evaluation) add(pieces []piece) error {
	for _, p := range pieces {
		text := p.text
		if p.name != "" {
			value, ok := e.lookup(p.name)
			if p.takesWord(value, ok) {
				if err := e.word(p); err != nil {
					return err
				}
				continue
			}
			text = p.otherwise(value)
			if !ok && p.op == plain {
				e.lost = append(e.lost, p.name)
			}
		}
		if e.room -= len(text); e.room < 0 {
			return errTooLong
		}
		e.text.WriteString(text)
	}
	return nil
}

// word evaluates the word of a reference, or fails with it.
func (e *evaluation) word(p piece) error {
	if p.op != failWhenUnset && p.op != failWhenEmpty {
		return e.add(p.word)
	}
	message := written(p.word)
	if message == "" {
		message = "it has to be set"
	}
	return fmt.Errorf("%s: %s", p.name, message)
}

// takesWord reports whether the word counts, for a variable's value and whether it is set.
func (p piece) takesWord(value string, ok bool) bool {
	switch p.op {
	case whenUnset, failWhenUnset:
		return !ok
	case whenEmpty, failWhenEmpty:
		return value == ""
	case whenSet:
		return ok
	case whenFull:
		return value != ""
	}
	return false
}

// otherwise is what a reference is worth whose word does not count.
func (p piece) otherwise(value string) string {
	if p.op == whenSet || p.op == whenFull {
		return ""
	}
	return value
}

// written is a message as it stands in the file: what it refers to is not shown.
func written(word []piece) string {
	var b strings.Builder
	for _, p := range word {
		if p.name != "" {
			p.text = "${" + p.name + "}"
		}
		b.WriteString(p.text)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
