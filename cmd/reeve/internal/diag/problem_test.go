package diag

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"reeve/procfile"
)

func TestIn(t *testing.T) {
	mistake := &procfile.Mistake{Path: "C:\\a:1: b", Line: 3, Text: "it: is wrong"}
	placed := Problem{File: "f", Message: "no line"}
	err := errors.Join(nil, errors.Join(mistake, placed), fmt.Errorf("around: %w", mistake))
	want := []Problem{
		{"C:\\a:1: b", 3, Error, "it: is wrong"},
		{"f", 0, Error, "no line"},
		{"", 0, Error, "around: C:\\a:1: b:3: it: is wrong"},
	}
	if got := In(err); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := In(nil); got != nil {
		t.Errorf("got %v of no error", got)
	}
}
