package env

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestDigest(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	digest := func(text string, environ ...string) Digest {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Load(Options{Files: []string{path}, Environ: environ})
		if err != nil {
			t.Fatal(err)
		}
		return e.Digest("salt")
	}
	was := digest("A=1\nB=$HOME/x\nPATH=bin:$PATH\n", "HOME=/home/ada", "PATH=/bin")
	for name, tt := range map[string]struct {
		is   Digest
		want string
	}{
		"the same":             {digest("A=1\nB=$HOME/x\nPATH=bin:$PATH\n", "HOME=/home/ada", "PATH=/bin"), ""},
		"another environment":  {digest("A=1\nB=$HOME/x\nPATH=bin:$PATH\n", "HOME=/home/bob", "PATH=/usr/bin", "A=2"), ""},
		"only a comment":       {digest("# new\nA=1\nB=$HOME/x\nPATH=bin:$PATH\n", "HOME=/home/ada", "PATH=/bin"), ""},
		"a value":              {digest("A=2\nB=$HOME/x\nPATH=bin:$PATH\n", "HOME=/home/ada", "PATH=/bin"), "A"},
		"one less, one more":   {digest("A=1\nC=3\nPATH=bin:$PATH\n", "HOME=/home/ada", "PATH=/bin"), "B C"},
		"what wins in the end": {digest("A=9\nA=1\nB=$HOME/x\nPATH=sbin:$PATH\n", "HOME=/home/ada", "PATH=/bin", "A=7"), "PATH"},
	} {
		got := was.Differing(tt.is)
		slices.Sort(got)
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", name, got, tt.want)
		}
	}
	for _, sum := range was.Keys {
		if len(sum) != 32 || sum == was.Text {
			t.Errorf("%q is no digest of a value", sum)
		}
	}
}
