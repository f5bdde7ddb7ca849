package app

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
)

// appWith is an app whose root has some files.
func appWith(t testing.TB, files map[string]string) *App {
	t.Helper()
	a := &App{Root: t.TempDir(), Settings: settings.Defaults()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(a.Root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(a.Root)
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
		{`{"env": {"A\u0042": {}}}`, "AB:1"},
		{"{\"name\": \"A\",\n\"x\": {\"A\": 1},\n\"env\": {\"A\":\n {}}}", "A:3"},
		{`{"env": null}`, ""},

		// How many of which.
		{`{"formation": {"web": {"quantity": 2, "size": "x"}, "worker": {"quantity": 0}}}`, "web=2 worker=0"},
		{`{"formation": {"web": {"size": "x"}, "worker": null}}`, ""},

		// What cannot be read is a warning, and the rest counts.
		{"\ufeff{\"env\": {\"A\": {}}}", "A:1"},
		{`{"formation": {"web": {"quantity": null}}}`, ""},
		{`[]`, "app.json:1: the file is a JSON array and should be an object"},
		{`[[1], {"a": 2}]`, "app.json:1: the file is a JSON array and should be an object"},
		{`"secret"`, "app.json:1: the file is a JSON string and should be an object"},
		{``, "app.json:1: not JSON: unexpected end"},
		{"{\n\n", "app.json:3: not JSON: unexpected end"},
		{"{\n\"env\": {\"A\": {}}, \"x\": [1,\n", "app.json:3: not JSON: unexpected end"},
		{"{\n\"env\": {,}}", "app.json:2: not JSON: invalid character ','"},
		{"// c\n{\"env\":{}}", "app.json:1: not JSON: invalid character '/' looking for beginning of value"},
		{"{\n\"a\": 1,\n}", "app.json:3: not JSON: invalid character '}' looking for beginning of object key string"},
		{"{\n\"a\":\n{\"b\": x}}", "app.json:3: not JSON: invalid character 'x' looking for beginning of value"},
		{"{}\n{}", "app.json:2: not JSON: text after the end"},
		{`{"env": []}`, "app.json:1: env is a JSON array and should be an object"},
		{"{\"env\": \"secret\",\n\"formation\": {\"web\": {\"quantity\": 2}}}", "web=2 app.json:1: env is a JSON string and should be an object"},
		{"{\n\"formation\": {\"web\": 2, \"worker\": {\"quantity\": 1}}}", "worker=1 app.json:2: formation.web is a JSON number and should be an object"},
		{"{\"formation\": {\"web\": {\n\"quantity\": \"2\"}}}", "app.json:2: formation.web.quantity must be a whole number, at least 0"},
		{`{"formation": {"web": {"quantity": 1.5}}}`, "app.json:1: formation.web.quantity must be a whole number, at least 0"},
		{`{"formation": {"web": {"quantity": 1e99}}}`, "app.json:1: formation.web.quantity must be a whole number, at least 0"},
		{"{\"formation\": {\n\"web\": {\"quantity\": -1}}}", "app.json:2: formation.web.quantity must be a whole number, at least 0"},
		{"{\n\"env\": {\"A\": \"\xff\"}}", "app.json:2: not UTF-8; save the file as UTF-8"},
	} {
		a := appWith(t, map[string]string{"app.json": test.src})
		m, found := a.readManifest()
		if got := manifestText(m, found); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.src, got, test.want)
		}
	}
}

func manifestText(m manifest, found []diag.Problem) string {
	var parts []string
	for _, r := range m.env {
		parts = append(parts, fmt.Sprintf("%s:%d", r.Key, r.line))
	}
	for _, typ := range slices.Sorted(maps.Keys(m.formation)) {
		parts = append(parts, fmt.Sprintf("%s=%d", typ, m.formation[typ]))
	}
	for _, p := range found {
		parts = append(parts, p.Error())
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
		m, found := a.readManifest()
		for _, p := range found {
			if p.Line < 0 || p.Line > 1+strings.Count(src, "\n") || strings.Contains(p.Message, "\n") || p.IsError() {
				t.Errorf("%q: %+v", src, p)
			}
		}
		for _, r := range append(m.env, m.types...) {
			if r.line < 1 || r.line > 1+strings.Count(src, "\n") {
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
		{map[string]string{".env.dist": "A"}, ".env.dist:A:1"},
		{map[string]string{".env.example": "A=${X:?needed}\n2FA_X=\nB=\"b\"# c"}, ".env.example:A:1 .env.example:2FA_X:2 .env.example:B:3"},
		{map[string]string{".env.example": "Copy this file\nA=1\n{% if x %}\n{% endif %}"},
			".env.example:A:2 .env.example:1: no = after the name; write KEY=value, or # in front of a comment (and 2 more such lines)"},
		{map[string]string{".env.example": "\xff\xfeA\x00"}, ".env.example:1: the file is UTF-16: save it as UTF-8"},
	} {
		asked, found := appWith(t, test.files).readExample()
		var parts []string
		for _, r := range asked {
			parts = append(parts, fmt.Sprintf("%s:%s:%d", r.file, r.Key, r.line))
		}
		for _, p := range found {
			parts = append(parts, p.Error())
		}
		if got := strings.Join(parts, " "); got != test.want {
			t.Errorf("%v:\n got %s\nwant %s", test.files, got, test.want)
		}
	}
}

// TestExampleUnread: what is no file is a warning, and the next one counts.
func TestExampleUnread(t *testing.T) {
	a := appWith(t, map[string]string{".env.sample": "A="})
	if err := os.Mkdir(".env.example", 0o777); err != nil {
		t.Fatal(err)
	}
	asked, found := a.readExample()
	if len(asked) != 1 || len(found) != 1 || found[0].Error() != "cannot read .env.example: is a directory" || found[0].IsError() {
		t.Errorf("%v, %v", asked, found)
	}
}
