// Package pattern has regular expressions that cost nothing until they are used.
package pattern

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled when it is first used. Few commands use
// any, and all of them together take as long to compile as a small program takes to run.
type Pattern struct {
	expr     string
	once     sync.Once
	compiled *regexp.Regexp
}

// New makes a pattern, which is data in the program, or one allocation where the compiler does not copy
// functions (see CALLS in the Makefile). With
// [sync.OnceValue] it would be three functions and as many allocations each, for a hundred
// patterns 0.03 ms of every start and 40 KB of the program.
func New(expr string) *Pattern { return &Pattern{expr: expr} }

// Get gives the regular expression.
func (p *Pattern) Get() *regexp.Regexp {
	p.once.Do(func() { p.compiled = regexp.MustCompile(p.expr) })
	return p.compiled
}
