// Package pattern has regular expressions that cost nothing until they are used.
package pattern

import (
	"regexp"
	"sync"
)

// New is a regular expression that is compiled when it is first used. Few commands
// use any, and all of them together take as long to compile as a small program takes to
// run.
func New(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
