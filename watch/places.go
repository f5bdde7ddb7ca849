package watch

import (
	"slices"
	"strings"
)

// Place is a file or a directory, and which files below it are watched: patterns without braces, from
// there.
type Place struct {
	Path    string   // from the root
	Include []string // none: all
	Exclude []string
}

// Places says the same as the patterns for those who watch places, as Docker Compose does.
func (p Patterns) Places() (places []Place) {
	for _, g := range p.in {
		for _, text := range expand(g.text) {
			elements := strings.Split(text, "/")
			n := slices.IndexFunc(elements, wild)
			if n < 0 {
				n = len(elements)
			}
			places = addPlace(places, strings.Join(elements[:n], "/"), strings.Join(elements[n:], "/"), g.below)
		}
	}
	for i := range places {
		for _, g := range p.out {
			for _, text := range expand(g.text) {
				if from, ok := seenFrom(places[i].Path, text); ok {
					places[i].Exclude = append(places[i].Exclude, from)
				}
			}
		}
	}
	return places
}

// addPlace adds what a pattern stands for in a place; rest is what of it comes after the place.
func addPlace(places []Place, path, rest string, below bool) []Place {
	if path == "" {
		path = "."
	}
	var include []string
	switch {
	case rest == "" || rest == "**" || rest == "**/*":
	case below:
		include = []string{rest, rest + "/**"}
	default:
		include = []string{rest}
	}
	n := slices.IndexFunc(places, func(p Place) bool { return p.Path == path })
	switch {
	case n < 0:
		return append(places, Place{Path: path, Include: include})
	case include == nil || places[n].Include == nil:
		places[n].Include = nil
	default:
		places[n].Include = append(places[n].Include, include...)
	}
	return places
}

// seenFrom gives a pattern as it is from a place; false: it cannot match there, or only if the place
// has a wildcard's name.
func seenFrom(place, pattern string) (string, bool) {
	if place == "." || strings.HasPrefix(pattern, "**/") {
		return pattern, true
	}
	return strings.CutPrefix(pattern, place+"/")
}

// expand gives the patterns without braces that one with braces stands for.
func expand(text string) []string {
	start := strings.IndexByte(text, '{')
	if start < 0 {
		return []string{text}
	}
	depth, from := 0, start+1
	var choices []string
	for i := start; i < len(text); i++ {
		switch c := text[i]; {
		case c == '{':
			depth++
		case c == ',' && depth == 1:
			choices, from = append(choices, text[from:i]), i+1
		case c == '}':
			if depth--; depth > 0 {
				continue
			}
			var all []string
			for _, choice := range append(choices, text[from:i]) {
				all = append(all, expand(text[:start]+choice+text[i+1:])...)
			}
			return all
		}
	}
	return []string{text}
}
