//go:build unix

package safedir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// whole makes a directory whose path has no links.
func whole(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFiles(t *testing.T) {
	at := filepath.Join(whole(t), "made", "here")
	if _, err := Open(at); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that does not exist: %v", err)
	}
	d, err := Make(at)
	check(t, err)
	defer d.Close()
	check(t, d.Write("web/run", File{Content: []byte("one"), Mode: 0o755}))
	check(t, d.Write("web/run", File{Content: []byte("two"), Mode: 0o600}))
	text, info, err := d.Read("web/run")
	if err != nil || string(text) != "two" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, %v, %v", text, info, err)
	}
	if found, err := d.List("web", "r*"); err != nil || !slices.Equal(found, []string{"web/run"}) {
		t.Errorf("%q, %v", found, err)
	}
	if found, err := d.List("db", "*"); err != nil || found != nil {
		t.Errorf("a directory that does not exist has %q: %v", found, err)
	}
	check(t, d.Remove("web"))
	if left, err := d.Entries(); err != nil || len(left) > 0 {
		t.Errorf("%v is left: %v", left, err)
	}
	if _, _, err := d.Read("web/run"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that does not exist: %v", err)
	}
}

// TestOthers makes what somebody could prepare, and looks for what it must not lead to.
func TestOthers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		prepare func(dir, elsewhere string) error
		want    string // what writing web/run in dir says; empty: it works
	}{
		{"nothing", func(string, string) error { return nil }, ""},
		{"a link to a directory", func(dir, elsewhere string) error { return os.Symlink(elsewhere, filepath.Join(dir, "web")) }, "web: it is a link: remove it"},
		{"a directory for everybody", func(dir, _ string) error {
			return errors.Join(os.Mkdir(filepath.Join(dir, "web"), 0o777), os.Chmod(filepath.Join(dir, "web"), 0o777))
		}, "web: anybody can replace its contents"},
		{"a file in its place", func(dir, _ string) error { return os.WriteFile(filepath.Join(dir, "web"), nil, 0o666) }, "web: not a directory"},
		{"a link to a file", func(dir, elsewhere string) error {
			return errors.Join(os.Mkdir(filepath.Join(dir, "web"), 0o755), os.Symlink(filepath.Join(elsewhere, "run"), filepath.Join(dir, "web", "run")))
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, elsewhere := whole(t), whole(t)
			check(t, tt.prepare(dir, elsewhere))
			d, err := Open(dir)
			check(t, err)
			defer d.Close()
			err = d.Write("web/run", File{Content: []byte("x"), Mode: 0o644})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if found, _ := os.ReadDir(elsewhere); len(found) > 0 {
				t.Errorf("%v is where a link leads", found)
			}
		})
	}
}

// TestReplaced replaces the directory by a link when it is open.
func TestReplaced(t *testing.T) {
	parent, elsewhere := whole(t), whole(t)
	at := filepath.Join(parent, "units")
	d, err := Make(at)
	check(t, err)
	defer d.Close()
	check(t, os.Rename(at, at+".old"))
	check(t, os.Symlink(elsewhere, at))
	check(t, d.Write("web", File{Content: []byte("x"), Mode: 0o644}))
	if found, _ := os.ReadDir(elsewhere); len(found) > 0 {
		t.Errorf("%v is where the link leads", found)
	}
	if _, err := os.Stat(filepath.Join(at+".old", "web")); err != nil {
		t.Error(err)
	}
}
