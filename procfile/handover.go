package procfile

import (
	"strings"

	"reeve/internal/pattern"
)

// HandsOver reports whether the shell that executes a command becomes the last of its programs, which
// then has the shell's process id: the last command of all is one that begins with exec, and no part
// of a pipeline or of anything else for which a shell forks.
func HandsOver(command string) bool {
	last, ok := lastCommand(strings.TrimSpace(WithoutComment(command)))
	return ok && execs.Get().MatchString(last)
}

// execs matches a command that begins with exec and has a program.
var execs = pattern.New(`^\s*([A-Za-z_][A-Za-z0-9_]*=[^\s;&|()<>]*\s+)*exec\s+[^\s<>&0-9-]`)

// lastCommand is what comes after the last ; && || or newline of a command for the shell that is
// outside of quotes and parentheses. Not ok: that is in a pipeline, or something is left open.
func lastCommand(command string) (last string, ok bool) {
	w := walker{src: command}
	start, piped := 0, false
	for w.pos < len(command) {
		at := w.pos
		if !w.step() {
			return "", false
		}
		if len(w.nest) > 0 {
			continue
		}
		two := command[at:min(at+2, len(command))]
		switch c := command[at]; {
		case two == "&&" || two == "||":
			w.pos = at + 2
			start, piped = w.pos, false
		case c == '&' && at > 0 && strings.IndexByte("<>", command[at-1]) >= 0: // 2>&1
		case c == ';' || c == '\n' || c == '&':
			start, piped = w.pos, false
		case c == '|':
			piped = true
		}
	}
	return command[start:], !piped && len(w.nest) == 0
}
