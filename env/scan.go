package env

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

const blanks = " \t"

// What can be wrong with a file. Texts about a value are preceded by its key.
const (
	noAssignment = "no = after the name; write KEY=value, or # in front of a comment"
	badKey       = "not a variable's name before the = (letters, digits, _ and . are allowed, the first is a letter or _)"
	openQuote    = "the quote that opens here is never closed"
	afterQuote   = "text after the closing quote; put the whole value inside the quotes, and a blank before the # of a comment"
	badReference = `only ${NAME}, ${NAME:-default} and ${NAME-default} are understood; write \$ for a plain $`
	openBrace    = `${ without a closing }; write \$ for a plain $`
	nested       = "the default inside ${ } cannot refer to another variable; give that one a line of its own"
	misread      = "cannot parse this value; put it in single quotes"
	tooLong      = "the values of this file grow beyond 8 MiB"

	nulByte        = "a NUL byte; is this a text file?"
	notUTF8        = "not UTF-8; save the file as UTF-8"
	carriageReturn = "a carriage return inside the line; end lines with LF or CR LF"
)

// scanner cuts a file into statements. After a problem it goes on at the next
// line, so that one run finds them all.
type scanner struct {
	src      string         // what is left, from the start of a line
	line     int            // the line that is being read, from 1
	problems map[int]string // by line; the first of a line is the one to report
}

// newScanner takes out what no statement should have to care about: the byte
// order mark and the CR of CR LF. Lines that are not text are problems already.
func newScanner(src []byte) *scanner {
	text := strings.TrimPrefix(string(src), "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	s := &scanner{src: text, problems: map[int]string{}}
	line := 0
	for text := range strings.Lines(text) {
		line++
		if flaw := flaw(text); flaw != "" {
			s.problem(line, flaw)
		}
	}
	return s
}

// flaw tells why a line is not text, or "".
func flaw(line string) string {
	switch {
	case strings.IndexByte(line, 0) >= 0:
		return nulByte
	case !utf8.ValidString(line):
		return notUTF8
	case strings.IndexByte(line, '\r') >= 0:
		return carriageReturn
	}
	return ""
}

func (s *scanner) problem(line int, text string) {
	if _, ok := s.problems[line]; !ok {
		s.problems[line] = text
	}
}

// hasProblem says whether there is a problem on one of some lines.
func (s *scanner) hasProblem(first, last int) bool {
	for line := first; line <= last; line++ {
		if _, ok := s.problems[line]; ok {
			return true
		}
	}
	return false
}

// Mistake is one thing for which an env file is refused.
type Mistake struct {
	Path string // as it was given
	Line int
	Text string // names keys, never a value
}

// Error is "PATH:LINE: what is wrong".
func (m *Mistake) Error() string { return fmt.Sprintf("%s:%d: %s", m.Path, m.Line, m.Text) }

// err joins the problems in the order of the lines.
func (s *scanner) err(path string) error {
	var all []error
	for _, line := range slices.Sorted(maps.Keys(s.problems)) {
		all = append(all, &Mistake{path, line, s.problems[line]})
	}
	return errors.Join(all...)
}

// statements yields the statements. What is wrong with their values is among
// the problems of the lines up to the present one.
func (s *scanner) statements() iter.Seq[statement] {
	return func(yield func(statement) bool) {
		for s.src != "" {
			text := s.src
			line, rest, _ := strings.Cut(text, "\n")
			s.src = rest
			s.line++
			if body := strings.TrimLeft(line, blanks); body == "" || body[0] == '#' {
				continue
			}
			if st, ok := s.statement(line, text); ok && !yield(st) {
				return
			}
		}
	}
}

// statement reads the one that begins with this line; text is the same and all
// that follows, for a quoted value that goes on there.
func (s *scanner) statement(line, text string) (statement, bool) {
	end := strings.IndexAny(line, "=:")
	if end < 0 {
		s.problem(s.line, noAssignment)
		return statement{}, false
	}
	st := statement{line: s.line, key: keyOf(line[:end]), text: []byte(line[:end+1])}
	if !isKey(st.key) {
		// Not quoted in the message: it may be a piece of a value that lost its quotes.
		s.problem(s.line, badKey)
		return statement{}, false
	}
	value := line[end+1:]
	begin := len(line) - len(strings.TrimLeft(value, blanks))
	if begin < len(line) && (line[begin] == '"' || line[begin] == '\'') {
		s.quoted(&st, text[begin:])
	} else {
		s.value(&st, value, unquoted)
	}
	return st, true
}

// keyOf is the name in what stands before the = of a line.
func keyOf(head string) string {
	head = strings.TrimLeft(head, blanks)
	if name, ok := strings.CutPrefix(head, "export"); ok && strings.TrimLeft(name, blanks) != name {
		head = name
	}
	return strings.Trim(head, blanks)
}

// isKey reports whether key is [A-Za-z_][A-Za-z0-9_.]*.
func isKey(key string) bool {
	name := nameIn(key)
	if name == "" {
		return false
	}
	for _, c := range []byte(key[len(name):]) {
		if c != '.' && !isNameByte(c) {
			return false
		}
	}
	return true
}

// nameIn is the longest [A-Za-z_][A-Za-z0-9_]* that s begins with, or "".
func nameIn(s string) string {
	if s == "" || '0' <= s[0] && s[0] <= '9' {
		return ""
	}
	end := 0
	for end < len(s) && isNameByte(s[end]) {
		end++
	}
	return s[:end]
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
