package watch

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Patterns say which files a name stands for: globs from the root, with slashes, in
// which ** crosses directories. One that begins with ! takes out what others have
// brought in, wherever it stands. One whose last element has no wildcard may also name a
// directory, which means everything below it.
type Patterns struct {
	in, out []glob
	texts   []string
}

// glob is one pattern.
type glob struct {
	text     string
	elements []string
	literal  int  // so many of the first elements have no wildcard
	below    bool // it may name a directory
	opaque   bool // braces with a slash in them: it has no elements to go by
}

// Parse reads patterns. An error says what is wrong with which of them.
func Parse(texts []string) (Patterns, error) {
	p := Patterns{texts: slices.Clone(texts)}
	for _, text := range texts {
		body, out := strings.CutPrefix(text, "!")
		g, err := parseGlob(body)
		switch {
		case err != nil:
			return Patterns{}, fmt.Errorf("%q %w", text, err)
		case out:
			p.out = append(p.out, g)
		default:
			p.in = append(p.in, g)
		}
	}
	if len(p.in) == 0 {
		return Patterns{}, errors.New("needs a pattern without ! in front")
	}
	return p, nil
}

func parseGlob(text string) (glob, error) {
	text = filepath.ToSlash(text) // as a Windows user may write it
	dir := strings.HasSuffix(text, "/")
	text = strings.TrimSuffix(strings.TrimPrefix(text, "./"), "/")
	switch {
	case text == "":
		return glob{}, errors.New("must not be empty")
	case strings.HasPrefix(text, "/"), filepath.VolumeName(text) != "":
		return glob{}, errors.New("must be relative to the root of the app")
	case slices.Contains(strings.Split(text, "/"), ".."):
		return glob{}, errors.New("must not leave the root of the app")
	case !doublestar.ValidatePattern(text):
		return glob{}, errors.New("is not a valid pattern")
	}
	g := glob{text: path.Clean(text)}
	if g.text == "." {
		g.text = "**"
	}
	g.elements = strings.Split(g.text, "/")
	for _, e := range g.elements {
		if wild(e) {
			break
		}
		g.literal++
	}
	g.below = dir || !wild(g.elements[len(g.elements)-1])
	g.opaque = slicedBraces(g.elements)
	return g, nil
}

func wild(element string) bool { return strings.ContainsAny(element, `*?[{\`) }

// slicedBraces reports whether a slash within braces has cut them apart.
func slicedBraces(elements []string) bool {
	return slices.ContainsFunc(elements, func(e string) bool {
		return strings.Count(e, "{") != strings.Count(e, "}")
	})
}

// Split cuts a list at its commas, except for those within braces, which belong to a pattern.
func Split(list string) []string {
	var texts []string
	depth, start := 0, 0
	for i := range len(list) {
		switch list[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth <= 0 {
				texts, start = append(texts, list[start:i]), i+1
			}
		}
	}
	return append(texts, list[start:])
}

// Texts are the patterns as they were written.
func (p Patterns) Texts() []string { return p.texts }

// Each gives the patterns one by one, each without what the others take out.
func (p Patterns) Each() (each []Patterns) {
	for _, text := range p.texts {
		if g, err := parseGlob(text); err == nil && !strings.HasPrefix(text, "!") {
			each = append(each, Patterns{in: []glob{g}, out: p.out, texts: []string{text}})
		}
	}
	return each
}

// String is the patterns as a list.
func (p Patterns) String() string { return strings.Join(p.texts, ",") }

// Match reports whether the patterns stand for a file, given by its path from the root, with
// slashes.
func (p Patterns) Match(file string) bool {
	covers := func(g glob) bool { return g.match(file) }
	return slices.ContainsFunc(p.in, covers) && !slices.ContainsFunc(p.out, covers)
}

// lead reports whether there may be such files below a directory.
func (p Patterns) lead(dir string) bool {
	if dir == "." {
		return true
	}
	if slices.ContainsFunc(p.out, func(g glob) bool { return g.closes(dir) }) {
		return false
	}
	elements := strings.Split(dir, "/")
	return slices.ContainsFunc(p.in, func(g glob) bool { return g.leads(elements) })
}

// name reports whether a pattern names a path literally, or something below it.
func (p Patterns) name(file string) bool {
	elements := strings.Split(file, "/")
	return slices.ContainsFunc(p.in, func(g glob) bool {
		return len(elements) <= g.literal && slices.Equal(g.elements[:len(elements)], elements)
	})
}

func (g glob) match(file string) bool {
	if doublestar.MatchUnvalidated(g.text, file) {
		return true
	}
	if !g.below {
		return false
	}
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if doublestar.MatchUnvalidated(g.text, dir) {
			return true
		}
	}
	return false
}

// closes reports whether the pattern stands for everything below a directory.
func (g glob) closes(dir string) bool {
	all := strings.HasSuffix(g.text, "/**") || g.text == "**"
	return (g.below || all) && g.match(dir)
}

// leads reports whether the pattern can match below a directory.
func (g glob) leads(dir []string) bool {
	if g.opaque {
		n := min(g.literal, len(dir))
		return slices.Equal(g.elements[:n], dir[:n])
	}
	for i, element := range dir {
		switch {
		case i >= len(g.elements):
			return g.below
		case g.elements[i] == "**":
			return true
		case !doublestar.MatchUnvalidated(g.elements[i], element):
			return false
		}
	}
	return true
}
