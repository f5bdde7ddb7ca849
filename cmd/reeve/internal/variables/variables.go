// Package variables lists the variables of an app with where they come from, and writes them in
// forms that people and programs read.
//
// The programs are a shell, JSON, and the many that read env files, which agree on little: a
// value is written in the form that all of them understand alike, and a variable that a format
// cannot hold is left out and named.
package variables

import (
	"fmt"
	"slices"
	"strings"

	"reeve/env"
	"reeve/internal/sorting"
)

// Variable is a variable and where it comes from.
type Variable struct {
	Key, Value string
	Source     string   // the layer that won
	losers     []string // the others that have the key
}

// Assigned is the name of the layer that reeve itself is.
const Assigned = "reeve"

// List lists the environment with what reeve assigns on top of it, sorted.
func List(e *env.Env, assigned env.Environ) []Variable {
	var vars []Variable
	for _, key := range e.Keys() {
		value, _ := e.Lookup(key)
		source, _ := e.Source(key)
		v := Variable{Key: key, Value: value, Source: source.Winner.String()}
		for _, loser := range source.Losers {
			v.losers = append(v.losers, loser.String())
		}
		vars = append(vars, v)
	}
	for key, value := range assigned.All() {
		v := Variable{Key: key, Value: value, Source: Assigned}
		if i := slices.IndexFunc(vars, func(v Variable) bool { return v.Key == key }); i >= 0 {
			v.losers = append([]string{vars[i].Source}, vars[i].losers...)
			vars = slices.Delete(vars, i, i+1)
		}
		vars = append(vars, v)
	}
	sorting.Stable(vars, func(a, b Variable) int { return strings.Compare(a.Key, b.Key) })
	return vars
}

// Text writes them in a format; text is the one for people. left says what was left out
// of it, and why.
func Text(vars []Variable, format string, withValues bool) (text string, left []string) {
	var s skipped
	switch format {
	case "json":
		text = s.jsonOf(vars)
	case "dotenv":
		text = s.dotenvOf(vars)
	case "shell":
		text = s.shellOf(vars)
	default:
		text = textOf(vars, withValues)
	}
	return text, s.left
}

// skipped notes which variables are left out.
type skipped struct{ left []string }

func (s *skipped) skip(key, format, why string) {
	s.left = append(s.left, fmt.Sprintf("%q is left out of %s: %s", key, format, why))
}
