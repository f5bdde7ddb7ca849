package main

import (
	"slices"
	"strings"
)

// candidate is a possible word, and what it means.
type candidate struct{ value, text string }

// candidates are the possible words in one place.
type candidates struct {
	candidates []candidate
	directive  string // see complete
}

func (c *candidates) add(value, text string) {
	c.candidates = append(c.candidates, candidate{value, text})
}

func (c *candidates) addAll(values ...string) {
	for _, v := range values {
		c.add(v, "")
	}
}

func (c *candidates) append(more candidates) {
	c.candidates = append(c.candidates, more.candidates...)
	c.directive = more.directive
}

// with appends something to every candidate, which is then only the beginning of a word.
func (c candidates) with(suffix string) candidates {
	for i := range c.candidates {
		c.candidates[i].value += suffix
	}
	c.directive = "nospace"
	return c
}

// after prepends something to every candidate.
func (c candidates) after(prefix string) candidates {
	for i := range c.candidates {
		c.candidates[i].value = prefix + c.candidates[i].value
	}
	return c
}

// startingWith keeps those candidates that continue a word. In a list, as in
// web,worker, it is the last item that is continued.
func (c candidates) startingWith(word string) candidates {
	done := word[:strings.LastIndexByte(word, ',')+1]
	var left []candidate
	for _, one := range c.candidates {
		if value := done + one.value; strings.HasPrefix(value, word) && !slices.Contains(strings.Split(done, ","), one.value) {
			left = append(left, candidate{value, one.text})
		}
	}
	c.candidates = left
	return c
}
