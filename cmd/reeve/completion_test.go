//go:build unix

package main

import (
	"os/exec"
	"strings"
	"testing"
)

// What the shells themselves make of the scripts.
func TestCompletionInShells(t *testing.T) {
	t.Parallel()
	const bash = `
source <(reeve completion bash)
compopt() { :; } # there is no completion going on
COMP_LINE=$0 COMP_POINT=${#0}
_reeve
printf '%s\n' "${COMPREPLY[@]}"`
	const fish = `reeve completion fish | source; complete -C $argv[1]`
	for _, test := range []struct{ line, bash, fish string }{
		{"reeve sta", "start", "start"},
		{"reeve start --attach=w", "web\nworker", "--attach=web\n--attach=worker"},
		{"reeve start -f Pro", "Procfile", "Procfile"},
		{"reeve start -m web=2,w", "2,web=\n2,worker=", "web=2,web=\nweb=2,worker="},
		{"reeve help sign", "signals", "signals"},
		{"reeve start web wo", "worker", "worker"},
	} {
		for _, shell := range []struct {
			name string
			args []string
			want string
		}{
			{"bash", []string{"--norc", "-c", bash, test.line}, test.bash},
			{"fish", []string{"--no-config", "-c", fish, test.line}, test.fish},
		} {
			t.Run(shell.name+"/"+test.line, func(t *testing.T) {
				if _, err := exec.LookPath(shell.name); err != nil {
					t.Skip("it is not installed")
				}
				dir := newApp(t, "web: helper wait\nworker: helper wait\n")
				out, err := newCommand(dir, shell.name, shell.args...).Output()
				if err != nil {
					t.Fatal(err)
				}
				var values []string
				for line := range strings.Lines(string(out)) {
					value, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
					values = append(values, value)
				}
				if got := strings.Join(values, "\n"); got != shell.want {
					t.Errorf("got %q, want %q", got, shell.want)
				}
			})
		}
	}
}
