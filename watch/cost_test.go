package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// files makes so many files in directories of a hundred.
func files(b *testing.B, n int) string {
	b.Helper()
	root := b.TempDir()
	for i := range n {
		dir := filepath.Join(root, "src", fmt.Sprint(i/100))
		if i%100 == 0 {
			if err := os.MkdirAll(dir, 0o777); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o666); err != nil {
			b.Fatal(err)
		}
	}
	return root
}

// What it takes to begin with ten thousand files.
func BenchmarkBegin(b *testing.B) {
	root := files(b, 10_000)
	p, _ := Parse([]string{"src/**/*", "!**/*.x"})
	for b.Loop() {
		w := New(Config{Root: root, Sets: []Set{{"web", p}}})
		_ = w.system.Close()
	}
}

// What one look at ten thousand files takes where the system has no events.
func BenchmarkPass(b *testing.B) {
	root := files(b, 10_000)
	past := time.Now().Add(-time.Hour)
	for i := range 100 {
		_ = os.Chtimes(filepath.Join(root, "src", fmt.Sprint(i)), past, past)
	}
	p, _ := Parse([]string{"src/**/*", "!**/*.x"})
	w := New(Config{Root: root, Sets: []Set{{"web", p}}, Poll: time.Hour})
	for b.Loop() {
		w.pass(time.Now())
	}
}
