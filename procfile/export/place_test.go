package export

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMakeDirTogether makes the same directories from several scripts at once, as all
// services of an app do when a process manager starts them.
func TestMakeDirTogether(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root makes directories for another user")
	}
	root := t.TempDir()
	script := App{User: "nobody"}.MakeDir("false") + "\nfor n in $(seq 20); do make_dir \"$ROOT/$n/a/b\" || exit 1; done\n"
	var scripts [6]*exec.Cmd
	var said [len(scripts)]strings.Builder
	for i := range scripts {
		c := exec.Command("/bin/sh", "-c", script)
		c.Env = append(os.Environ(), "ROOT="+root)
		c.Stdout, c.Stderr = &said[i], &said[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		scripts[i] = c
	}
	for i, c := range scripts {
		if err := c.Wait(); err != nil || said[i].Len() > 0 {
			t.Errorf("script %d: %v: %s", i, err, &said[i])
		}
	}
	made, err := filepath.Glob(root + "/*/a/b")
	if err != nil || len(made) != 20 {
		t.Errorf("made %d directories, want 20: %v", len(made), err)
	}
	for _, dir := range made {
		owner, err := exec.Command("find", dir, "-prune", "-user", "nobody").Output()
		if err != nil || strings.TrimSpace(string(owner)) != dir {
			t.Errorf("%s is not nobody's: %v", dir, err)
		}
	}
}
