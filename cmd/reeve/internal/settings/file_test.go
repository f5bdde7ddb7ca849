package settings

import (
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"reeve/cmd/reeve/internal/diag"
)

// Files that are wrong as TOML, with where and why.
var wrongFiles = []struct{ src, want string }{
	{"port = 1\nport = 2\n", "x.toml:2: port is defined twice"},
	{"web = 1\nweb.ready = 'tcp'\n", "x.toml:2: web is defined twice"},
	{"web.ready = 'tcp'\nweb = {}\n", "x.toml:2: web is defined twice"},
	{"web.ready = 'tcp'\nweb.ready = 'x'\n", "x.toml:2: web.ready is defined twice"},
	{"web.ready = 'tcp'\n\n[web]\ntty = true\n", "x.toml:3: web is defined twice"},
	{"web = {ready = 'tcp'}\n[web]\n", "x.toml:2: web is defined twice"},
	{"web = {ready = 'tcp', ready = 'tcp'}\n", "x.toml:1: web.ready is defined twice"},
	{"[web]\nready = 'tcp'\n[job]\n[web]\n", "x.toml:4: web is defined twice"},
	{"[web]\nready = 'tcp'\n'ready' = 'tcp'\n", "x.toml:3: web.ready is defined twice"},
	{"port = 1\n\nport 2\n", "x.toml:3: not TOML: expected '=' after key"},
	{"a.b.c = 1\n", "x.toml:1: a.b.c is neither a setting nor a process type's table"},
	{"[[web]]\n", "x.toml:1: web is neither a setting nor a process type's table"},
	{"[web]\na.b = 1\n", "x.toml:2: a.b is neither a setting nor a process type's table"},
}

func TestWrongFiles(t *testing.T) {
	for _, tt := range wrongFiles {
		_, err := parseSettings("x.toml", []byte(tt.src))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: %v, want %s", tt.src, err, tt.want)
		}
	}
}

func TestTablesThatHaveSeveralKeys(t *testing.T) {
	src := "port = 1\nweb.ready = 'tcp'\nweb.tty = true\njob = {tty = true, stdin = 'no'}\n[clock]\nready = 'tcp'\ntty = false\n"
	all, err := parseSettings("x.toml", []byte(src))
	var got []string
	for _, s := range all {
		got = append(got, s.typ+"."+s.key+"="+strings.Join(s.value, ","))
	}
	want := ".port=1 web.ready=tcp web.tty=true job.tty=true job.stdin=no clock.ready=tcp clock.tty=false"
	if strings.Join(got, " ") != want || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

// FuzzSettingsFile compares with all of go-toml: what that refuses is refused, and only what
// has no meaning as a setting besides. The sizes of numbers, and dates, are for the flags, and
// so are tables in tables, which no setting has.
func FuzzSettingsFile(f *testing.F) {
	for _, tt := range wrongFiles {
		f.Add(tt.src)
	}
	f.Add("# all\nport = 5_000\ncolor = \"always\"\nenv = ['a', \"b\"]\nx = 1.5\ny = 2024-01-01\n[web]\nready = '''tcp'''\n")
	f.Fuzz(func(t *testing.T, src string) {
		_, err := parseSettings("x.toml", []byte(src))
		var all map[string]any
		theirs := toml.Unmarshal([]byte(src), &all)
		for _, p := range diag.In(err) {
			if theirs == nil && !strings.HasSuffix(p.Error(), "is neither a setting nor a process type's table") {
				t.Fatalf("only reeve refuses it: %v", p)
			}
		}
		if err == nil && theirs != nil && !isForFlags(theirs.Error()) && !strings.Contains(src, "{") {
			t.Fatalf("only go-toml refuses it: %v", theirs)
		}
	})
}

// isForFlags reports whether an error is about a value that a flag would refuse.
func isForFlags(text string) bool {
	for _, about := range []string{"number", "float", "date", "time", "hour", "minute", "second", "digit", "colon"} {
		if strings.Contains(text, about) {
			return true
		}
	}
	return false
}
