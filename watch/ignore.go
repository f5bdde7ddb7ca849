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
	prefix   string // what is in front of its first wildcard, if it is anchored
	glob     string // the rest
	anchored bool   // it has a slash, so it matches paths; others match names
	include  bool   // it began with !
	dirsOnly bool
}

// readIgnores reads the rules in a directory; nil: there are none.
func readIgnores(dir string) []rule { return readRules(filepath.Join(dir, ignoreFile)) }

// readRules reads the rules in a file. One that cannot be read has none, as for git.
func readRules(file string) []rule {
	text, err := os.ReadFile(file)
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

// outerIgnores reads the rules that hold for the whole repository, and those of the directories above the
// root, as far as they belong to it: the strongest last.
func outerIgnores(root string, r repository) []*ignores {
	var outer []*ignores
	top := r.Top
	for dir, above := filepath.Dir(root), filepath.Base(root)+"/"; top != "" && len(dir) >= len(top) && root != top; {
		if rules := readIgnores(dir); rules != nil {
			outer = append([]*ignores{{above: above, rules: rules}}, outer...)
		}
		dir, above = filepath.Dir(dir), filepath.Base(dir)+"/"+above
		if len(dir) <= 1 {
			break
		}
	}
	return append(r.excludes(root), outer...)
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
	line = bytewise(line)
	if r.anchored {
		// What comes after that is a pattern of its own to git: a ** there is at its start.
		n := strings.IndexAny(line+"*", `*?[\`)
		r.prefix, line = line[:n], line[n:]
	}
	var ok bool
	if r.glob, ok = fromGit(line); !ok {
		return rule{}, false
	}
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
// False: nothing matches it.
func fromGit(glob string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(glob); {
		n := 1
		switch c := glob[i]; {
		case c == '\\' && i+1 < len(glob):
			n = 2
			b.WriteString(glob[i : i+n])
		case c == '[':
			var set class
			if set, n = classFromGit(glob[i:]); n == 0 || set == (class{}) {
				return "", false
			}
			b.WriteString(set.glob())
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
	return b.String(), true
}

// verdict says what the rules say of a path from the root: the last that matches wins.
func (g *ignores) verdict(file string, isDir bool) (ignored, decided bool) {
	inside := bytewise(g.above + strings.TrimPrefix(file, g.below))
	name := path.Base(inside)
	for i := len(g.rules) - 1; i >= 0; i-- {
		r, subject := g.rules[i], name
		if r.anchored {
			var ok bool
			if subject, ok = strings.CutPrefix(inside, r.prefix); !ok {
				continue
			}
		}
		if (isDir || !r.dirsOnly) && doublestar.MatchUnvalidated(r.glob, subject) {
			return !r.include, true
		}
	}
	return false, false
}
