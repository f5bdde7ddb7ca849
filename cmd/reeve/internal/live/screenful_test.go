package live

import "testing"

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
		{"after one that has set a region", "a\n\x1b[?1049h\x1b[1;24rmess\x1b[?1049l> ", 10, "a\n> "},
		{"a full screen", "a\n\x1b[?1049hmess", 10, "\x1b[?1049h\x1b[H\x1b[2J"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(screenful([]byte(tt.written), tt.rows)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
