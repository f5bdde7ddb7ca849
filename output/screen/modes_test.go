package screen

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
		{"nothing", nil, false, "", ""},
		{"text", []string{"hello\x1b[1mbold\x1b[m\n"}, false, "", ""},
		{"vim", []string{"\x1b[?1049h\x1b[?1h\x1b=\x1b[?2004h\x1b[?25l"}, true,
			"\x1b[?1049h\x1b[?1h\x1b=\x1b[?2004h\x1b[?25l", "\x1b[?25h\x1b[?2004l\x1b>\x1b[?1l\x1b[?1049l"},
		{"vim that has ended", []string{"\x1b[?1049h\x1b[?1h\x1b=\x1b[?25l...", "\x1b[?25h\x1b>\x1b[?1l\x1b[?1049l"}, false, "", ""},
		{"several at once", []string{"\x1b[?1000;1006h\x1b[?1000l"}, false, "\x1b[?1006h", "\x1b[?1006l"},
		{"in pieces", []string{"\x1b", "[", "?10", "49", "h"}, true, "\x1b[?1049h", "\x1b[?1049l"},
		{"no mode after all", []string{"\x1b[?10", "49x"}, false, "", ""},
		{"a number without end", []string{"\x1b[?" + strings.Repeat("1", 100), "h"}, false, "", ""},
		{"with a control character inside", []string{"\x1b[?25\rl"}, false, "\x1b[?25l", "\x1b[?25h"},
		{"no wrapping", []string{"\x1b[?7l"}, false, "\x1b[?7l", "\x1b[?7h"},
		{"inserting", []string{"\x1b[4h\x1b[20h\x1b[20l"}, false, "\x1b[4h", "\x1b[4l"},
		{"what only saves the cursor", []string{"\x1b[?1048h"}, false, "", ""},
		{"a region", []string{"\x1b[2;5r"}, false, "", usualRegion},
		{"a region that is taken back", []string{"\x1b[2;5r\x1b[r"}, false, "", ""},
		{"line drawing", []string{"\x1b(0"}, false, "\x1b(0", "\x1b(B"},
		{"a saved cursor", []string{"\x1b8"}, false, "", usualRegion + usualCharset},
		{"a cursor's shape", []string{"\x1b[2 q"}, false, "\x1b[2 q", "\x1b[0 q"},
		{"the usual cursor", []string{"\x1b[2 q\x1b[ q"}, false, "", ""},
		{"xterm's keys", []string{"\x1b[>4;2m"}, false, "\x1b[>4;2m", "\x1b[>4m"},
		{"xterm's keys again", []string{"\x1b[>4;2m\x1b[>4m"}, false, "", ""},
		{"kitty's keys", []string{"\x1b[>1u\x1b[>3u\x1b[<u"}, false, "\x1b[>1u", "\x1b[<u"},
		{"colours of the terminal", []string{"\x1b]11;#000000\a\x1b]4;1;red\x1b\\"}, false,
			"\x1b]11;#000000\x1b\\\x1b]4;1;red\x1b\\", "\x1b]104\x1b\\\x1b]111\x1b\\"},
		{"colours that are taken back", []string{"\x1b]11;#000000\a\x1b]4;1;red\a\x1b]111\a\x1b]104\a"}, false, "", ""},
		{"a question", []string{"\x1b]11;?\a\x1b[?25$p"}, false, "", ""},
		{"a link", []string{"\x1b]8;;http://x\ax"}, false, "\x1b]8;;http://x\x1b\\", linkEnd},
		{"progress", []string{"\x1b]9;4;1;50\a"}, false, "\x1b]9;4;1;50\x1b\\", "\x1b]9;4;0\x1b\\"},
		{"reset", []string{"\x1b[?1049h\x1b[?25l\x1bc"}, false, "", UsualModes},
		{"reset of nothing", []string{"\x1bc"}, false, "", ""},
		{"a string that is broken off", []string{"\x1b]0;t\x1b[1m"}, false, "", UsualModes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m Modes
			for _, p := range tt.written {
				m.Follow([]byte(p))
			}
			if m.FullScreen() != tt.full || m.Enter() != tt.enter || m.Leave() != tt.leave+Reset {
				t.Errorf("got %v, %q, %q", m.FullScreen(), m.Enter(), m.Leave())
			}
		})
	}
}

// However much a program switches, what is kept of that is bounded.
func TestModesAreBounded(t *testing.T) {
	var m Modes
	for range 1000 {
		m.Follow([]byte("\x1b[>1u\x1b[?1h\x1b[?1l"))
	}
	for i := range 1000 {
		m.Follow([]byte("\x1b[?" + strings.Repeat("1", i%9+1) + "h"))
	}
	if n := len(m.switched); n > maxModes+1 {
		t.Errorf("%d are kept", n)
	}
}

// What a program asks a terminal, which answers as if that were typed.
func TestModesAsked(t *testing.T) {
	for text, want := range map[string]bool{
		"\x1b[6n": true, "\x1b[?6n": true, "\x1b[c": true, "\x1b[>c": true, "\x1b[=c": true, "\x1bZ": true, "\x1b[18t": true,
		"\x1b[?2026$p": true, "\x1b[>q": true, "\x1b[?u": true, "\x1b]11;?\a": true, "\x1b]4;1;?\x1b\\": true, "\x1bP+q544e\x1b\\": true,
		"\x1b_Gi=31,a=q;AAAA\x1b\\": true, "a\x1b[31m\x1b[6": false, "\x1b[2 q": false, "\x1b[u": false, "\x1b[!p": false,
		"\x1b]0;title\a": false, "\x1b[?25l\x1b[2J": false, "\x1b[>1u": false,
	} {
		m := ModesAfter([]byte(text))
		if got := m.Asked(); got != want {
			t.Errorf("%q asks: %t", text, got)
		}
		if m.Asked() {
			t.Errorf("%q asks twice", text)
		}
	}
}
