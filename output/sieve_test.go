package output

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestPlainLine(t *testing.T) {
	for line, want := range map[string]string{
		"text\n": "text", "\x1b[32mtext\x1b[0m\r\n": "text", "\n": "", "10%\r20%\r\n": "10%\r20%", "unfinished": "unfinished",
	} {
		if got := string(plainLine(nil, []byte(line))); got != want {
			t.Errorf("%q is read as %q, want %q", line, got, want)
		}
	}
}

// Whatever the pieces are that lines come in, those are shown that match, and no others.
func TestSieveIsGrep(t *testing.T) {
	queries := []Query{
		{Grep: regexp.MustCompile(`a`)}, {Not: regexp.MustCompile(`a`)},
		{Grep: regexp.MustCompile(`^[a-m]`), Not: regexp.MustCompile(`b$`)}, {Grep: regexp.MustCompile(`^$`)},
	}
	for seed := range uint64(40) {
		p, r := &play{rand.New(rand.NewPCG(seed, 5)), append(words, "\n", "\n", "\r")}, newRecorded(1<<20, NewText(TextOptions{}))
		for range 300 {
			r.happen(p)
		}
		format := func() Format { return NewText(TextOptions{NoPrefix: true}) }
		for _, q := range queries {
			for _, q.Lines = range []int{-1, 7} {
				var lines []string
				for line := range strings.Lines(r.shows(t, everything, format())) {
					plain := plainLine(nil, []byte(line))
					if (q.Grep == nil || q.Grep.Match(plain)) && (q.Not == nil || !q.Not.Match(plain)) {
						lines = append(lines, line)
					}
				}
				if q.Lines >= 0 {
					lines = lines[max(0, len(lines)-q.Lines):]
				}
				if got, want := r.shows(t, q, format()), strings.Join(lines, ""); got != want {
					t.Fatalf("seed %d, %v but not %v, last %d: got\n%q\nwant\n%q", seed, q.Grep, q.Not, q.Lines, got, want)
				}
			}
		}
	}
}

// A line is one, however long it is, and however the log cuts it.
func TestSieveOfLongLines(t *testing.T) {
	r := startRecord(32<<20, NewText(TextOptions{}))
	web := r.begin("web", 1)
	long := strings.Repeat("x", maxLine+maxLine/2)
	r.brings(web, "first "+long)
	r.brings(web, long+" last\nshort last\n")
	r.brings(web, "endless "+strings.Repeat("y", maxSifted)+" beyond\n")
	pieces := func(q Query) (n int) {
		q.Lines = -1
		return strings.Count(r.shows(t, q, NewText(TextOptions{})), "\n")
	}
	for expr, want := range map[string]int{"first.*last": 4, "last$": 5, "^short": 1, "^endless": 5, "beyond": 0} {
		if got := pieces(Query{Grep: regexp.MustCompile(expr)}); got != want {
			t.Errorf("%s: %d lines, want %d", expr, got, want)
		}
		if got := pieces(Query{Not: regexp.MustCompile(expr)}); got != 10-want {
			t.Errorf("not %s: %d lines, want %d", expr, got, 10-want)
		}
	}
}

func TestSieveOfWhatFollows(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	web := r.begin("web", 1)
	r.brings(web, "one\ntwo\nth")
	f := follow(t, r.History, Query{Lines: 5, Grep: regexp.MustCompile(`three|seven|said|two`)})
	f.await("two\n")
	r.brings(web, "ree\nfour\n")
	r.says(Notice{Text: "said"})
	r.says(Notice{Text: "unheard"})
	r.brings(web, "se")
	r.brings(web, "ven")
	r.ends(web)
	r.brings(r.begin("web", 2), "eight\nthree again")
	r.close()
	f.await("seven\n")
	if err := <-f.done; err != nil || f.read != "two\nthree\nsaid\nseven\n" {
		t.Errorf("got %q, %v", f.read, err)
	}
}

func TestStderrAlone(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	for i, source := range []string{"stdout", stderrSource} {
		s := r.begin("web", i)
		s.Source = source
		s.tape = r.tapeOf(s)
		r.brings(s, source+"\n")
	}
	r.says(Notice{Text: "a message"})
	if got := r.shows(t, Query{Lines: -1, Stderr: true}, NewText(TextOptions{NoPrefix: true})); got != "stderr\n" {
		t.Errorf("got %q", got)
	}
	for name, want := range map[string]bool{"web": true, "nobody": true, "worker": false} {
		if name == "worker" {
			r.brings(r.begin(name, 3), "both\n")
		}
		if got := r.TellsApart(func(l Label) bool { return l.Name == name }); got != want {
			t.Errorf("%s: told apart is %v", name, got)
		}
	}
}

func TestUntil(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	web := r.begin("web", 1)
	r.brings(web, "one\n")
	r.brings(web, "two\nthr")
	middle := r.now
	r.brings(web, "ee\n")
	r.says(Notice{Text: "said"})
	r.brings(web, "unfinished")
	format := NewText(TextOptions{NoPrefix: true})
	if got := r.shows(t, Query{Lines: -1, Until: middle}, format); got != "one\ntwo\n" {
		t.Errorf("got %q", got)
	}
	if got := r.shows(t, Query{Lines: 1, Until: middle, Since: noon.Add(time.Millisecond)}, format); got != "two\n" {
		t.Errorf("got %q", got)
	}
}

// A search that finds nothing ends with whoever waits for it.
func TestSearchEndsWithItsReader(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	web := r.begin("web", 1)
	for i := range 100 {
		r.brings(web, fmt.Sprintln(i))
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := r.Write(ctx, Query{Lines: -1, Grep: regexp.MustCompile("1")}, NewText(TextOptions{}), func([]byte) error {
		return errors.New("nobody reads this")
	})
	if err != nil {
		t.Error(err)
	}
}
