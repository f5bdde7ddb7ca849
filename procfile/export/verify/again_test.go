package verify

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

var formats = []string{"systemd", "launchd", "runit", "s6", "supervisord", "upstart", "inittab", "crontab", "compose", "kubernetes", "nomad"}

// tree is every file of a directory with its mode and text.
func (a exportable) tree(dir string) map[string]string {
	a.t.Helper()
	files := map[string]string{}
	a.must(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = info.Mode().String() + "\n" + string(text)
		return err
	}))
	return files
}

// TestAgain checks that a smaller formation leaves behind what it would write itself, and
// what is not the app's.
func TestAgain(t *testing.T) {
	for _, format := range formats {
		t.Run(format, func(t *testing.T) {
			a := newAppIn(t, "reeve-verify-")
			large := []string{"--ready", "web=tcp", "--after", "web=worker"}
			small := []string{"-a", "shop", "-m", "web=1,worker=1,shell=0,unused=0", "-x", "release", "--secret", "BRACES", "--ready", "web=log:ready"}
			a.export(format, small...)
			want := a.tree(a.path("out"))
			a.must(os.RemoveAll(a.path("out")))
			dir := a.export(format, large...)
			foreign := map[string]string{"other.service": "x", "shop": "x", "shop2-web.1.service": "x", "shop.d/x": "x", "shop-web-1.bak": "x", "other/run": "x"}
			if format == "s6" {
				delete(foreign, "shop") // is the bundle
			}
			for name, text := range foreign {
				path := filepath.Join(dir, name)
				a.must(os.MkdirAll(filepath.Dir(path), 0o755))
				a.must(os.WriteFile(path, []byte(text), 0o644))
				want[name] = "-rw-r--r--\n" + text
			}
			a.export(format, small...)
			got := a.tree(dir)
			for name := range maps.Keys(got) {
				if want[name] != got[name] {
					t.Errorf("%s is left, and should be %q", name, clip(want[name]))
				}
				delete(want, name)
			}
			for name := range want {
				t.Errorf("%s is missing", name)
			}
		})
	}
}
