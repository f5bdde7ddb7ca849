package env

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFiles: files as frameworks have them are read without a mistake or a warning, but
// for the ones that are named here.
func TestFiles(t *testing.T) {
	want := map[string]string{
		"next.env": "testdata/files/next.env:8: NEXT_PUBLIC_SITE: " + hashInside,
	}
	files, err := filepath.Glob("testdata/files/*.env")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		real := lookupIn(map[string]string{"HOME": "/root"})
		r := readAll(filepath.ToSlash(path), src, Scope{Below: real, Real: real})
		if got := printWarnings(r.warnings); r.err != nil || got != want[filepath.Base(path)] {
			t.Errorf("%s: %v\n%s", path, r.err, got)
		}
	}
}
