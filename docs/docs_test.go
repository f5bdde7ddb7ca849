//go:build unix

package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestDocs does what each page of the documentation says, from its top to its bottom, as
// a newcomer would: the files that it shows are written, the commands that it shows are
// run in a terminal of their own, and must do what the page says they do.
func TestDocs(t *testing.T) {
	exampleApp := sync.OnceValue(func() string { return buildExampleApp(t) })
	for _, p := range pages(t) {
		t.Run(p.path, func(t *testing.T) {
			t.Parallel()
			if p.wrong != nil {
				t.Fatal(p.wrong)
			}
			s := newSession(t)
			s.exampleApp = exampleApp
			s.furnish(p)
			for _, b := range p.blocks {
				s.do(p, b)
			}
			s.pressCtrlC()
		})
	}
}

// do does what a block is for.
func (s *session) do(p page, b snippet) {
	s.t.Helper()
	s.at = b.at
	switch b.kind {
	case "sh":
		if b.file == "" {
			s.typeCommands(b.lines)
			return
		}
	case "console":
		s.typeAndCompare(b.lines)
		return
	case "text":
		if b.file == "" {
			return
		}
	}
	validate, ok := kinds[b.kind]
	if !ok {
		s.t.Fatalf("%s: nothing says what to do with %s: see block", b.at, b.kind)
	}
	if err := validate(s, b); err != nil {
		s.t.Errorf("%s: %v", b.at, err)
	}
	if b.file != "" {
		if !p.isIntroduced(b) {
			s.t.Errorf("%s: name the file `%s` in front of the block", b.at, b.file)
		}
		s.write(b.file, b.text())
	}
}

// write writes a file of the app. What begins like a script can be executed.
func (s *session) write(file, text string) {
	s.t.Helper()
	mode := os.FileMode(0o644)
	if strings.HasPrefix(text, "#!") {
		mode = 0o755
	}
	path := filepath.Join(s.app, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	_ = os.Remove(path) // lest it keeps its mode
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		s.t.Fatal(err)
	}
}

// typeCommands runs commands that have to work, or have to fail as a comment says.
func (s *session) typeCommands(lines []string) {
	s.t.Helper()
	for _, command := range s.commandsIn(lines) {
		s.typeCommand(command)
	}
}

// commandsIn puts lines together that are one command.
func (s *session) commandsIn(lines []string) (commands []string) {
	s.t.Helper()
	command := ""
	for _, line := range lines {
		command += line + "\n"
		if strings.TrimSpace(command) == "" {
			command = ""
		} else if s.isWhole(command) {
			commands, command = append(commands, command), ""
		}
	}
	if command != "" {
		s.t.Fatalf("%s: this command has no end: %s", s.at, command)
	}
	return commands
}

// typeAndCompare runs the lines that begin with $, and compares what comes.
func (s *session) typeAndCompare(lines []string) {
	s.t.Helper()
	for len(lines) > 0 {
		command, ok := strings.CutPrefix(lines[0], "$ ")
		if !ok {
			s.t.Fatalf("%s: a console begins with a command: $ …", s.at)
		}
		lines = lines[1:]
		end := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "$ ") })
		if end < 0 {
			end = len(lines)
		}
		s.typeCommand(command)
		s.compare(lines[:end])
		lines = lines[end:]
	}
}

// compare looks for what the page promises in what the last command has printed. In what
// a formation prints, the lines of its processes come in any order.
func (s *session) compare(want []string) {
	s.t.Helper()
	if h := s.latest; h != nil {
		for _, line := range want {
			if line == "^C" {
				s.pressCtrlC()
			} else {
				h.await(line)
			}
		}
		return
	}
	pattern := `\A`
	for _, line := range want {
		if line == "…" {
			pattern += `(?:.*\n)*?`
		} else {
			pattern += lineLike(line) + `\n`
		}
	}
	if got := s.printed; !regexp.MustCompile(pattern + `\z`).MatchString(got) {
		s.t.Errorf("%s: the page promises\n%s\nand this came:\n%s", s.at, strings.Join(want, "\n"), got)
	}
}

// inLine matches what differs from run to run: a hash, a number, the width of a column,
// and what the page itself leaves open.
var inLine = regexp.MustCompile(`[0-9a-f]{16}|[0-9]+| +|…`)

// lineLike is a pattern for lines that say the same as one.
func lineLike(line string) string {
	pattern, last := "", 0
	for _, at := range inLine.FindAllStringIndex(line, -1) {
		pattern += regexp.QuoteMeta(line[last:at[0]])
		switch found := line[at[0]:at[1]]; {
		case found == "…":
			pattern += ".*"
		case found[0] == ' ':
			pattern += " +"
		case len(found) == 16:
			pattern += "[0-9a-f]{16}"
		default:
			pattern += "[0-9]+"
		}
		last = at[1]
	}
	return pattern + regexp.QuoteMeta(line[last:])
}
