package settings

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// Quiet is what the log does not show: what some process types write, and lines that match regular
// expressions. The type system stands for reeve itself.
type Quiet struct {
	Types []string
	Lines map[string][]string
}

// Without are the lines of a type that the log does not show.
func (q Quiet) Without(typ string) (lines []*regexp.Regexp) {
	for _, line := range q.Lines[typ] {
		lines = append(lines, regexp.MustCompile(line)) // checked already
	}
	return lines
}

// quietValue is TYPE[,TYPE] or TYPE=REGEX. Given again, there is more of it.
type quietValue Quiet

func (v *quietValue) String() string { return strings.Join(v.Types, ",") }
func (*quietValue) Type() string     { return "quiet" }
func (v *quietValue) Set(s string) error {
	head, line, has := strings.Cut(s, "=")
	types := splitList(head)
	last := len(types) - 1
	if last < 0 {
		return errors.New("must be TYPE or TYPE=REGEX, as in worker or 'web=GET /health'")
	}
	if has {
		if err := (&patternValue{new(*regexp.Regexp)}).Set(line); err != nil {
			return err
		}
		putAll(&v.Lines, map[string][]string{types[last]: append(v.Lines[types[last]], line)})
		types = types[:last]
	}
	v.Types = append(v.Types, types...)
	return nil
}

// put replaces the list of types, and the lines of a type.
func (v *quietValue) put(stronger value) {
	s := stronger.(*quietValue)
	if len(s.Types) > 0 {
		v.Types = s.Types
	}
	putAll(&v.Lines, s.Lines)
}

func (v *quietValue) names() []string {
	return append(slices.Collect(maps.Keys(v.Lines)), v.Types...)
}

func (v *quietValue) described() string { return fmt.Sprint(*v) }

// about is not about a type alone, since nothing of it changes while a formation runs.
func (v *quietValue) about(string) string { return v.described() }

func (v *quietValue) expand(g Groups) (err error) {
	v.Types, err = g.Types(v.Types)
	return errors.Join(err, expand(&v.Lines, g))
}

func (v *quietValue) drop(types map[string]bool) {
	(*typesValue)(&v.Types).drop(types)
	dropTypes(&v.Lines, types)
}

// dirValue is a directory that need not exist.
type dirValue string

func (v *dirValue) String() string     { return string(*v) }
func (*dirValue) Type() string         { return "directory" }
func (v *dirValue) put(stronger value) { *v = *stronger.(*dirValue) }
func (v *dirValue) Set(s string) error {
	if info, err := os.Stat(s); err == nil && !info.IsDir() {
		return errors.New("must be a directory")
	}
	return (*textValue)(v).Set(s)
}
