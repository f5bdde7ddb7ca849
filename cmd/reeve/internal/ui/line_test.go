package ui

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// texts of the cells of a line, and the looks that are not usual.
func cellsIn(text string, bare bool) (texts, looks string) {
	l := written("web.1 " + text).Lines[0]
	for w := newWalker(l, bare); ; {
		c, ok := w.next()
		if !ok {
			return texts, looks
		}
		texts += c.text
		if c.look != "" && !strings.HasSuffix(looks, c.look+" ") {
			looks += c.look + " "
		}
	}
}

// Text appears as it was written, and what would move the cursor is taken out.
func TestCells(t *testing.T) {
	for _, test := range []struct{ about, text, want, looks string }{
		{"text", "plain [text] %s", "plain [text] %s", ""},
		{"tabs", "a\tb\t", "a       b       ", ""},
		{"wide and combining characters, and emoji", "漢字 e\u0301 👍🏽 👨‍👩‍👧", "漢字 e\u0301 👍🏽 👨‍👩‍👧", ""},
		{"right to left", "שלום عربى", "שלום عربى", ""},
		{"marks of direction", "a\u202eb\u2066c", "abc", ""},
		{"no UTF-8", "a\xff\xe9b\x80\xc3", "a\ufffd\ufffdb\ufffd\ufffd", ""},
		{"a colour", "\x1b[31mred\x1b[0m no", "red no", "\x1b[31m "},
		{"256 colours", "\x1b[38;5;200mx\x1b[m", "x", "\x1b[38;5;200m "},
		{"24 bit", "\x1b[1;38;2;1;2;3;48;2;4;5;6mx", "x", "\x1b[1;38;2;1;2;3;48;2;4;5;6m "},
		{"24 bit with colons", "\x1b[38:2::1:2:3mx", "x", "\x1b[38:2::1:2:3m "},
		{"moving and clearing", "a\x1b[2J\x1b[Hb\x1b[10;10Hc\x1b[?1049hd\x1b7\x1b8e", "abcde", ""},
		{"titles, links and the clipboard", "\x1b]0;t\aa\x1b]8;;http://x\x1b\\b\x1b]8;;\x1b\\\x1b]52;c;eA==\ac", "abc", ""},
		{"questions", "a\x1b[6n\x1b[c\x1b]11;?\ab", "ab", ""},
		{"C1", "a\u009b2Jb", "ab", ""},
		{"bells and backspaces", "a\a\bb\x00", "ab", ""},
		{"a progress bar", "10%\r20%\r\x1b[32mdone\x1b[0m\r", "done", "\x1b[32m "},
		{"a return at the end", "text\r", "text", ""},
		{"nothing", "", "", ""},
	} {
		t.Run(test.about, func(t *testing.T) {
			texts, looks := cellsIn(test.text, false)
			if texts != test.want || looks != test.looks {
				t.Errorf("%q is shown as %q, with %q", test.text, texts, looks)
			}
		})
	}
}

// Each character has its place, with what combines with it.
func TestGroups(t *testing.T) {
	for text, columns := range map[string]int{
		"a": 1, "é": 1, "e\u0301\u0323": 1, "漢": 2, "ｗ": 2, "한": 2, "\u1112\u1161\u11ab": 2, "ا": 1, "ש": 1, "ก็": 1,
		"👍": 2, "👍🏽": 2, "👨‍👩‍👧‍👦": 2, "❤\ufe0f": 2, "❤": 1, "🇩🇪": 2, "🏴\U000e0067\U000e0062\U000e007f": 2, "─": 1, "…": 1, "\u200b": 0,
	} {
		size, got := group([]byte(text + "x"))
		if size != len(text) || got != columns {
			t.Errorf("%q has %d of %d bytes, and %d columns", text, size, len(text), got)
		}
	}
	if size, _ := group([]byte("🇩🇪🇫🇷")); size != len("🇩🇪") {
		t.Error("two flags are one")
	}
}

// Without colours what is bold stays so.
func TestCellsWithoutColors(t *testing.T) {
	for text, want := range map[string]string{
		"\x1b[31mx":                  "",
		"\x1b[1;31;4;42mx":           "\x1b[1;4m ",
		"\x1b[38;5;9;1mx":            "\x1b[1m ",
		"\x1b[48;2;1;2;3;7mx":        "\x1b[7m ",
		"\x1b[91;101;3mx":            "\x1b[3m ",
		"\x1b[38:2::1:2:3;1mx":       "\x1b[1m ",
		"\x1b[1mx\x1b[0my\x1b[35mz!": "\x1b[1m ",
	} {
		if _, looks := cellsIn(text, true); looks != want {
			t.Errorf("%q has %q", text, looks)
		}
	}
}

// A look goes on in the next line of the same process, and in no other's.
func TestLooksGoOn(t *testing.T) {
	var r reader
	lines := r.lines([]byte("1.000 web.1 | \x1b[31mone\n1.000 db.1  | plain\n1.000 web.1 | two\x1b[0m\n1.000 web.1 | three\n"))
	var looks []string
	for _, l := range lines {
		c, _ := newWalker(l, false).next()
		looks = append(looks, c.look)
	}
	if got := strings.Join(looks, ","); got != "\x1b[31m,,\x1b[31m," {
		t.Errorf("the lines have %q", got)
	}
}

// The log comes in pieces that end anywhere.
func TestReaderOfPieces(t *testing.T) {
	text := "1700000000.123 web.1    | a | b\n1700000001.000 system   | web.1 exited with code 1\n1700000002.999 worker.2 + rest\nno line\n5.000 db.1 | \n"
	for size := 1; size < len(text); size++ {
		var r reader
		var got []string
		for p := []byte(text); len(p) > 0; {
			n := min(size, len(p))
			for _, l := range r.lines(p[:n]) {
				got = append(got, l.Name+"/"+l.About+"/"+string(l.Text))
			}
			p = p[n:]
		}
		if want := "web.1/web.1/a | b,system/web.1/web.1 exited with code 1,worker.2/worker.2/rest,db.1/db.1/"; strings.Join(got, ",") != want {
			t.Fatalf("in pieces of %d: %q", size, got)
		}
	}
}

// Each process keeps its lines, however much another one writes.
func TestLogKeepsQuietOnes(t *testing.T) {
	var g Log
	g.Add(&Line{Name: "quiet.1", Text: []byte("the error")}, false)
	for range 400_000 {
		g.Add(&Line{Name: "loud.1", Text: bytes.Repeat([]byte("x"), 100)}, false)
		if g.sparse() {
			g.forget()
		}
	}
	if size := g.kept["loud.1"].size; size > keptOfAll || g.lines[0].Name != "quiet.1" || g.lines[0].gone {
		t.Errorf("of one %d bytes are kept, and of the other %v", size, g.lines[0])
	}
}

// Whatever a process writes, what is drawn is text, and rows are no wider than the screen.
func FuzzRows(f *testing.F) {
	f.Add([]byte("plain"), 10)
	f.Add([]byte("\x1b[38;2;1;2;3m漢\t\x1b]8;;x\a👨‍👩‍👧\xff\r"), 3)
	f.Fuzz(func(t *testing.T, text []byte, width int) {
		if bytes.IndexByte(text, '\n') >= 0 || width < 1 || width > 200 {
			return
		}
		l := written("web.1 " + string(text)).Lines[0]
		y := layout{width: width, wrap: true}
		plain := 0
		for n := range y.rows(l) {
			cells, _ := y.show(l, n, nil)
			sum := 0
			for _, c := range cells {
				sum += c.width
				for _, r := range c.text {
					if unicode.IsControl(r) {
						t.Errorf("%q has a control character", c.text)
					}
				}
				if !utf8.ValidString(c.text) || c.width < 1 {
					t.Errorf("%q has a cell %q of %d columns", text, c.text, c.width)
				}
			}
			if sum > width && len(cells) > 1 {
				t.Errorf("row %d of %q has %d columns", n, text, sum)
			}
			plain += len(cells)
		}
		if w := newWalker(l, false); true {
			for {
				if _, ok := w.next(); !ok {
					break
				}
				plain--
			}
			if plain != 0 || w.plain != len(l.plain()) {
				t.Errorf("%q: rows differ from the line by %d cells; %d of %d bytes of text", text, plain, w.plain, len(l.plain()))
			}
		}
	})
}
