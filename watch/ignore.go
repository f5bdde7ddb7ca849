package watch

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
)

// gitignore(5) says what the lines of a .gitignore file mean. What it calls a
// pattern is made one of doublestar here, which has the same wildcards and braces besides.

// ignoreFile is the name of the files that say what git ignores.
const ignoreFile = ".gitignore"

// ignores are the rules of one .gitignore, for paths from its directory.
type ignores struct {
	below string // its directory, from the root: empty, or ends with a slash
	above string // the root, from its directory, if that is above the root; likewise
	rules []rule
}

// rule is a line of a .gitignore.
type rule struct {
	glob     string
	anchored bool // it has a slash, so it matches paths; others match names
	include  bool // it began with !
	dirsOnly bool
}

// readIgnores reads the rules in a directory; nil: there are none. A file that cannot be read has
// none, as for git.
func readIgnores(dir string) []rule {
	text, err := os.ReadFile(filepath.Join(dir, ignoreFile))
	if err != nil {
		return nil
	}
	var rules []rule
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		if r, ok := parseRule(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")); ok {
			rules = append(rules, r)
		}
	}
	return rules
}

// outerIgnores reads the rules of the directories above the root, as far as they belong to the
// same repository: the strongest last.
func outerIgnores(root, top string) []*ignores {
	var outer []*ignores
	for dir, above := filepath.Dir(root), filepath.Base(root)+"/"; top != "" && len(dir) >= len(top) && root != top; {
		if rules := readIgnores(dir); rules != nil {
			outer = append([]*ignores{{above: above, rules: rules}}, outer...)
		}
		dir, above = filepath.Dir(dir), filepath.Base(dir)+"/"+above
		if len(dir) <= 1 {
			break
		}
	}
	return outer
}

// parseRule reads a line; a comment, a blank and an invalid one are no rule.
func parseRule(line string) (rule, bool) {
	line = trimTrailingSpaces(line)
	if line == "" || line[0] == '#' {
		return rule{}, false
	}
	var r rule
	if line[0] == '!' {
		r.include, line = true, line[1:]
	}
	line, r.dirsOnly = strings.CutSuffix(line, "/")
	r.anchored = strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return rule{}, false
	}
	r.glob = fromGit(bytewise(line))
	if inside, ok := strings.CutSuffix(r.glob, "/**"); ok {
		r.glob = inside + "/**/*" // what is in the directory, but not the directory
	}
	return r, doublestar.ValidatePattern(r.glob)
}

// bytewise makes a letter of each byte, as they are to git: its ? and [!a] do not match ä, which
// has two.
func bytewise(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return text
	}
	letters := make([]rune, len(text))
	for i := range len(text) {
		letters[i] = rune(text[i])
	}
	return string(letters)
}

// trimTrailingSpaces removes spaces at the end that no backslash protects.
func trimTrailingSpaces(line string) string {
	trimmed := strings.TrimRight(line, " ")
	backslashes := len(trimmed) - len(strings.TrimRight(trimmed, `\`))
	if backslashes%2 == 1 && len(trimmed) < len(line) {
		trimmed += " "
	}
	return trimmed
}

// fromGit makes one of git's globs one of doublestar's: to git, braces are letters like others.
func fromGit(glob string) string {
	var b strings.Builder
	for i := 0; i < len(glob); {
		n := 1
		switch c := glob[i]; {
		case c == '\\' && i+1 < len(glob):
			n = 2
			b.WriteString(glob[i : i+n])
		case c == '[':
			var class string
			class, n = classFromGit(glob[i:])
			b.WriteString(class)
		case c == '{' || c == '}':
			b.WriteString(`\` + string(c))
		case c == '*':
			n = len(glob[i:]) - len(strings.TrimLeft(glob[i:], "*"))
			b.WriteString("**"[:min(n, 2)])
		default:
			b.WriteByte(c)
		}
		i += n
	}
	return b.String()
}

// named are the classes that have a name for git; doublestar knows none.
var named = map[string]string{
	"[:alnum:]": "a-zA-Z0-9", "[:alpha:]": "a-zA-Z", "[:blank:]": " \t", "[:digit:]": "0-9", "[:lower:]": "a-z",
	"[:punct:]": "!-/:-@\\[-`{-~", "[:space:]": " \t\n\v\f\r", "[:upper:]": "A-Z", "[:xdigit:]": "0-9A-Fa-f",
}

// classFromGit does so with the class at the start of a glob, and gives its length there. A ] right
// at the start of a class is a letter to git, and no class contains a slash.
func classFromGit(glob string) (class string, length int) {
	var b strings.Builder
	i, first := 1, 1
	b.WriteByte('[')
	if i < len(glob) && (glob[i] == '!' || glob[i] == '^') {
		b.WriteString("^/")
		i, first = 2, 2
	}
	for i < len(glob) {
		rest := glob[i:]
		end := strings.Index(rest, ":]")
		switch {
		case rest[0] == ']' && i > first:
			return b.String() + "]", i + 1
		case rest[0] == ']':
			b.WriteString(`\]`)
		case strings.HasPrefix(rest, "[:") && end > 0 && named[rest[:end+2]] != "":
			b.WriteString(named[rest[:end+2]])
			i += end + 1
		case rest[0] == '\\' && len(rest) > 1:
			b.WriteString(rest[:2])
			i++
		default:
			b.WriteByte(rest[0])
		}
		i++
	}
	return glob, len(glob) // it has no end, so the glob is invalid
}

// verdict says what the rules say of a path from the root: the last that matches wins.
func (g *ignores) verdict(file string, isDir bool) (ignored, decided bool) {
	inside := bytewise(g.above + strings.TrimPrefix(file, g.below))
	name := path.Base(inside)
	for i := len(g.rules) - 1; i >= 0; i-- {
		r, subject := g.rules[i], name
		if r.anchored {
			subject = inside
		}
		if (isDir || !r.dirsOnly) && doublestar.MatchUnvalidated(r.glob, subject) {
			return !r.include, true
		}
	}
	return false, false
}
