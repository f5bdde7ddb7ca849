package env

import (
	"slices"
	"testing"
)

// TestCase: a variable is the same one in any case of its name.
func TestCase(t *testing.T) {
	files := writeFiles(t, "a", "path=bin;$PATH\nOne=1\nONE=2\nB=$one\nTEMP", "b", "one=3\nreal=x")
	e, err := Load(Options{Files: files, Environ: []string{"Path=C:\\x", "Temp=t", "Real=r"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"B=2", "Real=r", "Temp=t", "one=3", `path=bin;C:\x`}
	if got := e.Environ(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if s, ok := e.Source("PATH"); !ok || s.Winner != (Origin{"a", 1}) || len(s.Losers) != 1 {
		t.Errorf("PATH is from %v", s)
	}
	if c := e.Conflicts(); len(c) != 1 || c[0] != (Conflict{"Real", RealEnvironment, "b"}) {
		t.Errorf("%v", c)
	}
	with := e.Environ().With("PATH=y", "new=1")
	if got := with.Without(Environ{"NEW=", "b="}); !slices.Equal(got, []string{"Real=r", "Temp=t", "one=3", "PATH=y"}) {
		t.Errorf("%q", got)
	}
	if value, ok := with.Lookup("path"); !ok || value != "y" {
		t.Errorf("path is %q", value)
	}
}
