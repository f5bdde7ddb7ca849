package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestQuiet merges what sources say: a list of types replaces a list, the lines of a type those of the type.
func TestQuiet(t *testing.T) {
	tests := []struct {
		file, variable string
		args           []string
		want           Quiet
	}{
		{args: []string{"-q", "web,worker", "-q", "clock"}, want: Quiet{Types: []string{"web", "worker", "clock"}}},
		{args: []string{"-q", "web=a=b, c", "-q", "web=d"}, want: Quiet{Lines: map[string][]string{"web": {"a=b, c", "d"}}}},
		{args: []string{"-q", "worker, web = a"}, want: Quiet{Types: []string{"worker"}, Lines: map[string][]string{"web": {" a"}}}},
		{file: "quiet = ['worker,clock', 'web=a,b']\n[web]\nquiet = 'c'", want: Quiet{Types: []string{"worker", "clock"}, Lines: map[string][]string{"web": {"a,b", "c"}}}},
		{file: "[web]\nquiet = ['a', 'b,c']\n[worker]\nquiet = true\n[clock]\nquiet = false", variable: "clock=d",
			want: Quiet{Types: []string{"worker"}, Lines: map[string][]string{"web": {"a", "b,c"}, "clock": {"d"}}}},
		{file: "quiet = ['worker', 'web=a', 'clock=b']", variable: "web=c", args: []string{"-q", "clock"},
			want: Quiet{Types: []string{"clock"}, Lines: map[string][]string{"web": {"c"}, "clock": {"b"}}}},
	}
	for _, test := range tests {
		t.Chdir(t.TempDir())
		t.Setenv("REEVE_QUIET", test.variable)
		if err := os.WriteFile(filepath.Join(".", "reeve.toml"), []byte(test.file), 0o666); err != nil {
			t.Fatal(err)
		}
		o, _, err := Parse("start", test.args)
		if err != nil || o.Wrong != nil {
			t.Errorf("%+v: %v, %v", test, err, o.Wrong)
		} else if got, want := fmt.Sprint(o.Quiet), fmt.Sprint(test.want); got != want {
			t.Errorf("%+v: got %s", test, got)
		}
	}
}
