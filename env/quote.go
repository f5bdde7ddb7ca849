package env

import (
	"fmt"
	"strings"
)

// quoted reads the quoted value that text begins with and moves the scanner
// after the line on which it ends.
func (s *scanner) quoted(st *statement, text string) {
	st.quote = quoting(text[0])
	size, wrong := st.quote.closing(text[1:])
	if wrong != "" {
		s.problem(s.line, st.key+": "+wrong)
		return
	}
	s.pieces(st, text[1:1+size])
	st.escaped = st.quote == singleQuoted && strings.Contains(text[1:1+size+1], `\'`)

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

// closing is where in text the closing quote stands, or what is wrong with it.
func (q quoting) closing(text string) (at int, wrong string) {
	end := unescaped(text, byte(q))
	if q == doubleQuoted {
		line, _, _ := strings.Cut(text, "\n")
		switch {
		case end >= 0:
			return end, ""
		case strings.HasSuffix(strings.TrimRight(line, blanks), `\"`):
			return 0, openEscaped
		}
		return 0, openQuote
	}
	// \' is a quote inside the value, and yet 'C:\dir\' ends with a backslash: as most
	// readers have it, where the line is over after it and nothing else can be meant.
	early := escapedAtEnd(text)
	late := end >= 0 && endsLine(text[end+1:])
	switch {
	case early >= 0 && (end < 0 || early < end) && late:
		return 0, twoClosings
	case early >= 0 && (end < 0 || early < end):
		return early, ""
	case end < 0:
		return 0, openQuote
	}
	return end, ""
}

// unescaped is where in text the first such byte is that no backslash escapes, or -1.
func unescaped(text string, c byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case c:
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// escapedAtEnd is where in text the first quote of a \' is after which the line is
// over, or -1. It looks no further than to the first quote that is not escaped.
func escapedAtEnd(text string) int {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\'':
			return -1
		case text[i] == '\\' && i+1 < len(text):
			i++
			if text[i] == '\'' && endsLine(text[i+1:]) {
				return i
			}
		}
	}
	return -1
}

// endsLine reports whether nothing but a comment is left of a line.
func endsLine(text string) bool {
	rest := strings.TrimLeft(text, blanks)
	return rest == "" || rest[0] == '\n' || rest[0] == '#'
}

// isComment reports whether the rest of a line after a closing quote means nothing.
func isComment(rest string) bool {
	text := strings.TrimLeft(rest, blanks)
	return text == "" || text[0] == '#'
}

// backticks reads a value that begins with a backtick and has no other on its first
// line. JavaScript's readers take backticks for quotes, the others for text, which a
// value of several lines cannot be: so it is meant for the former, unless one of its
// lines looks like an assignment.
func (s *scanner) backticks(st *statement, text string) {
	size := strings.IndexByte(text[1:], '`')
	if size < 0 {
		line, _, _ := strings.Cut(text, "\n")
		s.unquoted(st, line)
		return
	}
	body := text[1 : 1+size]
	if !endsLine(text[size+2:]) || hasAssignment(body) {
		s.problem(s.line, st.key+": "+openBacktick)
		return
	}
	st.quote = backticked
	s.pieces(st, body)
	_, s.src, _ = strings.Cut(text[size+2:], "\n")
}

// hasAssignment reports whether a line but the first looks like KEY=value.
func hasAssignment(text string) bool {
	_, rest, _ := strings.Cut(text, "\n")
	for line := range strings.Lines(rest) {
		if head, _, ok := strings.Cut(line, "="); ok && isKey(keyOf(head)) {
			return true
		}
	}
	return false
}
