package env

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// writeFiles makes the files in a directory of their own and goes there, so
// that paths are short. It returns their names as given.
func writeFiles(t *testing.T, nameAndText ...string) (names []string) {
	t.Chdir(t.TempDir())
	for pair := range slices.Chunk(nameAndText, 2) {
		names = append(names, pair[0])
		if err := os.WriteFile(filepath.Clean(pair[0]), []byte(pair[1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// TestLoad: the same files and environment, both ways.
func TestLoad(t *testing.T) {
	files := writeFiles(t,
		"a.env", "ALL=a\nFILES=a\nA=a\nSAME=same\nREF=$ALL\nMINE=1\nMINE=$ALL\n",
		"./b.env", "# b\nALL=b\nFILES=b\nB=${A}${FILES}\nREF=$ALL\nUP=${REAL}\n")
	environ := []string{"ALL=old", "ALL=real", "REAL=real", "SAME=same", "EMPTY=", "BASH_FUNC_f%%=() { :; }", "junk"}
	tests := []struct {
		override  bool
		environ   []string
		conflicts []Conflict
	}{
		{
			false,
			[]string{"A=a", "ALL=real", "B=ab", "BASH_FUNC_f%%=() { :; }", "EMPTY=", "FILES=b",
				"MINE=real", "REAL=real", "REF=real", "SAME=same", "UP=real"},
			[]Conflict{{"ALL", RealEnvironment, "./b.env"}},
		},
		{
			true,
			[]string{"A=a", "ALL=b", "B=ab", "BASH_FUNC_f%%=() { :; }", "EMPTY=", "FILES=b",
				"MINE=a", "REAL=real", "REF=b", "SAME=same", "UP=real"},
			[]Conflict{{"ALL", "./b.env", RealEnvironment}},
		},
	}
	for _, test := range tests {
		e, err := Load(Options{Files: files, Environ: environ, Override: test.override})
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Environ(); !slices.Equal(got, test.environ) {
			t.Errorf("override %v:\n%q\nwant\n%q", test.override, got, test.environ)
		}
		if got := e.Conflicts(); !slices.Equal(got, test.conflicts) {
			t.Errorf("override %v: conflicts %v, want %v", test.override, got, test.conflicts)
		}
		for _, entry := range test.environ {
			key, want, _ := strings.Cut(entry, "=")
			if got, ok := e.Lookup(key); got != want || !ok {
				t.Errorf("override %v: Lookup(%s) = %q, %v; want %q", test.override, key, got, ok, want)
			}
		}
		if got, ok := e.Lookup("junk"); ok {
			t.Errorf("Lookup(junk) = %q", got)
		}
	}
}

func TestSource(t *testing.T) {
	files := writeFiles(t, "a.env", "ALL=1\nA=1\nA=2\n", "b.env", "\nALL=2\n")
	real, a, b := Origin{RealEnvironment, 0}, Origin{"a.env", 1}, Origin{"b.env", 2}
	tests := []struct {
		key      string
		override bool
		want     Source
	}{
		{"ALL", false, Source{real, []Origin{b, a}}},
		{"ALL", true, Source{b, []Origin{a, real}}},
		{"A", false, Source{Origin{"a.env", 3}, []Origin{}}},
		{"REAL", true, Source{real, []Origin{}}},
	}
	for _, test := range tests {
		e, err := Load(Options{Files: files, Environ: []string{"ALL=3", "REAL="}, Override: test.override})
		if err != nil {
			t.Fatal(err)
		}
		got, ok := e.Source(test.key)
		if !ok || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s, override %v: %v, want %v", test.key, test.override, got, test.want)
		}
		if _, ok := e.Source("NONE"); ok {
			t.Error("NONE has a source")
		}
	}
	if got := real.String() + ", " + b.String(); got != "the environment, b.env:2" {
		t.Error(got)
	}
}

// TestConflicts: only different values, and only the last file that has the key.
func TestConflicts(t *testing.T) {
	files := writeFiles(t,
		"a.env", "Z=file\nSAME=real\nHEALED=a\nEARLY=a\nALONE=a\nX=a\n",
		"b.env", "HEALED=real\nX=b\n")
	e, err := Load(Options{Files: files, Environ: []string{"Z=real", "SAME=real", "HEALED=real", "EARLY=", "X=real"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Conflict{
		{"EARLY", RealEnvironment, "a.env"}, {"X", RealEnvironment, "b.env"}, {"Z", RealEnvironment, "a.env"},
	}
	if got := e.Conflicts(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestLoadProblems: those of all files at once.
func TestLoadProblems(t *testing.T) {
	files := writeFiles(t, "a.env", "a b\nB='", "good.env", "C=$A", "b.env", "\n=2")
	files = append([]string{"none.env"}, files...)
	e, err := Load(Options{Files: files})
	var missing *os.PathError
	if _, err := os.Stat("none.env"); !errors.As(err, &missing) {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"cannot read none.env: " + missing.Err.Error(),
		"a.env:1: " + noAssignment,
		"a.env:2: B: " + openQuote,
		"b.env:2: " + badKey,
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	// What could be read is there.
	if keys := e.Keys(); !slices.Equal(keys, []string{"B", "C"}) {
		t.Errorf("got %q", keys)
	}
}

func TestZeroEnv(t *testing.T) {
	loaded, err := Load(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []*Env{loaded, {}} {
		if _, ok := e.Lookup("A"); ok || len(e.Environ()) > 0 || len(e.Conflicts()) > 0 {
			t.Errorf("%v is not empty", e)
		}
	}
}

// TestOnly leaves out of the real environment what nobody declares, which references
// find all the same.
func TestOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("DECLARED=file\nREFERS=${DROPPED}-${MISSING:-none}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, override := range []bool{false, true} {
		e, err := Load(Options{
			Files: []string{path}, Environ: []string{"WANTED=1", "DROPPED=2", "DECLARED=3"}, Override: override,
			Only: func(key string) bool { return key == "WANTED" },
		})
		want := []string{"DECLARED=3", "REFERS=2-none", "WANTED=1"}
		if override {
			want[0] = "DECLARED=file"
		}
		if got := e.Environ(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}
