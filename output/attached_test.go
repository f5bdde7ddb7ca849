package output

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"

	"reeve/output/screen"
)

// stage is a terminal that belongs to one process, beside which others write.
type stage struct {
	*journal
	text     *text
	screen   *vt // what the terminal shows
	alone    *vt // and what it would show without the others
	attached *Stream
	other    *Stream
	begun    []byte   // a character that the screens have not been given yet
	said     []string // the others' lines
}

func newStage(columns int) *stage {
	f := NewText(TextOptions{Terminal: true, Raw: true, Columns: func() int { return columns }}).(*text)
	g := &stage{journal: newJournal(f), text: f, attached: onPty("web"), other: stream("worker")}
	g.attached.Attached = true
	g.screen = &vt{rows: []row{nil}, columns: columns, raw: true}
	g.alone = &vt{rows: []row{nil}, columns: columns, raw: true, high: true}
	return g
}

// types lets the attached process write.
func (g *stage) types(text string) {
	g.journal.write(g.attached, text)
	p := append(g.begun, text...)
	n := screen.CompleteRunes(p)
	g.alone.write(p[:n])
	g.begun = append([]byte{}, p[n:]...)
}

// says lets another one write a line.
func (g *stage) says(line string) {
	g.journal.write(g.other, line+"\n")
	g.said = append(g.said, "worker | "+line)
}

// flush ends a batch: what has been written comes to the screen.
func (g *stage) flush() {
	g.journal.out = g.text.settle(g.journal.out)
	g.screen.write(g.journal.out)
	g.journal.out = g.journal.out[:0]
}

// check wants the screen to have the attached process's rows as if it were alone, and the
// others' lines as they were said, whole, somewhere above the cursor's row.
func (g *stage) check(t *testing.T, about string) {
	t.Helper()
	g.flush()
	var rows []row
	var said []string
	cursor := -1
	for i, r := range g.screen.rows {
		if strings.HasPrefix(r.String(), "worker | ") {
			said = append(said, strings.TrimRight(r.String(), " "))
			continue
		}
		if i == g.screen.row {
			cursor = len(rows)
		}
		rows = append(rows, r)
	}
	want := trimmed(g.alone.rows)
	if got := trimmed(rows); !slices.EqualFunc(got, want, slices.Equal[row]) {
		t.Fatalf("%s\nthe screen has\n%s\nand not\n%s", about, listed(got), listed(want))
	}
	if !slices.Equal(said, g.said) {
		t.Fatalf("%s\nof the others there is %q, not %q", about, said, g.said)
	}
	if got, want := g.screen, g.alone; cursor != want.row || got.col != want.col || got.wraps != want.wraps || got.look != want.look ||
		got.insert != want.insert || got.noWrap != want.noWrap || (got.main == nil) != (want.main == nil) {
		t.Fatalf("%s\nthe cursor is at %d, %d, %v %v, not at %d, %d, %v %v", about, cursor, got.col, got.wraps, got.look, want.row, want.col, want.wraps, want.look)
	}
}

// shown gives the rows of the screen.
func (g *stage) shown() string {
	g.flush()
	var text []string
	for _, r := range trimmed(g.screen.rows) {
		text = append(text, r.String())
	}
	return strings.Join(text, "|")
}

// trimmed leaves out the blanks at the ends of rows, and empty rows at the end.
func trimmed(rows []row) []row {
	var out []row
	for _, r := range rows {
		for len(r) > 0 && r[len(r)-1] == (cell{char: ' '}) {
			r = r[:len(r)-1]
		}
		out = append(out, r)
	}
	for len(out) > 0 && len(out[len(out)-1]) == 0 {
		out = out[:len(out)-1]
	}
	return out
}

func listed(rows []row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "  %q", r)
		for i, c := range r {
			if i == 0 || c.look != r[i-1].look {
				fmt.Fprintf(&b, " %d:%v", i, c.look)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// What libraries that edit a line send.
var edits = []struct {
	about, text string
	whole       bool // they send it in one go: it addresses the screen, or goes up to lines that had ended
}{
	{"a prompt", "(Pdb) ", false},
	{"typing", "(Pdb) print(x)", false},
	{"going back and inserting", "(Pdb) prit(x)\b\b\b\b\x1b[1@n", false},
	{"deleting in the middle", "(Pdb) prinnt(x)\x1b[4D\x1b[1P", false},
	{"an entry of the history", "(Pdb) first\r\x1b[6C\x1b[Ksecond", false},
	{"readline's wrap", "(Pdb) " + strings.Repeat("x", 34) + " \rxyz", false},
	{"a full row", "(Pdb) " + strings.Repeat("x", 34), false},
	{"wrapped twice, and back to the beginning", "(Pdb) " + strings.Repeat("abc ", 22) + "\x1b[2A\r\x1b[6C", false},
	{"wide characters at the edge", "(Pdb) " + strings.Repeat("漢", 20) + "字", false},
	{"accents", "name? cafe\u0301 \u00e9", false},
	{"colours", "\x1b[32mirb(main):001>\x1b[0m \x1b[1;34mfoo", false},
	{"bracketed paste", "\x1b[?2004h>>> pasted\x1b[?2004l", false},
	{"a second row by a newline that only goes down", ">>> def f():\x1b[1G\n... \x1b[1A\x1b[12G", false},
	{"rows by newlines, gone up to again", "1\r\n2\r\n3\r\n\x1b[3A\r\x1b[2K1b\r\n\x1b[2K2b\r\n", true},
	{"clearing the screen", "old\r\n> new\x1b[H\x1b[2J> ", true},
	{"a menu with the cursor hidden", "\x1b[?25l? pick\x1b[K\r\n\x1b[36m> one\x1b[0m\x1b[K\r\n  two\x1b[K\r\n\x1b[3A\r", true},
	{"no wrapping", "\x1b[?7l" + strings.Repeat("x", 45), false},
	{"inserting", "abc\x1b[4h\b\bX", false},
	{"a menu below", "> a\x1b[1B\x1b[5G\x1b[46mone\x1b[0m\x1b[1B\x1b[5Gtwo\x1b[2A\x1b[4G", false},
	{"saved and restored", "> ab\x1b7\x1b[10;10Hx\x1b8c", true},
	{"tabs and bells", "a\tb\a\tc", false},
	{"a title", "\x1b]0;a (title)\x07$ ", false},
	{"a background up to the edge", "\x1b[44mblue\x1b[K\x1b[0m\r\x1b[2C", false},
}

func TestAttachedLineStaysIntact(t *testing.T) {
	for _, e := range edits {
		for _, size := range []int{1, 3, 1000} {
			g := newStage(40)
			g.types("hello\r\n")
			for i, chunk := range slices.Collect(slices.Chunk([]byte(e.text), size)) {
				g.types(string(chunk))
				if e.whole {
					continue
				}
				g.says(fmt.Sprint("line ", i))
				g.check(t, e.about)
			}
			g.says("the last")
			g.says("and one more")
			g.check(t, e.about)
			g.types("more\r\n")
			g.says("the end")
			g.check(t, e.about)
		}
	}
}

// keys are what an attached process may do next.
var keys = []string{
	"a", "bc ", "é", "漢", "🙂", "e\u0301", "xxxxxxxxxxxxxxxx", "\r", "\b", "\t", "\a", "\r\n", "\n", "\x1b[A", "\x1b[2A", "\x1b[B", "\x1b[3B", "\x1b[3C",
	"\x1b[5D", "\x1b[7G", "\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[2P", "\x1b[3@", "\x1b[4X", "\x1b[31m", "\x1b[1;44m", "\x1b[m",
	"\x1b[?25l", "\x1b[?7l", "\x1b[?7h", "\x1b[4h", "\x1b[4l", "\x1b]0;title\x07", "\x1b[?2004h", " \r",
}

// press lets the attached process do something, unless that goes up to rows that others
// have come in front of.
func (g *stage) press(key string) {
	if f := g.text.front; strings.HasSuffix(key, "A") && (f == nil || f.Row() < 2) {
		return
	}
	g.types(key[:len(key)/2]) // it may come in pieces
	g.types(key[len(key)/2:])
}

// Whatever the attached process does, and whenever others write, its rows look as they
// would without them.
func FuzzAttached(f *testing.F) {
	for seed := range uint64(20) {
		var p []byte
		for r := rand.New(rand.NewPCG(seed, 6)); len(p) < 200; {
			p = append(p, byte(r.UintN(256)))
		}
		f.Add(p, uint8(11+seed))
	}
	f.Fuzz(func(t *testing.T, p []byte, columns uint8) {
		g := newStage(max(10, int(columns)))
		for i, b := range p[:min(len(p), 300)] {
			switch {
			case b < 0xc0:
				g.press(keys[int(b)%len(keys)])
			case b < 0xe0:
				g.says(fmt.Sprint(i % 10))
			default:
				g.check(t, fmt.Sprintf("after %d of %q", i, p))
			}
		}
		g.check(t, fmt.Sprintf("%q", p))
	})
}

// Whatever bytes the attached process writes, the terminal is as it was when the process has
// ended.
func FuzzAttachedBytes(f *testing.F) {
	for seed := range uint64(20) {
		p := &play{rand.New(rand.NewPCG(seed, 7)), slices.Concat(words, keys, []string{
			"\x1b[?1049h", "\x1b[?1000h", "\x1b[?25l", "\x1b[?6h", "\x1b[2;5r", "\x1b(0", "\x1b)0", "\x1b7", "\x1b8", "\x1bc", "\x1b[20h",
			"\x1b=", "\x1b[4h", "\x1b[?25\rl", "\x1b[?7;5h", "\x1b]", "\x1b[", "\x1b[\x18",
		})}
		f.Add([]byte(p.text(30)), uint8(p.UintN(256)))
	}
	f.Fuzz(func(t *testing.T, text []byte, how uint8) {
		for i := range text {
			// Emulators differ about what is no ASCII, and about SOS, CAN and SUB.
			if text[i] &= 0x7f; text[i] == 'X' || text[i] == '\x18' || text[i] == '\x1a' {
				text[i] = 'x'
			}
		}
		g := newStage(80)
		var out []byte
		for i, chunk := range slices.Collect(slices.Chunk(text[:min(len(text), 200)], int(how%16)+1)) {
			g.journal.write(g.attached, string(chunk))
			if i%4 == 3 {
				g.journal.write(g.other, "line\n")
			}
			g.journal.out = g.text.settle(g.journal.out)
			out = append(out, g.journal.out...)
			g.journal.out = g.journal.out[:0]
		}
		g.journal.close(g.attached)
		out = append(out, g.journal.out...)
		e := newEmulator(80, 24)
		before := e.Cursor()
		_, _ = e.Write(out)
		after := e.Cursor()
		wrong := vt10x.ModeEcho // this emulator has it the wrong way round
		if bytes.Contains(out, []byte("47")) || bytes.Contains(out, []byte("49")) {
			wrong |= vt10x.ModeAltScreen // and it leaves the alternate screen to the alternate screen
		}
		if after.Attr != before.Attr || after.State&^2 != before.State || e.Mode()&^wrong != vt10x.ModeWrap {
			t.Fatalf("%q\nleaves the terminal as %+v, %b", out, after, e.Mode())
		}
	})
}

// While a program has the screen, nothing else is written to it.
func TestAttachedFullScreen(t *testing.T) {
	g := newStage(100)
	g.types("$ vim\r\n")
	g.says("before")
	g.types("\x1b[?1049h\x1b[H\x1b[2Jtext\x1b[10;1H~")
	g.journal.write(g.other, "one\ntwo\nthr")
	g.journal.say("three")
	g.flush()
	if got := g.screen.text(); len(got) != 1 || g.screen.main == nil {
		t.Errorf("beside the program there is %q", got)
	}
	g.types("\x1b[?1049l$ ")
	g.says("ee")
	want := "$ vim|worker | before|system | kept 3 lines off the screen: reeve logs shows them|worker | three|$"
	if got := g.shown(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A program that addresses the screen is left alone until it begins a line again.
func TestAttachedElsewhere(t *testing.T) {
	g := newStage(100)
	g.types("\x1b[5;1Hmenu")
	g.journal.write(g.other, "one\n")
	g.flush()
	if got := g.screen.text(); len(got) != 1 {
		t.Errorf("beside the menu there is %q", got)
	}
	g.types("\r\n")
	g.flush()
	if got := g.screen.text(); len(got) != 3 || !strings.HasPrefix(got[1], "system | kept 1 line off") {
		t.Errorf("behind it there is %q", got)
	}
}

// What the process leaves behind is put right when it ends.
func TestAttachedEnds(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "worker | after"},
		{"done\r\n", "done|worker | after"},
		{"(Pdb) \x1b[31mx", "(Pdb) x|worker | after"},
		{"$ vim\x1b[?1049h\x1b[?1h\x1b[?25l~", "$ vim|worker | after"},
		{"\x1b]0;title", "worker | after"},
		{"\x1b[3", "worker | after"},
		{"a\r\nb\r\n\x1b[2A", "a|b|worker | after"},
		{"a\x1b[\x18b\r\n", "ab|worker | after"}, // broken off as soon as it has begun
	} {
		g := newStage(40)
		g.types(c.text)
		g.journal.close(g.attached)
		g.says("after")
		if got := g.shown(); got != c.want || !g.screen.plain() {
			t.Errorf("after %q the screen has %q, want %q", c.text, got, c.want)
		}
	}
}

// The next run of the instance has the terminal again.
func TestAttachedTwice(t *testing.T) {
	g := newStage(40)
	g.types("> a")
	g.journal.close(g.attached)
	g.attached = onPty("web")
	g.attached.Attached = true
	g.types("> b")
	g.says("line")
	if got := g.shown(); got != "> a|worker | line|> b" {
		t.Errorf("the screen has %q", got)
	}
}

// An unfinished line of another process is not shown, and none that was is continued.
func TestAttachedBesideOpenLines(t *testing.T) {
	g := newStage(40)
	g.journal.write(g.other, "10%")
	g.journal.wait(g.other)
	g.types("> ")
	g.journal.write(g.other, " 20%")
	g.journal.wait(g.other)
	g.types("x")
	g.journal.write(g.other, " 30%\n")
	if got := g.shown(); got != "worker | 10%|worker |  20% 30%|> x" {
		t.Errorf("the screen has %q", got)
	}
}

// Another width lays the rows out anew.
func TestAttachedResize(t *testing.T) {
	columns := 40
	g := newStage(columns)
	g.text.Columns = func() int { return columns }
	g.types("> " + strings.Repeat("x", 50))
	g.flush()
	for _, columns = range []int{20, 100, 52, 16} {
		g.screen = &vt{columns: columns, raw: true, rows: []row{nil}}
		g.screen.write([]byte("> " + strings.Repeat("x", 50))) // as a terminal lays it out
		g.says(fmt.Sprint("at ", columns))
		got := strings.Split(g.shown(), "|")
		if got[1] != fmt.Sprint(" at ", columns) || strings.Join(got[2:], "") != "> "+strings.Repeat("x", 50) || len(got[2]) != min(columns, 52) {
			t.Errorf("with %d columns the screen has %q", columns, got)
		}
	}
}

// After Ctrl-Z the line stands where the shell has left the cursor, in everything that was in
// force; meanwhile nothing was.
func TestAttachedLineAfterASuspension(t *testing.T) {
	g := newStage(40)
	g.types("$ \x1b[?2004h\x1b[31mred")
	g.flush()
	g.journal.out = g.text.front.Suspend(g.journal.out)
	if got := string(g.journal.out); got != "\x1b[0m\x1b[?2004l\x1b[0m\r\n" {
		t.Errorf("it is left with %q", got)
	}
	g.flush()
	g.screen.write([]byte("shell\r\n"))
	g.journal.out = g.text.front.Resume(g.journal.out)
	if got := string(g.journal.out); !strings.HasPrefix(got, "\x1b[?2004h$ \x1b[31mred") {
		t.Errorf("it is taken again with %q", got)
	}
	g.types("der")
	if got := g.shown(); got != "$ red|shell|$ redder" {
		t.Errorf("the screen has %q", got)
	}
}

// So it is drawn again when the size has changed, also if the process does nothing.
func TestAttachedLineAfterAResize(t *testing.T) {
	g := newStage(40)
	g.types("> abc")
	g.flush()
	g.journal.out = g.text.front.Redraw(g.journal.out)
	if got := string(g.journal.out); got != "\r\x1b[J> abc\r\x1b[5C" {
		t.Errorf("it is drawn with %q", got)
	}
	g.types("\x1b[?1049h")
	g.flush()
	if g.journal.out = g.text.front.Redraw(g.journal.out); len(g.journal.out) > 0 {
		t.Errorf("beside a program that has the screen it is drawn with %q", g.journal.out)
	}
}

// Many lines at once are one wipe, and the line is shown again once.
func TestAttachedLineIsShownOnceABatch(t *testing.T) {
	g := newStage(40)
	g.types("(Pdb) x")
	g.flush()
	for range 100 {
		g.journal.write(g.other, "line\n")
	}
	g.journal.out = g.text.settle(g.journal.out)
	if n := strings.Count(string(g.journal.out), "(Pdb) x"); n != 1 {
		t.Errorf("the line is shown %d times", n)
	}
}

// In a file, or as JSON, an attached process is one of many.
func TestAttachedWithoutATerminal(t *testing.T) {
	s := onPty("web")
	s.Attached = true
	j := textJournal(TextOptions{})
	j.write(s, "hello\r\n")
	j.want(t, "web    | hello\n")
}

// vim leaves a scrolling region behind. It is taken back with the alternate screen, so that
// others' lines appear again.
func TestAttachedAfterARegion(t *testing.T) {
	g := newStage(40)
	g.journal.write(g.attached, "\x1b[?1049h\x1b[1;24rtext\x1b[?1049l$ ")
	g.journal.write(g.other, "after\n")
	if out := string(g.out); !strings.Contains(out, "\x1b[?1049l\x1b7\x1b[?6l\x1b[r\x1b8$ ") || !strings.Contains(out, "worker | after") {
		t.Errorf("others' lines are not shown: %q", out)
	}
}
