package env

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// quoting is how a value is quoted, as the quote itself.
type quoting byte

const (
	unquoted     quoting = 0
	singleQuoted quoting = '\''
	doubleQuoted quoting = '"'
)

// quoted reads the quoted value that text begins with and moves the scanner
// behind the line on which it ends.
func (s *scanner) quoted(st *statement, text string) {
	quote := quoting(text[0])
	size := quote.closing(text[1:])
	if size < 0 {
		s.problem(s.line, st.key+": "+openQuote)
		return
	}
	st.text = append(st.text, byte(quote))
	s.value(st, text[1:1+size], quote)
	st.text = append(st.text, byte(quote))

	var tail string
	tail, s.src, _ = strings.Cut(text[size+2:], "\n")
	if !isComment(tail) {
		s.problem(s.line, st.key+": "+afterQuote+openedOn(st.line, s.line))
	}
}

// openedOn points to where a quote that ends on another line begins: the mistake
// is most likely there.
func openedOn(first, last int) string {
	if first == last {
		return ""
	}
	return fmt.Sprintf(" (the quote opened on line %d)", first)
}

// closing is where in text the closing quote stands, or -1.
func (q quoting) closing(text string) int {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == byte(q):
			return i
		case text[i] == '\\' && q == doubleQuoted:
			i++
		}
	}
	return -1
}

// isComment reports whether the rest of a line after a value means nothing.
func isComment(rest string) bool {
	text := strings.TrimLeft(rest, blanks)
	return text == "" || text[0] == '#' && text != rest
}

// value gives the statement its value, shielded, and counts the lines of it.
func (s *scanner) value(st *statement, body string, quote quoting) {
	st.quote, st.source = quote, body
	for i := 0; i < len(body); {
		if quote == unquoted && startsComment(body, i) {
			st.source, st.comment = body[:i], body[i:]
			return
		}
		width := s.piece(st, body[i:], quote)
		s.line += strings.Count(body[i:i+width], "\n")
		i += width
	}
}

// startsComment reports whether the # of a comment is at i: one after a blank.
func startsComment(body string, i int) bool {
	return body[i] == '#' && i > 0 && strings.IndexByte(blanks, body[i-1]) >= 0
}

// piece takes over the first piece of text: an escape, a reference or a
// character. It returns how long that was.
func (s *scanner) piece(st *statement, text string, quote quoting) (width int) {
	switch {
	case text[0] == '\\':
		meaning, width := quote.unescape(text)
		st.hole(hole{text: meaning})
		return width
	case text[0] == '$' && quote != singleQuoted:
		return s.reference(st, text, quote)
	}
	r, width := utf8.DecodeRuneInString(text)
	if harmless(r) {
		st.text = append(st.text, text[:width]...)
	} else {
		st.hole(hole{text: text[:width]})
	}
	return width
}

// unescape reads what begins with a backslash: the text it stands for and how
// long it was. Where nothing is escaped that is the backslash alone.
func (q quoting) unescape(s string) (text string, width int) {
	const written, meant = "$`\"\\nrt", "$`\"\\\n\r\t"
	escapes := ""
	switch q {
	case unquoted:
		escapes = "$"
	case doubleQuoted:
		escapes = written
	}
	if len(s) > 1 {
		if i := strings.IndexByte(escapes, s[1]); i >= 0 {
			return meant[i : i+1], 2
		}
	}
	return `\`, 1
}

// reference takes over what begins with a $ and returns how long it was.
func (s *scanner) reference(st *statement, text string, quote quoting) (width int) {
	if strings.HasPrefix(text, "${") {
		return s.braces(st, text, quote)
	}
	name := nameIn(text[1:])
	if name == "" {
		st.hole(hole{text: "$"})
		st.dollars += text[1:min(2, len(text))]
		return 1
	}
	st.hole(hole{name: name})
	return 1 + len(name)
}

// braces is reference for ${…}. After a problem the scan goes on inside it.
func (s *scanner) braces(st *statement, text string, quote quoting) (width int) {
	h, width, wrong := quote.braces(text)
	if wrong != "" {
		s.problem(s.line, st.key+": "+wrong)
		return len("${")
	}
	st.hole(h)
	return width
}

// braces reads a ${…}, how long it is and what is wrong with it, or "".
func (q quoting) braces(text string) (h hole, width int, wrong string) {
	h.name = nameIn(text[len("${"):])
	width = len("${") + len(h.name)
	rest := text[width:]
	switch {
	case rest == "":
		return h, 0, openBrace
	case h.name == "":
		return h, 0, badReference
	case rest[0] == '}':
		return h, width + 1, ""
	case strings.HasPrefix(rest, ":-"):
		h.fallback, width = whenEmpty, width+2
	case rest[0] == '-':
		h.fallback, width = whenUnset, width+1
	default:
		return h, 0, badReference
	}
	var size int
	h.text, size, wrong = q.defaultText(text[width:])
	return h, width + size, wrong
}

// defaultText reads the text up to the first }, how long it is with that and
// what is wrong with it, or "".
func (q quoting) defaultText(text string) (value string, width int, wrong string) {
	var b strings.Builder
	for i := 0; i < len(text); {
		meaning, width := text[i:i+1], 1
		switch {
		case text[i] == '}':
			return b.String(), i + 1, ""
		case text[i] == '$' && refers(text[i+1:]):
			return "", 0, nested
		case text[i] == '\\':
			meaning, width = q.unescape(text[i:])
		}
		b.WriteString(meaning)
		i += width
	}
	return "", 0, openBrace
}

// refers reports whether a $ before this text is a reference.
func refers(text string) bool {
	return strings.HasPrefix(text, "{") || nameIn(text) != ""
}
