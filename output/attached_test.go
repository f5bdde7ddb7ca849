package output

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// stage is a terminal that belongs to one process, beside which others write.
type stage struct {
	*journal
	text     *text
	screen   *screen // what the terminal shows
	alone    *screen // and what it would show without the others
	attached *Stream
	other    *Stream
	begun    []byte   // a character that the screens have not been given yet
	said     []string // the others' lines
}

func newStage(columns int) *stage {
	f := NewText(TextOptions{Terminal: true, Raw: true, Columns: func() int { return columns }}).(*text)
	g := &stage{journal: newJournal(f), text: f, attached: onPty("web"), other: stream("worker")}
	g.attached.Attached = true
	for _, s := range []**screen{&g.screen, &g.alone} {
		*s = &screen{rows: []row{nil}, columns: columns, raw: true}
	}
	return g
}

// types lets the attached process write.
func (g *stage) types(text string) {
	g.journal.write(g.attached, text)
	p := append(g.begun, text...)
	n := whole(p)
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
		fmt.Fprintf(&b, "  %q\n", r)
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
