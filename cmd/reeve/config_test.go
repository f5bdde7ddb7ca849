package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// appWith is an app whose root has some files.
func appWith(t testing.TB, files map[string]string) *app {
	t.Helper()
	a := &app{root: t.TempDir()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(a.root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(a.root)
	return a
}

func TestManifest(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{`{}`, ""},
		{`null`, ""},
		{`{"name": "x", "scripts": {"postdeploy": "y"}, "addons": ["heroku-postgresql"]}`, ""},

		// What is required.
		{`{"env": {"B": {}, "A": {"description": "x"}}}`, "A:1 B:1"},
		{"{\n\"env\": {\n\"A\": {\n\"required\": true},\n\"B\" : {}}}", "A:3 B:5"},
		{`{"env": {"A": {"required": false}, "B": {"value": "x"}, "C": {"value": ""}, "D": "x", "E": ""}}`, ""},
		{`{"env": {"A": {"required": true, "value": "x"}, "B": {"generator": "secret"}}}`, ""},
		{`{"env": {"A": {"value": null}}}`, "A:1"},
		{`{"env": {"A": 1, "B": true, "C": ["x"]}}`, ""},
		{`{"env": {"A\u0042": {}}}`, "AB:0"},
		{`{"env": null}`, ""},

		// How many of which.
		{`{"formation": {"web": {"quantity": 2, "size": "x"}, "worker": {"quantity": 0}}}`, "web=2 worker=0"},
		{`{"formation": {"web": {"size": "x"}, "worker": null}}`, ""},

		// Mistakes.
		{`[]`, "app.json:1: the file is a JSON array and should be an object"},
		{`"secret"`, "app.json:1: the file is a JSON string and should be an object"},
		{``, "app.json:1: not JSON: unexpected end of JSON input"},
		{"{\n\n", "app.json:3: not JSON: unexpected end of JSON input"},
		{"{\n\"env\": {,}}", "app.json:2: not JSON: invalid character ',' looking for beginning of object key string"},
		{"{} {}", "app.json:1: not JSON: invalid character '{' after top-level value"},
		{`{"env": []}`, "app.json:1: env is a JSON array and should be an object"},
		{`{"env": "secret"}`, "app.json:1: env is a JSON string and should be an object"},
		{"{\n\"formation\": {\"web\": 2}}", "app.json:2: formation is a JSON number and should be an object"},
		{`{"formation": {"web": {"quantity": "2"}}}`, "app.json:1: formation.quantity is a JSON string and should be a whole number"},
		{`{"formation": {"web": {"quantity": 1.5}}}`, "app.json:1: formation.quantity is a JSON number and should be a whole number"},
		{`{"formation": {"web": {"quantity": 1e99}}}`, "app.json:1: formation.quantity is a JSON number and should be a whole number"},
		{"{\"formation\": {\n\"web\": {\"quantity\": -1}}}", "app.json:2: formation.web.quantity should be at least 0"},
		{"{\n\"env\": {\"A\": \"\xff\"}}", "app.json:2: not UTF-8; save the file as UTF-8"},
	} {
		a := appWith(t, map[string]string{"app.json": test.src})
		m, err := a.readManifest()
		if got := manifestText(m, err); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.src, got, test.want)
		}
	}
}

func manifestText(m manifest, err error) string {
	if err != nil {
		return err.Error()
	}
	var parts []string
	for _, r := range m.env {
		parts = append(parts, fmt.Sprintf("%s:%d", r.key, r.line))
	}
	for _, typ := range slices.Sorted(maps.Keys(m.formation)) {
		parts = append(parts, fmt.Sprintf("%s=%d", typ, m.formation[typ]))
	}
	return strings.Join(parts, " ")
}

// FuzzManifest: whatever the file is, there is one line about what is wrong with it, or
// a place for everything that was found.
func FuzzManifest(f *testing.F) {
	for _, src := range []string{`{"env": {"A": {}}}`, `{"formation": {"web": {"quantity": 2}}}`, `[`, `{"env": {"A\u0000": {}}}`, "\xff"} {
		f.Add(src)
	}
	a := appWith(f, nil)
	f.Fuzz(func(t *testing.T, src string) {
		if err := os.WriteFile("app.json", []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
		m, err := a.readManifest()
		if err != nil {
			for _, p := range problemsIn(err) {
				if p.Line < 0 || p.Line > 1+strings.Count(src, "\n") || strings.Contains(p.Message, "\n") {
					t.Errorf("%q: %+v", src, p)
				}
			}
			return
		}
		for _, r := range append(m.env, m.types...) {
			if r.line > 1+strings.Count(src, "\n") {
				t.Errorf("%q: %+v", src, r)
			}
		}
	})
}

func TestExample(t *testing.T) {
	for _, test := range []struct {
		files map[string]string
		want  string
	}{
		{nil, ""},
		{map[string]string{".env.example": "A=\nexport B='x'\n# C=\n"}, ".env.example:A:1 .env.example:B:2"},
		{map[string]string{".env.sample": "A="}, ".env.sample:A:1"},
		{map[string]string{".env.template": "A="}, ".env.template:A:1"},
		{map[string]string{".env.example": "A=", ".env.sample": "B="}, ".env.example:A:1"},
		{map[string]string{".env.example": "A=${SECRET:-x}"}, ".env.example:A:1"},
		{map[string]string{".env.example": "A"}, ".env.example:1: no = after the name; write KEY=value, or # in front of a comment"},
	} {
		asked, err := appWith(t, test.files).readExample()
		var parts []string
		for _, r := range asked {
			parts = append(parts, fmt.Sprintf("%s:%s:%d", r.file, r.key, r.line))
		}
		got := strings.Join(parts, " ")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%v:\n got %s\nwant %s", test.files, got, test.want)
		}
	}
}
