package procfile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// text prints a Procfile so that parsing it again gives the same entries.
func text(p *Procfile) []byte {
	var b bytes.Buffer
	for _, e := range p.Entries {
		fmt.Fprintf(&b, "%s: %s\n", e.Type, e.Command)
	}
	return b.Bytes()
}

func TestParse(t *testing.T) {
	web := Entry{Type: "web", Command: "./server", Line: 1}
	for name, tt := range map[string]struct {
		src  string
		want []Entry
	}{
		"one line":              {"web: ./server\n", []Entry{web}},
		"no last newline":       {"web: ./server", []Entry{web}},
		"no space":              {"web:./server\n", []Entry{web}},
		"blanks":                {"web: \t ./server \t \n", []Entry{web}},
		"CRLF":                  {"web: ./server\r\n", []Entry{web}},
		"CRLF and blanks":       {"web: ./server \r\n\r\n", []Entry{web}},
		"CR at the very end":    {"web: ./server\r", []Entry{web}},
		"BOM":                   {"\ufeffweb: ./server\n", []Entry{web}},
		"indented":              {"  \tweb: ./server\n", []Entry{web}},
		"comments":              {"# a\n\n  # b: c\n\t\nweb: ./server\n#", []Entry{{"web", "./server", 5}}},
		"BOM before a comment":  {"\ufeff# a\nweb: ./server\n", []Entry{{"web", "./server", 2}}},
		"all characters":        {"A-z_09: x\n-: y\n_: z\n", []Entry{{"A-z_09", "x", 1}, {"-", "y", 2}, {"_", "z", 3}}},
		"numeric name":          {"0: x", []Entry{{"0", "x", 1}}},
		"hash in a command":     {"web: a # b\n", []Entry{{"web", "a # b", 1}}},
		"colons in a command":   {"web: a:b: c\n", []Entry{{"web", "a:b: c", 1}}},
		"colon as a command":    {"web: :\n", []Entry{{"web", ":", 1}}},
		"backslash at the end":  {"web: a \\\n", []Entry{{"web", `a \`, 1}}},
		"any text in a command": {"web: ä \u20ac \x01\n", []Entry{{"web", "ä \u20ac \x01", 1}}},
		"case matters":          {"web: a\nWeb: b\nALL: c\n", []Entry{{"web", "a", 1}, {"Web", "b", 2}, {"ALL", "c", 3}}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse("Procfile", []byte(tt.src))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.Entries, tt.want) || p.Path != "Procfile" {
				t.Errorf("got %v of %q, want %v", p.Entries, p.Path, tt.want)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		src  string
		want []string
	}{
		"empty":         {"", []string{`1: no process types: add a line such as "web: ./server"`}},
		"only a BOM":    {"\ufeff", []string{`1: no process types: add a line such as "web: ./server"`}},
		"only comments": {"\n# web: a\n", []string{`1: no process types: add a line such as "web: ./server"`}},
		"no colon":      {"web ./server\n", []string{`1: "web ./server" is not "name: command"`}},
		"continuation":  {"web: a \\\n  b\n", []string{`2: "b" is not "name: command": a command cannot continue on the next line`}},
		"name with a blank": {"web : a\n", []string{
			`1: bad process type name "web ": use only A-Z a-z 0-9 _ and -`}},
		"no name":           {": a\n", []string{`1: bad process type name "": use only A-Z a-z 0-9 _ and -`}},
		"accented name":     {"wéb: a\n", []string{`1: bad process type name "wéb": use only A-Z a-z 0-9 _ and -`}},
		"name not UTF-8":    {"w\xffb: a\n", []string{`1: not UTF-8: save the file as UTF-8`}},
		"command not UTF-8": {"web: a\nworker: \xe9\n", []string{`2: not UTF-8: save the file as UTF-8`}},
		"an env file": {"A=secret\nB=https://u:secret@host\nweb: a\n", []string{
			`1: A= sets a variable: put it into an env file, or into a command`,
			`2: B= sets a variable: put it into an env file, or into a command`}},
		"all":              {"all: a\n", []string{`1: no process type can be named "all", which stands for every type: rename it`}},
		"no command":       {"web:\n", []string{`1: process type "web" has no command`}},
		"blank command":    {"web: \t\r\n", []string{`1: process type "web" has no command`}},
		"duplicate":        {"\nweb: a\nweb: b\nweb: c\n", []string{`3: process type "web" is already declared in line 2`, `4: process type "web" is already declared in line 2`}},
		"empty, duplicate": {"web:\nweb: b\n", []string{`1: process type "web" has no command`, `2: process type "web" is already declared in line 1`}},
		"NUL":              {"web: a\x00b\n", []string{`1: NUL byte in the line: is this a text file?`}},
		"NUL in a comment": {"#\x00\nweb: a\n", []string{`1: NUL byte in the line: is this a text file?`}},
		"lone CR":          {"web: a\rworker: b\n", []string{`1: carriage return inside the line: end lines with LF or CRLF`}},
		"two CR":           {"web: a\r\r\n", []string{`1: carriage return inside the line: end lines with LF or CRLF`}},
		"no-break space": {"web:\u00a0echo x\n", []string{
			"1: the command of web begins with a no-break space (U+00A0): write a plain space"}},
		"no-break space in name": {"web\u00a0: echo x\n", []string{
			`1: bad process type name "web\u00a0": use only A-Z a-z 0-9 _ and -: there is a no-break space (U+00A0) in it`}},
		"nothing but odd blanks": {"a: b\n\u2007\n", []string{
			`2: "\u2007" is not "name: command": there is a character that only looks like a space (U+2007) in it`}},
		"UTF-16":                {"\xff\xfew\x00e\x00b\x00:\x00\n\x00", []string{`1: the file is UTF-16: save it as UTF-8`}},
		"UTF-16 without a mark": {"w\x00e\x00b\x00:\x00a\x00\n\x00w\x00", []string{`1: the file is UTF-16: save it as UTF-8`}},
		"UTF-16, the other": {"\xfe\xff\x00w\x00e\x00b\x00:\x00\n", []string{
			`1: the file is UTF-16: save it as UTF-8`}},
		"merge conflict": {"<<<<<<< HEAD\nweb: a\n||||||| base\n=======\nweb: b\n>>>>>>> topic: more\n", []string{
			`1: merge marker "<<<<<<< HEAD": resolve the conflict`,
			`3: merge marker "||||||| base": resolve the conflict`,
			`4: merge marker "=======": resolve the conflict`,
			`5: process type "web" is already declared in line 2`,
			`6: merge marker ">>>>>>> topic: more": resolve the conflict`}},
		"long text":   {strings.Repeat("x", 100), []string{`1: "` + strings.Repeat("x", 40) + `"… is not "name: command"`}},
		"not a text":  {"\x1b[31m\u202e\n", []string{`1: "\x1b[31m\u202e" is not "name: command"`}},
		"long binary": {strings.Repeat("\x01", 100), []string{`1: "` + strings.Repeat(`\x01`, 10) + `"… is not "name: command"`}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse("./Procfile", []byte(tt.src))
			if err == nil {
				t.Fatalf("got %v and no error", p)
			}
			want := "./Procfile:" + strings.Join(tt.want, "\n./Procfile:")
			if err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
		})
	}
}

// TestParseGoesOn: a mistake hides neither the other types nor its own one.
func TestParseGoesOn(t *testing.T) {
	p, err := Parse("Procfile", []byte("web: a\nnonsense\nempty:\nweb: b\nworker: c\n"))
	want := []Entry{{"web", "a", 1}, {"empty", "", 3}, {"worker", "c", 5}}
	if err == nil || !slices.Equal(p.Entries, want) {
		t.Errorf("got %v, %v; want %v", p.Entries, err, want)
	}
}

func TestLookup(t *testing.T) {
	p := mustParse(t, "web: a\nworker: b\n")
	if e, ok := p.Lookup("worker"); !ok || e != (Entry{"worker", "b", 2}) {
		t.Errorf("got %v, %v", e, ok)
	}
	if e, ok := p.Lookup("wor"); ok || e != (Entry{}) {
		t.Errorf("got %v, %v for a type that is not there", e, ok)
	}
	if types := p.Types(); !slices.Equal(types, []string{"web", "worker"}) {
		t.Errorf("got %q", types)
	}
}

// large are files of ten megabytes, good and bad.
func large() map[string][]byte {
	const size = 10 << 20
	var good bytes.Buffer
	for i := 0; good.Len() < size; i++ {
		fmt.Fprintf(&good, "worker-%d: bundle exec sidekiq -q %d\n", i, i)
	}
	return map[string][]byte{
		"good":          good.Bytes(),
		"duplicates":    bytes.Repeat([]byte("web: bundle exec puma -C config\n"), size/32),
		"one long line": append([]byte("web: "), bytes.Repeat([]byte("x "), size/2)...),
		"one long name": bytes.Repeat([]byte("x"), size),
	}
}

// TestParseLarge keeps the parser linear in the file. The limit is far above
// what it takes on a busy machine and far below what anything quadratic would.
func TestParseLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	for name, src := range large() {
		start := time.Now()
		_, err := Parse("Procfile", src)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: took %v", name, took)
		}
		if fine := name == "good" || name == "one long line"; fine != (err == nil) {
			t.Errorf("%s: wrong outcome", name)
		}
	}
}

func BenchmarkParseLarge(b *testing.B) {
	for name, src := range large() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				_, _ = Parse("Procfile", src)
			}
		})
	}
}

func mustParse(t testing.TB, src string) *Procfile {
	t.Helper()
	p, err := Parse("Procfile", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\ufeff# c\r\nweb: a b\r\n worker:c"))
	f.Add([]byte("web: a\x00\nall: b\nweb:\n<<<<<<< HEAD\n\xff: c\rd"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := Parse("Procfile", src)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !strings.HasPrefix(line, "Procfile:") {
					t.Errorf("a line that names no place: %q", line)
				}
			}
			return
		}
		again, err := Parse("Procfile", text(p))
		if err != nil {
			t.Fatalf("%q was printed as %q: %v", src, text(p), err)
		}
		equal := func(a, b Entry) bool { return a.Type == b.Type && a.Command == b.Command }
		if len(p.Entries) == 0 || !slices.EqualFunc(p.Entries, again.Entries, equal) {
			t.Errorf("%q was read as %v, printed and read again as %v", src, p.Entries, again.Entries)
		}
	})
}
