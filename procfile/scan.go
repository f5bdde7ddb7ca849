package procfile

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanner walks a command with sh's quoting rules and reports whether it is
// simple: whether go-shellwords reads it as every POSIX shell does. Its methods
// move pos forward and return false at the first thing that is not simple;
// then the state means nothing any longer.
type scanner struct {
	src    string
	lookup func(name string) (string, bool)

	pos      int
	at       place
	assigned []string // names of the leading assignments
	expanded bool     // the program's name has an expansion
}

// place says what sh makes of the word at hand, and so what it does to an
// expansion in it.
type place int

const (
	inAssignment place = iota
	inProgram
	inArgument
	inQuotes
)

// simple scans the whole command. There must be a program in it: assignments
// alone would change the shell and nothing else.
func (s *scanner) simple() bool {
	if !utf8.ValidString(s.src) || strings.ContainsFunc(s.src, isControl) {
		return false
	}
	for s.skipBlanks(); s.pos < len(s.src); s.skipBlanks() {
		if !s.word() {
			return false
		}
	}
	return s.at > inAssignment
}

func (s *scanner) skipBlanks() {
	for s.pos < len(s.src) && isBlank(s.src[s.pos]) {
		s.pos++
	}
}

// word reads up to the next blank outside quotes. A # begins a comment and a !
// negates only where a word begins.
func (s *scanner) word() bool {
	if c := s.src[s.pos]; c == '#' || c == '!' || !s.place() {
		return false
	}
	for s.pos < len(s.src) && !isBlank(s.src[s.pos]) {
		if !s.piece() {
			return false
		}
	}
	return true
}

// place finds out where the word that begins here stands: assignments come
// first, then the program, then its arguments, where "a=b" is a word like any
// other. It reads the name of an assignment and its equals sign.
//
// A name that is assigned twice is not simple because an environment must not
// have it twice; one that the shell itself sets may be read-only.
func (s *scanner) place() bool {
	if s.at != inAssignment {
		s.at = inArgument
		return true
	}
	name := variable(s.src[s.pos:])
	if name == "" || !strings.HasPrefix(s.src[s.pos+len(name):], "=") {
		s.at = inProgram
		return true
	}
	s.pos += len(name) + len("=")
	if slices.Contains(s.assigned, name) || isShellVariable(name) {
		return false
	}
	s.assigned = append(s.assigned, name)
	return true
}

// piece reads one quoted string, one expansion or one plain character.
func (s *scanner) piece() bool {
	switch c := s.src[s.pos]; c {
	case '\'':
		return s.singleQuotes()
	case '"':
		return s.doubleQuotes()
	case '$':
		return s.expansion(s.at)
	default:
		s.pos++
		return isPlain(c)
	}
}

// singleQuotes reads a string in which everything is literal.
func (s *scanner) singleQuotes() bool {
	s.pos++
	length := strings.IndexByte(s.src[s.pos:], '\'')
	s.pos += length + 1
	return length >= 0
}

// doubleQuotes reads a string in which " \ $ and ` have a meaning.
func (s *scanner) doubleQuotes() bool {
	for s.pos++; s.pos < len(s.src); {
		switch s.src[s.pos] {
		case '"':
			s.pos++
			return true
		case '`':
			return false
		case '\\':
			if !s.escape() {
				return false
			}
		case '$':
			if !s.expansion(inQuotes) {
				return false
			}
		default:
			s.pos++
		}
	}
	return false
}

// escape reads a backslash inside double quotes and what it escapes. Before
// any other character sh keeps the backslash and go-shellwords drops it.
func (s *scanner) escape() bool {
	s.pos += 2
	return s.pos <= len(s.src) && strings.IndexByte("\"\\$`", s.src[s.pos-1]) >= 0
}

// expansion reads $NAME or ${NAME}. All other forms are not simple: $1, $?,
// $(…), ${NAME:-…}, a lone $.
func (s *scanner) expansion(at place) bool {
	name, length := reference(s.src[s.pos:])
	s.pos += length
	s.expanded = s.expanded || s.at == inProgram
	return name != "" && !s.isTangled(name) && s.isSimpleValue(name, at)
}

// isTangled reports whether the value depends on the assignments before it: in
// "A=1 B=$A program" shells disagree about which A that is. In the words after
// the assignments it is always the old one.
func (s *scanner) isTangled(name string) bool {
	return s.at == inAssignment && slices.Contains(s.assigned[:len(s.assigned)-1], name)
}

// isSimpleValue reports whether the shell would see the value that lookup has, and
// whether go-shellwords then makes the same words of it.
func (s *scanner) isSimpleValue(name string, at place) bool {
	value, _ := s.lookup(name)
	switch {
	case isShellVariable(name), value == "" && hasDefault(name), !utf8.ValidString(value):
		return false
	case at == inQuotes:
		return true
	case strings.ContainsAny(value, "*?[\\\r"):
		// Globs, and what some shells remove from them. CR splits words for
		// go-shellwords only.
		return false
	case at == inArgument:
		return true
	case at == inProgram && value == "":
		return false // the next word might become the program
	}
	return !strings.ContainsAny(value, " \t\n")
}

// reference returns the name in the $NAME or ${NAME} that text begins with, and
// how long the whole of it is, or "" if text begins with another form.
func reference(text string) (name string, length int) {
	if rest, braced := strings.CutPrefix(text, "${"); braced {
		name = variable(rest)
		if !strings.HasPrefix(rest[len(name):], "}") {
			return "", 0
		}
		return name, len("${") + len(name) + len("}")
	}
	name = variable(text[len("$"):])
	length = len("$") + len(name)
	// go-shellwords takes the é of $NAMEé for a part of the name.
	if length < len(text) && text[length] >= utf8.RuneSelf {
		return "", 0
	}
	return name, length
}

// variable returns the name of a shell variable that text begins with, or "".
func variable(text string) string {
	n := 0
	for n < len(text) && (isAlphanumeric(text[n]) || text[n] == '_') {
		n++
	}
	if n > 0 && '0' <= text[0] && text[0] <= '9' {
		return ""
	}
	return text[:n]
}

// isPlain reports whether a character outside quotes stands for itself wherever
// it is in a word; # and ! are special only where one begins.
func isPlain(c byte) bool {
	return isAlphanumeric(c) || c >= utf8.RuneSelf || strings.IndexByte("_-./:,+@%=^#!", c) >= 0
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\t'
}

// isControl leaves out the tab. The others are refused even in quotes: a
// newline there is fine in sh, but no Procfile can have one, and NUL ends an
// argument.
func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\t'
}
