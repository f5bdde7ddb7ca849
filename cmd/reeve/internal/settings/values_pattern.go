package settings

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
)

// patternValue is a regular expression; nil: none.
type patternValue struct{ of **regexp.Regexp }

func (v *patternValue) String() string {
	if *v.of == nil {
		return ""
	}
	return (*v.of).String()
}

func (*patternValue) Type() string { return "pattern" }

func (v *patternValue) Set(s string) error {
	if s == "" {
		return errEmpty
	}
	line, err := regexp.Compile(s)
	if why := new(syntax.Error); errors.As(err, &why) {
		return fmt.Errorf("must be a regular expression of RE2: %s: %s", why.Code, why.Expr)
	}
	*v.of = line
	return err
}

func (v *patternValue) put(stronger value) { *v.of = *stronger.(*patternValue).of }
