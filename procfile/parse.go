package procfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// blanks may surround a command, or fill an otherwise empty line.
const blanks = " \t\v\f"

// All is the name that stands for every type in a formation, and which
// therefore no type can have.
const All = "all"

const (
	utf8BOM    = "\ufeff"
	utf16LEBOM = "\xff\xfe"
	utf16BEBOM = "\xfe\xff"
)

// Parse reads a Procfile. The path is only used in messages and kept in the
// result.
//
// The format is that of foreman and Heroku: one "name: command" a line, where
// the space after the colon is optional. Empty lines and lines that begin with
// # are skipped. CRLF line ends, a UTF-8 byte order mark and a missing last
// newline are fine. Blanks before a name or a # do not matter: Heroku reads
// such lines, foreman drops them without a word, and there is only one thing
// they can mean. There are no continuation lines and no comments after a
// command: a # there belongs to the command and means what it means to sh.
//
// Everything else is an error: a line of no such form (a merge marker, say), a
// name with other characters than A-Z a-z 0-9 _ and -, a type declared twice,
// the name "all", an empty command, text that is not UTF-8, a NUL byte, a
// carriage return inside a line, a file that declares nothing. The error then
// joins a [Mistake] for every problem of the file, in order. The Procfile
// beside it has the types that could be read, for whoever wants to find more
// mistakes; it must not be run.
func Parse(path string, src []byte) (*Procfile, error) {
	p := parser{path: path, seen: make(map[string]int)}
	if text, ok := p.decode(string(src)); ok {
		p.lines(text)
	}
	if len(p.entries) == 0 && len(p.errs) == 0 {
		p.fail(1, `no process types: add a line such as "web: ./server"`)
	}
	return &Procfile{Path: path, Entries: p.entries}, errors.Join(p.errs...)
}

// Mistake is one thing that is wrong with a Procfile.
type Mistake struct {
	Path string // as it was given to [Parse]
	Line int
	Text string
}

// Error is "PATH:LINE: what is wrong".
func (m *Mistake) Error() string { return fmt.Sprintf("%s:%d: %s", m.Path, m.Line, m.Text) }

// parser collects the entries and the errors of one file.
type parser struct {
	path    string
	entries []Entry
	errs    []error
	seen    map[string]int // type → the line that declares it
}

func (p *parser) fail(line int, format string, args ...any) {
	p.errs = append(p.errs, &Mistake{p.path, line, fmt.Sprintf(format, args...)})
}

// decode removes a byte order mark. UTF-16 gets one error instead of one
// for the NULs in each line; Windows editors and PowerShell's > write it.
func (p *parser) decode(text string) (string, bool) {
	if strings.HasPrefix(text, utf16LEBOM) || strings.HasPrefix(text, utf16BEBOM) || isBareUTF16(text) {
		p.fail(1, "the file is UTF-16: save it as UTF-8")
		return "", false
	}
	return strings.TrimPrefix(text, utf8BOM), true
}

// isBareUTF16 recognizes what has no byte order mark by its first two characters, which are
// of ASCII.
func isBareUTF16(text string) bool {
	if len(text) < 4 {
		return false
	}
	even, odd := text[0] == 0 && text[2] == 0, text[1] == 0 && text[3] == 0
	return even != odd
}

func (p *parser) lines(text string) {
	n, previous := 0, ""
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		p.line(n, line, previous)
		previous = line
	}
}

// line reads one line. It needs the one before only for its errors.
func (p *parser) line(n int, line, previous string) {
	text := strings.Trim(line, blanks)
	name, command, colon := strings.Cut(text, ":")
	switch {
	case strings.Contains(line, "\x00"):
		p.fail(n, "NUL byte in the line: is this a text file?")
	case strings.Contains(line, "\r"):
		p.fail(n, "carriage return inside the line: end lines with LF or CRLF")
	case !utf8.ValidString(line):
		p.fail(n, "not UTF-8: save the file as UTF-8")
	case text == "" || text[0] == '#':
	case isMergeMarker(text):
		p.fail(n, "merge marker %s: resolve the conflict", clip(text))
	case isAssignment(text):
		// Without the rest of the line, which may be a secret.
		p.fail(n, "%s= sets a variable: put it into an env file, or into a command", variable(text))
	case !colon && strings.HasSuffix(previous, `\`):
		p.fail(n, `%s is not "name: command": a command cannot continue on the next line`, clip(text))
	case !colon:
		p.fail(n, `%s is not "name: command"%s`, clip(text), blankHint(text))
	default:
		p.entry(Entry{Type: name, Command: strings.Trim(command, blanks), Line: n})
	}
}

// entry checks what the two sides of the colon are. A type whose command is
// empty still counts as declared, so that its duplicate is found as well.
func (p *parser) entry(e Entry) {
	first, duplicate := p.seen[e.Type]
	switch {
	case !isName(e.Type):
		p.fail(e.Line, "bad process type name %s: use only A-Z a-z 0-9 _ and -%s", clip(e.Type), blankHint(e.Type))
		return
	case e.Type == All:
		p.fail(e.Line, `no process type can be named "all", which stands for every type: rename it`)
		return
	case duplicate:
		p.fail(e.Line, "process type %s is already declared in line %d", clip(e.Type), first)
		return
	case e.Command == "":
		p.fail(e.Line, "process type %s has no command", clip(e.Type))
	case strings.IndexFunc(e.Command, isOddBlank) == 0:
		p.fail(e.Line, "the command of %s begins with %s: write a plain space", e.Type, OddBlank(e.Command))
		e.Command = ""
	}
	p.seen[e.Type] = e.Line
	p.entries = append(p.entries, e)
}

// isMergeMarker knows the lines that git leaves in a file with conflicts. They
// get their own message because ">>>>>>> topic: text" has a colon.
func isMergeMarker(text string) bool {
	for _, marker := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if rest, ok := strings.CutPrefix(text, marker); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

// isAssignment knows the lines of an env file, which are here by mistake.
func isAssignment(text string) bool {
	name := variable(text)
	return name != "" && strings.HasPrefix(text[len(name):], "=")
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && c != '_' && c != '-' {
			return false
		}
	}
	return s != ""
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// clip quotes text for a message: printable whatever it holds, and cut after
// about forty characters. The ellipsis stands outside the quotes because it is
// not part of the text.
func clip(text string) string {
	const limit = 40
	width := 0
	for i, r := range text {
		width += len(strconv.QuoteRune(r)) - len("''")
		if width > limit {
			return strconv.Quote(text[:i]) + "…"
		}
	}
	return strconv.Quote(text)
}
