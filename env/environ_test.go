package env

import (
	"slices"
	"testing"
)

func TestEnviron(t *testing.T) {
	e := Environ{"A=1", "AB=x=y", "C="}
	for key, want := range map[string]string{"A": "1", "AB": "x=y", "C": ""} {
		if got, ok := e.Lookup(key); got != want || !ok {
			t.Errorf("%s: %q, %v", key, got, ok)
		}
	}
	if _, ok := e.Lookup("B"); ok {
		t.Error("B is there")
	}
	for _, tt := range []struct {
		name      string
		got, want Environ
	}{
		{"With", e.With("C=3", "D=4"), Environ{"A=1", "AB=x=y", "C=3", "D=4"}},
		{"With nothing", e.With(), e},
		{"Without", e.Without(Environ{"A=anything", "D="}), Environ{"AB=x=y", "C="}},
		{"Only", e.Only(func(key string) bool { return key == "AB" }), Environ{"AB=x=y"}},
	} {
		if !slices.Equal(tt.got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if want := (Environ{"A=1", "AB=x=y", "C="}); !slices.Equal(e, want) {
		t.Errorf("changed to %q", e)
	}
}
