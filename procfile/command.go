package procfile

import (
	"strings"

	"github.com/mattn/go-shellwords"
)

// shell runs what is not simple. POSIX promises no path for sh, but every
// system that reeve runs on has this one.
const shell = "/bin/sh"

// Invocation is how a command is executed.
type Invocation struct {
	// Args are the program and its arguments, never empty. The program of a
	// direct invocation is looked up in the PATH of the environment that it
	// will get, Assign included, as the shell does.
	Args []string
	// Assign are the "NAME=value" words before the program, each
	// name once. They are added to the environment and win over what is there.
	// Nil where there are none and where a shell is used.
	Assign []string
	// Shell says that Args call the shell with the whole command.
	Shell bool
	// Line is the shell's command line, on Windows, where it is not made of Args.
	Line string
}

// Argv decides how a Procfile's command is executed: directly if that cannot
// be told from what /bin/sh -c would do, else by /bin/sh -c, which then gets
// the command unchanged. The rules are those of POSIX sh (XCU chapter 2) where
// all shells agree on them.
//
// Direct are words of plain characters, quoted strings, "NAME=value" words in
// front, and $NAME or ${NAME}, which lookup answers with the value of the
// environment and whether it is set; unquoted values are split into words.
// Everything else goes to the shell: operators, globs, ~, braces, command
// substitution, comments, other forms of $, builtins and keywords, variables
// that the shell itself sets, and whatever shells read differently.
//
// A direct invocation's words come from go-shellwords. The scanner in front of
// it admits only what that package is known to read as sh does.
func Argv(command string, lookup func(name string) (string, bool)) Invocation {
	s := scanner{src: command, lookup: lookup}
	if !s.simple() {
		return throughShell(command)
	}
	words, err := split(command, lookup)
	if err != nil || len(words) <= len(s.assigned) {
		return throughShell(command)
	}
	assign, args := words[:len(s.assigned)], words[len(s.assigned):]
	if !isProgram(args[0], s.expanded) {
		return throughShell(command)
	}
	if len(assign) == 0 {
		assign = nil
	}
	return Invocation{Args: args, Assign: assign}
}

// throughShell hands the command over unchanged. A command that begins like an
// option would be read as one.
func throughShell(command string) Invocation {
	args := []string{shell, "-c", command}
	if strings.HasPrefix(command, "-") || strings.HasPrefix(command, "+") {
		args = []string{shell, "-c", "--", command}
	}
	return Invocation{Args: args, Shell: true}
}

func split(command string, lookup func(string) (string, bool)) ([]string, error) {
	parser := shellwords.Parser{
		ParseEnv: true,
		Getenv: func(name string) string {
			value, _ := lookup(name)
			return value
		},
	}
	return parser.Parse(command)
}

// isProgram reports whether sh takes the word for the name of a program, so that
// executing it is all that sh would do. An expanded word must be a path: what
// $CMD names may be anything, also something that a list of builtins lacks.
func isProgram(word string, expanded bool) bool {
	switch {
	case word == "", strings.Contains(word, "="), word[0] == '%':
		return false
	case strings.Contains(word, "/"):
		return true
	}
	return !expanded && !shellWords()[word]
}
