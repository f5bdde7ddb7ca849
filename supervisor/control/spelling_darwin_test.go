package control

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSpelled(t *testing.T) {
	dir := realPath(t.TempDir())
	app, other := filepath.Join(dir, "App"), filepath.Join(dir, "aPP")
	if err := os.Mkdir(app, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := spelled(app); got != app {
		t.Errorf("%s is spelled %s", app, got)
	}
	if _, err := os.Stat(other); err != nil {
		t.Skip("this file system tells App from aPP")
	}
	if got := spelled(other); got != app {
		t.Errorf("%s is spelled %s", other, got)
	}
}
