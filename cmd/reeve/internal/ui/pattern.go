package ui

import (
	"regexp"
	"strings"
	"unicode"
)

// pattern is what lines are searched for, or filtered by.
type pattern struct {
	text string // as it was typed
	expr *regexp.Regexp
}

// newPattern makes one of what was typed: a regular expression, or if it is none, just that text.
// Without upper case letters it finds both. Nil: of nothing.
func newPattern(text string) *pattern {
	if text == "" {
		return nil
	}
	flags := ""
	if !strings.ContainsFunc(text, unicode.IsUpper) {
		flags = "(?i)"
	}
	expr, err := regexp.Compile(flags + text)
	if err != nil {
		expr = regexp.MustCompile(flags + regexp.QuoteMeta(text))
	}
	return &pattern{text, expr}
}

func (p *pattern) matches(l *Line) bool { return p.expr.Match(l.plain()) }

// mostFound is how many places of one line are looked for.
const mostFound = 1000

// found gives the places of the plain text of a line that match.
func (p *pattern) found(l *Line) [][]int {
	if p == nil {
		return nil
	}
	return p.expr.FindAllIndex(l.plain(), mostFound)
}
