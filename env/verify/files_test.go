package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"reeve/env"
)

// TestFiles: all read the files of frameworks as reeve does, line by line, but for the
// differences that are documented and the lines that check warns of.
func TestFiles(t *testing.T) {
	paths, err := filepath.Glob("../testdata/files/*.env")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	var texts []string
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(src))
	}
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			for i, theirs := range r.read(t, texts) {
				for _, v := range unlike(t, paths[i], texts[i], theirs) {
					line := v.Key + "=" + v.source + "\nZ"
					if compare(r.name, line, reading{answer{}, false}, nil) == "wrong" {
						t.Errorf("%s:%d: %s is %q, and not %q", paths[i], v.Line, v.Key, theirs[v.Key], v.Value)
					}
				}
			}
		})
	}
}

// sourced is a variable with the text of its value in the file.
type sourced struct {
	env.Variable
	source string
}

// unlike are the variables that a reader reads otherwise, without a warning of reeve's.
func unlike(t *testing.T, path, text string, theirs answer) (found []sourced) {
	vars, err := env.Parse(path, []byte(text), env.Scope{Below: lookup, Real: lookup})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := env.Load(env.Options{Files: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	warned := map[int]bool{}
	for _, w := range loaded.Warnings() {
		warned[w.Line] = true
	}
	lines := append(strings.Split(text, "\n"), "")
	for i, v := range vars {
		end := len(lines) - 1
		if i+1 < len(vars) {
			end = vars[i+1].Line - 1
		}
		_, source, _ := strings.Cut(strings.Join(lines[v.Line-1:end], "\n"), "=")
		if theirs[v.Key] != v.Value && !warned[v.Line] {
			found = append(found, sourced{v, source})
		}
	}
	return found
}
