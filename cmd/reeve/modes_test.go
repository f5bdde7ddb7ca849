package main

import (
	"strings"
	"testing"
)

func TestModes(t *testing.T) {
	for _, tt := range []struct {
		name         string
		written      []string
		full         bool
		enter, leave string
	}{
		{"nothing", nil, false, "", "\x1b[0m"},
		{"text", []string{"hello\x1b[1mbold\x1b[m\n"}, false, "", "\x1b[0m"},
		{"vim", []string{"\x1b[?1049h\x1b[?1h\x1b=\x1b[?2004h\x1b[?25l"}, true, "\x1b[?1h\x1b[?1049h\x1b[?2004h\x1b[?25l", "\x1b[?1l\x1b[?1049l\x1b[?2004l\x1b[?25h\x1b[0m"},
		{"vim that has ended", []string{"\x1b[?1049h\x1b[?25l...", "\x1b[?25h\x1b[?1049l"}, false, "", "\x1b[0m"},
		{"several at once", []string{"\x1b[?1000;1006h\x1b[?1000l"}, false, "\x1b[?1006h", "\x1b[?1006l\x1b[0m"},
		{"in pieces", []string{"\x1b", "[", "?10", "49", "h"}, true, "\x1b[?1049h", "\x1b[?1049l\x1b[0m"},
		{"no mode after all", []string{"\x1b[?10", "49x"}, false, "", "\x1b[0m"},
		{"a number without end", []string{"\x1b[?" + strings.Repeat("1", 100), "h"}, false, "", "\x1b[0m"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m modes
			for _, p := range tt.written {
				m.follow([]byte(p))
			}
			if m.fullScreen() != tt.full || m.enter() != tt.enter || m.leave() != tt.leave {
				t.Errorf("got %v, %q, %q", m.fullScreen(), m.enter(), m.leave())
			}
		})
	}
}

func TestScreenful(t *testing.T) {
	for _, tt := range []struct {
		name, written string
		rows          int
		want          string
	}{
		{"nothing", "", 24, ""},
		{"less than a screen", "a\r\nb\r\n> ", 24, "a\r\nb\r\n> "},
		{"more", "a\r\nb\r\nc\r\n> ", 2, "c\r\n> "},
		{"no rows", "a\nb", 0, "b"},
		{"with modes", "a\n\x1b[?2004h> ", 1, "\x1b[?2004h\x1b[?2004h> "},
		{"after a full screen", "a\nb\n\x1b[?1049hmess\nmess\x1b[?1049l> ", 10, "a\nb\n> "},
		{"after one of which the beginning is lost", "mess\nmess\x1b[?1049l> ", 10, "> "},
		{"after it was cleared", "a\n\x1b[H\x1b[2J> ", 10, "> "},
		{"between two full screens", "a\n\x1b[?1049hmess\x1b[?1049lb\n\x1b[?47hmess\x1b[?47lc", 10, "a\nb\nc"},
		{"a full screen", "a\n\x1b[?1049hmess", 10, "\x1b[?1049h\x1b[H\x1b[2J"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(screenful([]byte(tt.written), tt.rows)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLeaver(t *testing.T) {
	for _, tt := range []struct {
		name  string
		typed []string
		want  string
		left  bool
	}{
		{"text", []string{"abc", "d"}, "abcd", false},
		{"twice", []string{"ab\x1d\x1dcd"}, "ab", true},
		{"twice, one by one", []string{"a", "\x1d", "\x1d"}, "a", true},
		{"once", []string{"a\x1d", "b"}, "a\x1db", false},
		{"once and held", []string{"a\x1d"}, "a", false},
		{"not in a row", []string{"\x1d", "x", "\x1d", "\x1d"}, "\x1dx", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var l leaver
			var got []byte
			left := false
			for _, p := range tt.typed {
				keys, over := l.take([]byte(p))
				got, left = append(got, keys...), left || over
			}
			if string(got) != tt.want || left != tt.left {
				t.Errorf("got %q, %v", got, left)
			}
		})
	}
}
