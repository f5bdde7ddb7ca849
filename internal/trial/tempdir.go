package trial

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TempDir is the test's TempDir, also where wine runs it, which does not know how Go removes one.
func TempDir(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "windows" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("", "reeve")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeAll(dir) })
	return dir
}

// removeAll removes a directory with all that is in it, one by one.
func removeAll(dir string) {
	var all []string
	_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, _ error) error {
		all = append(all, path)
		return nil
	})
	for n := range all {
		_ = os.Remove(all[len(all)-1-n])
	}
}
