package control

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// What is kept of a formation is there until the next one begins, and for nobody else.
func TestKeep(t *testing.T) {
	dir, root := inRuntimeDir(t)
	l, err := Listen(root)
	if err != nil {
		t.Fatal(err)
	}
	keep := func(text string) error {
		return l.Keep(func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
	}
	last := func() string {
		f, err := Last(root)
		if errors.Is(err, ErrNotRunning) {
			return "nothing"
		}
		defer func() { _ = f.Close() }()
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if got := last(); got != "nothing" {
		t.Errorf("there is %q", got)
	}
	if err := errors.Join(keep("one"), keep("two")); err != nil || last() != "two" {
		t.Errorf("there is %q, %v", last(), err)
	}
	broken := errors.New("no space")
	if err := l.Keep(func(io.Writer) error { return broken }); !errors.Is(err, broken) || last() != "two" {
		t.Errorf("there is %q, %v", last(), err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "reeve", "*.last*"))
	if len(files) != 1 {
		t.Fatalf("there are %q", files)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("it is %v, %v", info.Mode(), err)
	}
	_ = l.Close()
	if l, err = Listen(root); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if got := last(); got != "nothing" {
		t.Errorf("after the next start there is %q", got)
	}
	if err := os.Symlink("/etc/passwd", files[0]); err != nil {
		t.Fatal(err)
	}
	if got := last(); got != "nothing" {
		t.Error("a link is followed")
	}
}

// TestDropOldest keeps what the last formations have left, and not that of every app there
// ever was.
func TestDropOldest(t *testing.T) {
	dir := t.TempDir()
	name := func(n int) string { return filepath.Join(dir, fmt.Sprintf("app-%02d%s", n, keptExt)) }
	const more = 3
	for n := range maxKept + more {
		if err := os.WriteFile(name(n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name(n), time.Time{}, time.Unix(int64(1000+n), 0)); err != nil {
			t.Fatal(err)
		}
	}
	dropOldest(dir)
	for n := range maxKept + more {
		if _, err := os.Stat(name(n)); (err == nil) != (n >= more) {
			t.Errorf("%s: %v", name(n), err)
		}
	}
}
