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
	badKey       = "not a variable's name before the = (letters, digits, _ . and - are allowed, but not . or - as the first)"
	openQuote    = "the quote that opens here is never closed"
	openEscaped  = `the quote that opens here is never closed, since \" is a quote inside the value; write \\ for a backslash at the end`
	afterQuote   = "text after the closing quote; put the whole value inside the quotes"
	twoClosings  = `the value can end after this line's \' or on a later line; put it in double quotes`
	openKey      = "this value continues on the next lines; put all of it in double quotes"
	openBacktick = "backticks are not quotes here; put the whole value in single quotes"
	badReference = `only ${NAME}, and ${NAME} with :- - :+ + :? ? and a text, are supported; write \$ for a plain $`
	openBrace    = `${ without a closing }; write \$ for a plain $`
	tooDeep      = "${ } nested more than 20 levels deep"
	tooLong      = "the values of this file grow beyond 8 MiB"

	utf16          = "the file is UTF-16: save it as UTF-8"
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
	s := &scanner{problems: map[int]string{}}
	if isUTF16(src) {
		s.problem(1, utf16)
		return s
	}
	text := strings.TrimPrefix(string(src), "\ufeff")
	s.src = strings.ReplaceAll(text, "\r\n", "\n")
	line := 0
	for text := range strings.Lines(s.src) {
		line++
		if flaw := flaw(text); flaw != "" {
			s.problem(line, flaw)
		}
	}
	return s
}

// isUTF16 recognizes what PowerShell's > and some editors write: by its byte order
// mark, or by a first character of ASCII.
func isUTF16(src []byte) bool {
	if len(src) < 2 {
		return false
	}
	first := [2]byte(src)
	return first == [2]byte{0xff, 0xfe} || first == [2]byte{0xfe, 0xff} || (first[0] == 0) != (first[1] == 0)
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

// hasProblem reports whether there is a problem on one of some lines.
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
	if name, ok := bareName(line); ok {
		named := strings.HasPrefix(strings.TrimLeft(line, blanks), "export")
		return statement{line: s.line, key: name, bare: true, named: named}, true
	}
	if end < 0 {
		s.problem(s.line, noAssignment+named(line))
		return statement{}, false
	}
	st := statement{line: s.line, key: keyOf(line[:end]), colon: line[end] == ':'}
	if !isKey(st.key) {
		// Not quoted in the message: it may be a piece of a value that lost its quotes.
		s.problem(s.line, badKey+named(line[:end]))
		return statement{}, false
	}
	value := line[end+1:]
	begin := len(line) - len(strings.TrimLeft(value, blanks))
	switch {
	case begin == len(line):
	case line[begin] == '"' || line[begin] == '\'':
		s.quoted(&st, text[begin:])
	case line[begin] == '`' && !strings.Contains(line[begin+1:], "`"):
		s.backticks(&st, text[begin:])
	default:
		s.unquoted(&st, value)
	}
	return st, true
}

// bareName is the name that a line consists of, with or without export in front.
func bareName(line string) (name string, ok bool) {
	head, comment, _ := strings.Cut(line, "#")
	if comment != "" && strings.TrimRight(head, blanks) == head {
		return "", false // the # is a part of the word
	}
	name = keyOf(head)
	return name, isKey(name) && name != "export"
}

// keyOf is the name in what stands before the = of a line.
func keyOf(head string) string {
	head = strings.TrimLeft(head, blanks)
	if name, ok := strings.CutPrefix(head, "export"); ok && strings.TrimLeft(name, blanks) != name {
		head = name
	}
	return strings.Trim(head, blanks)
}

// isKey reports whether key is [A-Za-z0-9_][A-Za-z0-9_.-]*. The kernel has no rule for
// names, and there are variables such as 2CAPTCHA_KEY and those of Azure's Key Vault.
func isKey(key string) bool {
	if key == "" || !isNameByte(key[0]) {
		return false
	}
	for _, c := range []byte(key) {
		if c != '.' && c != '-' && !isNameByte(c) {
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
	return s[:spanOf(s, isNameByte)]
}

// nameInBraces is the longest [A-Za-z0-9_][A-Za-z0-9_.]* that s begins with, or "". A
// number is not one: that is an argument of a shell's. A - begins a default.
func nameInBraces(s string) string {
	if s == "" || !isNameByte(s[0]) {
		return ""
	}
	name := s[:spanOf(s, func(c byte) bool { return c == '.' || isNameByte(c) })]
	if strings.Trim(name, "0123456789") == "" {
		return ""
	}
	return name
}

// spanOf is how many bytes at the beginning of s are of a kind.
func spanOf(s string, is func(byte) bool) (n int) {
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
