package procfile

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	for _, tt := range []struct{ word, among, want string }{
		{"wokrer", "web worker", "worker"},
		{"work", "web worker", "worker"},
		{"wrkr", "web worker", "worker"},
		{"WEB", "worker web", "web"},
		{"wbe", "worker web", "web"},
		{"web", "webs web", "web"},
		{"we", "web wet", "web"},
		{"w", "web x", ""},
		{"x", "y", ""},
		{"sidekiq", "web worker", ""},
		{"", "web x", ""},
		{"web", "", ""},
		{"statr", "start stop status", "start"},
		{"--fromation", "--formation --format", "--formation"},
		{"größe", "grösse große", "große"},
		{"\xff\xfe", "ab", ""},
	} {
		if got := Nearest(tt.word, strings.Fields(tt.among)); got != tt.want {
			t.Errorf("Nearest(%q, %q) = %q, want %q", tt.word, tt.among, got, tt.want)
		}
	}
}

func TestNearestLongWords(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	if got := Nearest(long, []string{long[1:], "x"}); got != "" {
		t.Errorf("got %d bytes", len(got))
	}
}
