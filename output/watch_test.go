package output

import (
	"regexp"
	"strings"
	"testing"
)

func TestWatch(t *testing.T) {
	long := strings.Repeat("x", maxWatched)
	for _, tt := range []struct {
		name, pattern string
		chunks        []string
		want          bool
	}{
		{"a line", "ready", []string{"starting\nready\n"}, true},
		{"another line", "ready", []string{"starting\nstarted\n"}, false},
		{"a line in pieces", "^listening on 5000$", []string{"starting\nlist", "ening", " on 50", "00\n"}, true},
		{"an unfinished line", "password: ", []string{"pass", "word: "}, true},
		{"an unfinished line that is not yet it", "password: ", []string{"pass", "word"}, false},
		{"pieces of different lines", "ready", []string{"rea\n", "dy\n"}, false},
		{"CR LF", "^ready$", []string{"ready\r\n"}, true},
		{"CR LF in pieces", "^re.*dy$", []string{"ready", "\r", "\n"}, true},
		{"nothing but CR LF", "^$", []string{"\r\n"}, true},
		{"an empty line", "^$", []string{"one\n", "\ntwo\n"}, true},
		{"no empty line", "^$", []string{"one\n", "two\n"}, false},
		{"the end of an earlier line is no beginning", "^ready", []string{"not ", "ready\n"}, false},
		{"one line after the other", "two.*one", []string{"one\ntwo\none\n"}, false},
		{"a very long line", "x$", []string{long, long, long, "\n"}, true},
		{"what is beyond the bound", "needle", []string{long, "needle\n"}, false},
		{"across the bound", "needle", []string{long[3:], "needle\n"}, false},
		{"just before the bound", "needle", []string{long[6:], "needle and more\n"}, true},
		{"the line after a very long one", "^needle$", []string{long, long, "\nneed", "le\n"}, true},
		{"a line in colours", "^ready on 5000$", []string{"\x1b[32mready\x1b[0m on \x1b[1m50", "00\x1b[22m\r\n"}, true},
		{"bytes that are no UTF-8", "ready", []string{"\xff\xfe ready\n"}, true},
	} {
		// Whatever the chunks are, the lines are the same.
		for _, chunks := range [][]string{tt.chunks, {strings.Join(tt.chunks, "")}} {
			found := 0
			w := &Watch{Line: regexp.MustCompile(tt.pattern), Found: func() { found++ }}
			for _, chunk := range chunks {
				if !w.over {
					w.look([]byte(chunk))
				}
			}
			if (found == 1) != tt.want || found > 1 {
				t.Errorf("%s, in %d chunks: found %d times, want %v", tt.name, len(chunks), found, tt.want)
			}
			if w.over && w.partial != nil {
				t.Errorf("%s: it keeps %d bytes that nobody needs", tt.name, len(w.partial))
			}
		}
	}
}

// TestWatchByByte is told of a line byte by byte, and found once.
func TestWatchByByte(t *testing.T) {
	found := 0
	w := &Watch{Line: regexp.MustCompile(`^ready \d+\b.`), Found: func() { found++ }}
	for _, b := range []byte("not ready\r\nready 42\r\nready 43!\r\nready 44!\r\n") {
		w.look([]byte{b})
	}
	if found != 1 {
		t.Errorf("found %d times", found)
	}
}
