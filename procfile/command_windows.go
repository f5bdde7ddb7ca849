package procfile

import (
	"slices"
	"strings"

	"reeve/internal/cmdexe"
)

// Invoke decides how a Procfile's command is executed on Windows: directly, if cmd.exe would do nothing
// but run a program, else by cmd.exe, which then gets the command as it is. A Procfile is shared with
// other systems, so $NAME and ${NAME}, with a default or without, are expanded in both cases, as long
// as lookup knows the name; otherwise they stay as they are. So do the "NAME=value" words in front, which
// count for the whole command, and an exec, which only shells have.
//
// Words are made of a direct command as programs themselves do it on Windows: a backslash is a
// backslash, unless it stands in front of a quote, and only double quotes are quotes.
func Invoke(command string, lookup func(name string) (string, bool)) Invocation {
	s := expansion{lookup: lookup}
	assign, rest := s.assignments(command)
	if !cmdexe.IsCommand(rest) {
		args := s.words(rest)
		if len(args) > 1 && args[0] == "exec" {
			args = args[1:]
		}
		if len(args) > 0 && args[0] != "" && !cmdexe.IsBuiltin(args[0]) {
			return Invocation{Args: args, Assign: assign}
		}
	}
	return Invocation{
		Args:   []string{"cmd", "/d", "/s", "/c", rest},
		Assign: assign, Shell: true,
		Line: cmdexe.Line(s.inShell(rest)),
	}
}

// With is the invocation with further arguments.
func (i Invocation) With(more []string) (Invocation, error) {
	if len(more) == 0 {
		return i, nil
	}
	i.Args = append(slices.Clip(i.Args), more...)
	var err error
	if i.Shell {
		i.Line, err = cmdexe.With(i.Line, more)
	}
	return i, err
}

// FirstProgram returns the program that a command for the shell runs first, as a file or a name to look up
// in Path. It is "" where that cannot be told for certain.
func FirstProgram(command string) string {
	s := expansion{lookup: func(string) (string, bool) { return "", false }}
	_, rest := s.assignments(command)
	rest = strings.TrimLeft(rest, blanks)
	word, next, quoted := strings.Cut(strings.TrimPrefix(rest, `"`), `"`)
	if !strings.HasPrefix(rest, `"`) {
		end := strings.IndexAny(rest, blanks+`&|<>^%"()@,;=`)
		if end < 0 {
			end = len(rest)
		}
		word, next, quoted = rest[:end], rest[end:], true
	}
	switch {
	case word == "", !quoted, cmdexe.IsBuiltin(word), word == "exec":
		return ""
	case strings.ContainsAny(word, "%$"), next != "" && !strings.ContainsAny(next[:1], blanks+"&|<>"):
		return ""
	}
	return word
}

// NotSet returns the names of the variables to which a command refers while nothing sets them,
// sorted. References with a default of their own do not count.
func NotSet(command string, lookup func(name string) (string, bool)) []string {
	s := expansion{lookup: lookup}
	_, rest := s.assignments(command)
	s.words(rest)
	slices.Sort(s.missed)
	return slices.Compact(s.missed)
}

// UnsetBecomes says what a reference to a variable that is not set becomes.
const UnsetBecomes = "stays as it is"

// expansion expands what a command refers to.
type expansion struct {
	lookup func(name string) (string, bool)
	missed []string // the names that nothing sets
}

// assignments are the "NAME=value" words in front of a command, and what is left of it.
func (s *expansion) assignments(command string) (assign []string, rest string) {
	for rest = strings.TrimLeft(command, blanks); isAssignment(rest); {
		words, next := s.word(rest, true)
		name, _, _ := strings.Cut(words[0], "=")
		assign = slices.DeleteFunc(assign, func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
		assign, rest = append(assign, words[0]), strings.TrimLeft(next, blanks)
	}
	return assign, rest
}

// words splits a command.
func (s *expansion) words(command string) (all []string) {
	for rest := strings.TrimLeft(command, blanks); rest != ""; rest = strings.TrimLeft(rest, blanks) {
		var some []string
		some, rest = s.word(rest, false)
		all = append(all, some...)
	}
	return all
}

// word reads what stands before the next blank. That is one word, unless values with blanks in them
// stand outside of quotes, as one may be for several arguments; whole keeps these together.
func (s *expansion) word(text string, whole bool) (words []string, rest string) {
	var b strings.Builder
	open, some := false, false
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\\':
			i += slashes(text[i:], &b)
			some = true
		case c == '"' && open && strings.HasPrefix(text[i+1:], `"`):
			b.WriteByte('"')
			i += 2
		case c == '"':
			open, some = !open, true
			i++
		case !open && strings.IndexByte(blanks, c) >= 0:
			return finish(words, &b, some), text[i:]
		case c == '$':
			value, n := s.reference(text[i:])
			i += n
			if open || whole || !strings.ContainsAny(value, blanks) {
				some = some || value != ""
				b.WriteString(value)
				continue
			}
			for j, field := range strings.Fields(value) {
				if j > 0 || value[0] == ' ' || value[0] == '\t' {
					words, some = finish(words, &b, some), false
				}
				b.WriteString(field)
				some = true
			}
			if strings.TrimRight(value, blanks) != value {
				words, some = finish(words, &b, some), false
			}
		default:
			b.WriteByte(c)
			some = true
			i++
		}
	}
	return finish(words, &b, some), ""
}

// finish adds a word, if there is one.
func finish(words []string, b *strings.Builder, some bool) []string {
	if some {
		words = append(words, b.String())
	}
	b.Reset()
	return words
}

// slashes reads some backslashes. In front of a quote two of them are one, and one that is left makes
// it a character like any other.
func slashes(text string, b *strings.Builder) (read int) {
	for read < len(text) && text[read] == '\\' {
		read++
	}
	if read == len(text) || text[read] != '"' {
		b.WriteString(text[:read])
		return read
	}
	b.WriteString(text[:read/2])
	if read%2 == 1 {
		b.WriteByte('"')
		return read + 1
	}
	return read
}

// inShell expands a command that goes to cmd.exe. What values have in them is nothing but text there.
func (s *expansion) inShell(command string) string {
	var b strings.Builder
	open := false
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '$':
			value, n := s.reference(command[i:])
			switch text := command[i : i+n]; {
			case value == text:
				b.WriteString(text)
			case open:
				b.WriteString(cmdexe.Inert(value))
			default:
				b.WriteString(cmdexe.Escaped(value))
			}
			i += n - 1
			continue
		case c == '"':
			open = !open
		}
		b.WriteByte(command[i])
	}
	return b.String()
}

// reference reads $NAME, ${NAME}, ${NAME:-default} or ${NAME-default}, and gives what it stands for. What
// is none, or a name that nothing sets, stands for itself.
func (s *expansion) reference(text string) (value string, read int) {
	if name := variable(text[1:]); name != "" {
		return s.value(name, text[:1+len(name)]), 1 + len(name)
	}
	inner, _, closed := strings.Cut(strings.TrimPrefix(text[1:], "{"), "}")
	if !strings.HasPrefix(text, "${") || !closed {
		return "$", 1
	}
	name := variable(inner)
	written := text[:len("${")+len(inner)+len("}")]
	switch word, empty := strings.CutPrefix(inner[len(name):], ":-"); {
	case name == "":
		return "$", 1
	case len(name) == len(inner):
		return s.value(name, written), len(written)
	case empty || strings.HasPrefix(inner[len(name):], "-"):
		value, set := s.lookup(name)
		if !set || empty && value == "" {
			value = strings.TrimPrefix(word, "-")
		}
		return value, len(written)
	}
	return "$", 1
}

func (s *expansion) value(name, written string) string {
	value, set := s.lookup(name)
	if !set {
		s.missed = append(s.missed, name)
		return written
	}
	return value
}
