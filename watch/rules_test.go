package watch

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		list string
		yes  []string
		no   []string
	}{
		{"src", []string{"src", "src/a", "src/a/b"}, []string{"a/src", "srcs", "srcs/a"}},
		{"src/", []string{"src/a"}, []string{"a/src/b"}},
		{"./src", []string{"src/a"}, nil},
		{".", []string{"a", "a/b", ".env"}, nil},
		{"**", []string{"a", "a/b", ".env"}, nil},
		{"*.rb", []string{"a.rb"}, []string{"a/a.rb"}},
		{"**/*.rb", []string{"a.rb", "a/b/c.rb"}, []string{"a.rbx"}},
		{"app/**/*.rb,!**/*_test.rb", []string{"app/a.rb", "app/a/b.rb"}, []string{"app/a_test.rb", "app/a/b_test.rb", "a.rb"}},
		{"!vendor,**/*.go", []string{"a.go"}, []string{"vendor/a.go", "vendor/a/b.go"}},
		{"app/*", []string{"app/a"}, []string{"app/a/b"}},
		{"app/*/", []string{"app/a/b"}, nil},
		{"packages/*/src", []string{"packages/a/src/b", "packages/a/src/b/c"}, []string{"packages/a/b", "packages/src"}},
		{"*.{rb,erb},lib/{a,b/c}/*.x", []string{"a.rb", "a.erb", "lib/a/1.x", "lib/b/c/1.x"}, []string{"a.js", "lib/b/1.x"}},
		{`a\*b`, []string{"a*b"}, []string{"aab"}},
		{"tmp/restart.txt", []string{"tmp/restart.txt"}, []string{"tmp/restart"}},
	} {
		p, err := Parse(Split(c.list))
		if err != nil {
			t.Errorf("%s: %v", c.list, err)
			continue
		}
		for _, file := range c.yes {
			if !p.Match(file) {
				t.Errorf("%s does not match %s", c.list, file)
			}
		}
		for _, file := range c.no {
			if p.Match(file) {
				t.Errorf("%s matches %s", c.list, file)
			}
		}
	}
}

func TestPatternsThatAreWrong(t *testing.T) {
	for list, want := range map[string]string{
		"":        `"" must not be empty`,
		"a,,b":    `"" must not be empty`,
		"!":       `"!" must not be empty`,
		"/etc":    `"/etc" must be relative to the root of the app`,
		"../a":    `"../a" must not leave the root of the app`,
		"a/../..": `"a/../.." must not leave the root of the app`,
		"a[":      `"a[" is not a valid pattern`,
		"{a":      `"{a" is not a valid pattern`,
		"!a":      `needs a pattern without ! in front`,
	} {
		if _, err := Parse(Split(list)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", list, err, want)
		}
	}
}

// What a pattern does not lead into is not entered.
func TestPatternsLead(t *testing.T) {
	for _, c := range []struct {
		list string
		yes  []string
		no   []string
	}{
		{"app/**/*.rb", []string{".", "app", "app/a", "app/a/b"}, []string{"lib", "ap"}},
		{"app/*.rb", []string{"app"}, []string{"app/a"}},
		{"*.rb", []string{"."}, []string{"app"}},
		{"src", []string{"src", "src/a"}, []string{"a"}},
		{"packages/*/src", []string{"packages", "packages/a", "packages/a/src", "packages/a/src/b"}, []string{"packages/a/lib", "a"}},
		{"**,!vendor,!node_modules/**", []string{"a"}, []string{"vendor", "vendor/a", "node_modules", "node_modules/a"}},
		{"lib/{a,b/c}/*.x", []string{"lib", "lib/b", "lib/b/c"}, []string{"src"}},
	} {
		p, err := Parse(Split(c.list))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range c.yes {
			if !p.lead(dir) {
				t.Errorf("%s does not lead into %s", c.list, dir)
			}
		}
		for _, dir := range c.no {
			if p.lead(dir) {
				t.Errorf("%s leads into %s", c.list, dir)
			}
		}
	}
}

func TestPlaces(t *testing.T) {
	for list, want := range map[string][]Place{
		"src":                           {{Path: "src"}},
		".":                             {{Path: "."}},
		"*.go,go.mod":                   {{Path: ".", Include: []string{"*.go"}}, {Path: "go.mod"}},
		"app/**/*.{rb,erb},app/x/*":     {{Path: "app", Include: []string{"**/*.rb", "**/*.erb"}}, {Path: "app/x", Include: []string{"*"}}},
		"{app,lib}/**,!**/*_test.rb":    {{Path: "app", Exclude: []string{"**/*_test.rb"}}, {Path: "lib", Exclude: []string{"**/*_test.rb"}}},
		"src,!src/gen,!vendor,!src/**x": {{Path: "src", Exclude: []string{"gen", "**x"}}},
		"a/*/src,a/**":                  {{Path: "a"}},
		"a/{b,{c,d}/e}/f":               {{Path: "a/b/f"}, {Path: "a/c/e/f"}, {Path: "a/d/e/f"}},
		"packages/*/src":                {{Path: "packages", Include: []string{"*/src", "*/src/**"}}},
	} {
		p, err := Parse(Split(list))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Places(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", list, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for list, want := range map[string][]string{
		"a": {"a"}, "a,b": {"a", "b"}, "*.{a,b},c": {"*.{a,b}", "c"}, "{a,{b,c}},d": {"{a,{b,c}}", "d"}, "a},b": {"a}", "b"},
	} {
		if got := Split(list); !slices.Equal(got, want) {
			t.Errorf("%s: %q", list, got)
		}
	}
}

func TestSettling(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	for _, c := range []struct {
		name  string
		notes []int
		now   int
		git   git
		wait  time.Duration
		stale bool
	}{
		{"just changed", []int{0}, 0, git{}, Quiet, false},
		{"quiet", []int{0}, 100, git{}, 0, false},
		{"again", []int{0, 90}, 100, git{}, 90 * time.Millisecond, false},
		{"without end", []int{0, 1990}, 1990, git{}, 10 * time.Millisecond, false},
		{"long enough", []int{0, 2010}, 2010, git{}, 0, false},
		{"git", []int{0}, 30_000, git{locked: true}, lockLook, false},
		{"a git that has crashed", []int{0}, 60_000, git{locked: true}, 0, true},
		{"between two commits of a rebase", []int{0}, 100, git{replaying: true}, lockLook, false},
		{"a long rebase", []int{0, 29_990}, 29_990, git{replaying: true}, 10 * time.Millisecond, false},
		{"a rebase that waits", []int{0}, 2000, git{replaying: true}, 0, false},
	} {
		var s settling
		for _, ms := range c.notes {
			s.note(at(ms))
		}
		if wait, stale := s.due(at(c.now), c.git); wait != c.wait || stale != c.stale {
			t.Errorf("%s: %v %v, want %v %v", c.name, wait, stale, c.wait, c.stale)
		}
	}
}

func TestLoops(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		name    string
		every   time.Duration
		changed func(i int) []File
		want    []string // for each restart
	}{
		{"the same file, soon", time.Second, func(i int) []File {
			return []File{{Path: "other" + string(rune('0'+i)), At: start.Add(time.Duration(i) * time.Second)}, {Path: "a", At: start.Add(time.Duration(i)*time.Second - 1)}}
		}, []string{"", "", "", "", "", "a", "a"}},
		{"the same file, slowly", 3 * time.Second, func(i int) []File {
			return []File{{Path: "a", At: start.Add(time.Duration(i)*3*time.Second - 1)}}
		}, []string{"", "", "", "", "", "", ""}},
		{"other files", time.Second, func(i int) []File {
			return []File{{Path: string(rune('a' + i)), At: start.Add(time.Duration(i)*time.Second - 1)}}
		}, []string{"", "", "", "", "", "", ""}},
		{"changed before the last restart", time.Second, func(i int) []File {
			return []File{{Path: "a", At: start.Add(time.Duration(i-1)*time.Second - 1)}}
		}, []string{"", "", "", "", "", "", ""}},
	} {
		var l Loops
		for i, want := range c.want {
			if got := l.Restart(start.Add(time.Duration(i)*c.every), c.changed(i)); got != want {
				t.Errorf("%s: restart %d: %q, want %q", c.name, i+1, got, want)
			}
		}
	}
}
