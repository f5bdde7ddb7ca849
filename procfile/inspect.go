package procfile

import (
	"slices"
	"strings"
)

// Program returns the program that a command for the shell runs first, as a
// file or a name to look up in PATH. It is "" where that cannot be told for
// certain: where the first word is not plain text or the shell's own business,
// or where PATH is set in front of it. An exec in front does not count.
func Program(command string) string {
	s := scanner{src: command, lookup: func(string) (string, bool) { return "", false }}
	for s.skipBlanks(); s.pos < len(s.src); s.skipBlanks() {
		if !isAssignment(s.src[s.pos:]) {
			return firstProgram(s.src[s.pos:])
		}
		if !s.word() || slices.Contains(s.assigned, "PATH") {
			return ""
		}
	}
	return ""
}

// firstProgram is [Program] of a command without assignments in front.
func firstProgram(command string) string {
	end := 0
	for end < len(command) && isPlain(command[end]) {
		end++
	}
	word, next := command[:end], command[end:]
	switch {
	case word == "", strings.Contains("#!-+", word[:1]):
		return ""
	case next != "" && !strings.Contains(" \t;|&<>", next[:1]):
		return "" // a piece of a longer word, or the name of a function
	case strings.Trim(word, "0123456789") == "" && next != "" && strings.Contains("<>", next[:1]):
		return "" // the number of a redirected descriptor
	case word == "exec" && next != "" && isBlank(next[0]):
		return firstProgram(strings.TrimLeft(next, " \t"))
	case !isProgram(word, false):
		return ""
	}
	return word
}

// Undefined returns the names of the variables to which a command refers while
// nothing sets them, sorted: neither lookup, nor a shell, nor the command
// itself. They expand to nothing. References with a default of their own do
// not count. Of a command for the shell this is no more than a good guess,
// which in doubt leaves a name out.
func Undefined(command string, lookup func(name string) (string, bool)) []string {
	var missed []string
	if Argv(command, func(name string) (string, bool) {
		value, ok := lookup(name)
		if !ok {
			missed = append(missed, name)
		}
		return value, ok
	}).Shell {
		missed = undefinedInShell(command, lookup)
	}
	slices.Sort(missed)
	return slices.Compact(missed)
}

func undefinedInShell(command string, lookup func(name string) (string, bool)) []string {
	w := walker{src: command}
	own, all := assignedIn(command)
	if !w.walk() || all {
		return nil
	}
	return slices.DeleteFunc(w.names, func(name string) bool {
		_, known := lookup(name)
		return known || own[name] || isShellVariable(name) || hasDefault(name)
	})
}

// assignedIn guesses which variables a command sets, rather too many than too
// few: every NAME=, and every name after a word such as read. All says that it
// may be any, since the command executes text that is not seen here.
func assignedIn(command string) (names map[string]bool, all bool) {
	names = map[string]bool{}
	reads := false
	for _, word := range strings.FieldsFunc(command, func(r rune) bool { return strings.ContainsRune(" \t;|&(){}<>\"'`", r) }) {
		name := variable(word)
		switch rest := strings.TrimLeft(word[len(name):], ":+"); {
		case word == ".", word == "source", word == "eval":
			return nil, true
		case assigning()[word]:
			reads = true
		case name != "" && (strings.HasPrefix(rest, "=") || rest == "" && reads):
			names[name] = true
		}
	}
	return names, false
}

// assigning are the words that set the variables that are named after them.
var assigning = set("for select read getopts local declare typeset integer float printf mapfile readarray")

// walker walks over a command for the shell and collects the names of the
// variables that it expands.
type walker struct {
	src   string
	pos   int
	nest  []byte // what is open: " ` (
	names []string
}

// walk returns false if the command is one that the walker does not understand.
func (w *walker) walk() bool {
	for w.pos < len(w.src) {
		if w.src[w.pos] == '#' && !w.in('"') && w.beginsWord() {
			break
		}
		if !w.step() {
			return false
		}
	}
	return len(w.nest) == 0
}

// step goes on by a character, or by what stands for one or more.
func (w *walker) step() bool {
	switch c := w.src[w.pos]; {
	case c == '\\':
		w.pos += 2
	case c == '\'' && !w.in('"'):
		return w.skipTo('\'')
	case c == '$':
		return w.dollar()
	default:
		w.nesting(c)
		w.pos++
	}
	return true
}

// WithoutComment returns a command for the shell without the comment at its end, so
// that something can be appended to it.
func WithoutComment(command string) string {
	w := walker{src: command}
	if w.walk() && w.pos < len(command) {
		return command[:w.pos]
	}
	return command
}

// nesting keeps track of what is open.
func (w *walker) nesting(c byte) {
	closes := c
	if c == ')' {
		closes = '('
	}
	switch {
	case c != '(' && w.in(closes) && strings.IndexByte("\"`)", c) >= 0:
		w.nest = w.nest[:len(w.nest)-1]
	case c == '"', c == '`', c == '(' && !w.in('"'):
		w.nest = append(w.nest, c)
	}
}

// in says what was opened last.
func (w *walker) in(c byte) bool {
	return len(w.nest) > 0 && w.nest[len(w.nest)-1] == c
}

func (w *walker) beginsWord() bool {
	return w.pos == 0 || strings.IndexByte(" \t;|&(", w.src[w.pos-1]) >= 0
}

// skipTo goes past the next c that is not the present character.
func (w *walker) skipTo(c byte) bool {
	length := strings.IndexByte(w.src[w.pos+1:], c)
	w.pos += 1 + length + 1
	return length >= 0
}

// dollar reads what begins with a $: a reference, or $( which opens a command.
func (w *walker) dollar() bool {
	w.pos++
	rest := w.src[w.pos:]
	switch {
	case strings.HasPrefix(rest, "("):
		w.nest = append(w.nest, '(')
		w.pos++
	case strings.HasPrefix(rest, "{"):
		return w.braces()
	default:
		name := variable(rest)
		w.add(name)
		w.pos += len(name)
	}
	return true
}

// braces reads the {…} of a reference. What comes after the name is a default or a
// pattern, and not looked at.
func (w *walker) braces() bool {
	body := strings.TrimPrefix(w.src[w.pos+1:], "#")
	name := variable(body)
	if rest := body[len(name):]; rest != "" && strings.IndexByte("}%#", rest[0]) >= 0 {
		w.add(name)
	}
	for depth := 0; w.pos < len(w.src); w.pos++ {
		switch w.src[w.pos] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			w.pos++
			return true
		}
	}
	return false
}

func (w *walker) add(name string) {
	if name != "" {
		w.names = append(w.names, name)
	}
}
