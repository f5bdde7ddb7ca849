package output

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hinshun/vt10x"
)

// What of a process's bytes comes to a terminal.
func TestShownOnATerminal(t *testing.T) {
	for _, c := range []struct{ about, text, want string }{
		{"text", "a\tb é 漢 🙂", "a\tb é 漢 🙂"},
		{"colours", "\x1b[1;38:2::1:2:3mx\x1b[m", "\x1b[1;38:2::1:2:3mx\x1b[m"},
		{"a colour that is left on", "\x1b[31mx", "\x1b[31mx\x1b[0m"},
		{"a link", "\x1b]8;;http://x\x1b\\a\x1b]8;;\ab", "\x1b]8;;http://x\x1b\\a\x1b]8;;\ab"},
		{"a link that is left open", "\x1b]8;id=1;http://x\aa", "\x1b]8;id=1;http://x\aa\x1b]8;;\x1b\\\x1b[0m"},
		{"a bell", "a\ab", "a\ab"},
		{"a return", "10%\r20%", "10%\r| 20%"},
		{"returns", "10%\r\r\r20%\r", "10%\r| 20%"},
		{"a return that keeps the colour", "\x1b[31m1\r2\x1b[m", "\x1b[31m1\x1b[0m\r| \x1b[31m2\x1b[m"},
		{"column 1", "1\x1b[G2\x1b[1G3\x1b[0G4\x1b[1`5", "1\r| 2\r| 3\r| 4\r| 5"},
		{"a column", "1\x1b[20G2", "1\x1b[29G2"},
		{"erasing the rest", "\r\x1b[Ka\x1b[0Kb\x1b[Jc\x1b[0J", "\r| \x1b[Ka\x1b[Kb\x1b[Kc\x1b[K"},
		{"erasing the line", "a\x1b[2Kb\x1b[1Kc", "a\r| \x1b[Kb\r| \x1b[Kc"},
		{"going back", "ab\b\b\b\bc", "ab\b\bc"},
		{"going back over what is no ASCII", "é\b漢\bc", "é漢c"},

		{"clearing", "\x1b[2J\x1b[3J\x1b[H\x1b[1Ja\x1bc\x1b[!pb", "ab"},
		{"moving", "a\x1b[A\x1b[2B\x1b[3C\x1b[4D\x1b[E\x1b[F\x1b[5;5H\x1b[5d\x1b[5;5f\x1bD\x1bE\x1bM\x1b[2I\x1b[2Z\v\fb", "ab"},
		{"moving after going back", "10% done\r\x1b[2Bok\r\x1b[31m\x1b[Ad\r\x1b[A\rone", "10% done\r| \x1b[Kok\r| \x1b[31m\x1b[0m\x1b[K\x1b[31md\x1b[0m\r| \x1b[31m\x1b[0m\r| \x1b[31m\x1b[0m\x1b[K\x1b[31mone\x1b[0m"},
		{"moving and no text", "10%\r\x1b[2B", "10%\r| "},
		{"erasing before moving", "10%\r\x1b[K\x1b[2Bok", "10%\r| \x1b[Kok"},
		{"scrolling", "a\x1b[2;3r\x1b[S\x1b[T\x1b[L\x1b[M\x1b[@\x1b[P\x1b[X\x1b#8b", "ab"},
		{"saving", "a\x1b7\x1b8\x1b[s\x1b[ub\x1b80000", "ab0000"},
		{"modes", "\x1b[?25la\x1b[?1049h\x1b[?1000;1006h\x1b[4h\x1b[20h\x1b=\x1b>\x1b[?6h\x1b[2 q\x1b[>4;2m\x1b[>1ub", "ab"},
		{"questions", "a\x1b[6n\x1b[?6n\x1b[c\x1b[>c\x1bZ\x05\x1b[18t\x1b[?1$p\x1b]11;?\a\x1b]4;1;?\x1b\\\x1bP+q544e\x1b\\b", "ab"},
		{"titles and the clipboard", "a\x1b]0;t\a\x1b]2;t\x1b\\\x1b]52;c;aGk=\a\x1b]9;hi\a\x1b]777;notify;a;b\a\x1bkscreen\x1b\\b", "ab"},
		{"strings", "a\x1bPq#0;2\x1b\\\x1b_Ga=T;AAAA\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\b", "ab"},
		{"strings in strings", "a\x1bPtmux;\x1b\x1b]0;t\a\x1b\\b", "ab"},
		{"a string without end", "a\x1b]0;title", "a"},
		{"sequences without end", "a\x1b", "a"},
		{"and another", "a\x1b[31", "a"},
		{"broken off", "a\x1b[3\x1b[4\x18b\x1b[5\x1ac", "abc"},
		{"with a control character inside", "a\x1b[3\r1mb", "ab"},
		{"character sets", "a\x1b(0\x1b)0\x1b*0\x1b%G\x1bn\x1b~\x0eq\x0f\x1b(Bb", "aqb"},
		{"no characters", "a\x00\x01\x7f\x1eb", "ab"},
		{"C1", "a\u009b2J\u009d0;t\ab\u0085\u0084\u008dc\u009b31md", "abcd"},
		{"C1 of eight bits", "a\x9b2Jb\xe9\xff", "a\ufffd2Jb\xe9\xff"},
		{"C1 that comes together", "a\xc2\x00\x9b2Jb", "a\xc2\ufffd2Jb"},
		{"no colour of any kind", "a\x1b[?1mb\x1b[>1mc\x1b[" + strings.Repeat("1;", 100) + "md", "abcd"},
		{"a link to what is no address", "\x1b]8;;é\a\x1b]8;\ax\x1b]80;;y\a", "x"},
	} {
		for size := 1; size <= len(c.text); size++ {
			j, s := textJournal(TextOptions{Terminal: true}), onPty("web")
			j.writeInPieces(s, c.text, size)
			j.write(s, "\r\nnext\r\n")
			got, next, _ := strings.Cut(strings.ReplaceAll(string(j.out), "web    ", ""), "\n")
			if want := "| " + c.want; got != want || !strings.HasPrefix(next, "| ") || !strings.Contains(next, "next") {
				t.Fatalf("%s in pieces of %d\ngot  %q\nwant %q\nthen %q", c.about, size, got, want, next)
			}
		}
	}
}

// A line is not begun for what nobody can see.
func TestShownOnlyIfVisible(t *testing.T) {
	j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
	j.write(web, "\x1b[?25l\x1b[32m")
	j.wait(web)
	j.say("hello")
	j.write(web, "1%")
	j.wait(web)
	j.want(t, "system | hello\nweb    | \x1b[32m1%")
	j.write(web, "\r\n\x1b[m\x1b[?25h")
	j.close(web)
	j.want(t, "system | hello\nweb    | \x1b[32m1%\x1b[0m\n")
}

// A string that is too long to be waited for shows nothing of itself either, up to the end
// of its line.
func TestShownNothingOfALongString(t *testing.T) {
	for _, end := range []string{"\a", "\x1b\\", "\n"} {
		j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
		j.write(web, "a\x1b]52;c;")
		for range 10 {
			j.write(web, strings.Repeat("QUJD", 1000))
			j.wait(web)
			j.say("x")
		}
		j.write(web, end+"b\n")
		if got := strings.ReplaceAll(string(j.out), "system | x\n", ""); strings.Contains(got, "Q") || !strings.HasSuffix(got, "web    | b\n") {
			t.Errorf("ended by %q it shows %.100q", end, got)
		}
	}
}

// In a pipe or a file every byte stays.
func TestShownInAPipe(t *testing.T) {
	text := "\x1b[2J\x1b[H\x1b[?1049h\x1b[6n\x1b]0;t\a\x1bc\x00\x9b\b\v"
	j, web := textJournal(TextOptions{}), onPty("web")
	j.write(web, text+"\n")
	j.want(t, "web    | "+text+"\n")
}

// passing matches what may come to a terminal, besides text.
var passing = regexp.MustCompile(`\A([\t\n\r\x07\x08 -~]|\x1b\[[0-9:;]*m|\x1b\[[0-9]*G|\x1b\[K|\x1b\]8;[ -~]*(\x07|\x1b\\))*\z`)

// emulator is a terminal of a library, which notes what it is asked for.
type emulator struct {
	vt10x.Terminal
	answers bytes.Buffer
}

func newEmulator(columns, rows int) *emulator {
	e := &emulator{}
	e.Terminal = vt10x.New(vt10x.WithSize(columns, rows), vt10x.WithWriter(&e.answers))
	return e
}

// rows gives the rows down to the cursor's.
func (e *emulator) rows() (rows []string) {
	columns, _ := e.Size()
	for y := range e.Cursor().Y + 1 {
		var row []rune
		for x := range columns {
			row = append(row, e.Cell(x, y).Char)
		}
		rows = append(rows, strings.TrimRight(strings.ReplaceAll(string(row), "\x00", " "), " "))
	}
	return rows
}

// Whatever bytes a process writes, the terminal behind the log is afterwards as it was
// before, has been asked nothing, and the lines of the process's neighbour are untouched.
func FuzzShown(f *testing.F) {
	for seed := range uint64(30) {
		p := &play{rand.New(rand.NewPCG(seed, 3)), slices.Concat(words, keys, []string{
			"\x1b[2J", "\x1b[3J", "\x1b[H", "\x1b[?1049h", "\x1b[?1000h", "\x1b[6n", "\x1bc", "\x1b7", "\x1b8", "\x1b[2;5r", "\x1b[?6h", "\x1b(0",
			"\x1b)0", "\x0e", "\x1b[5A", "\x1b[9;1H", "\x1b[3T", "\x1b[L", "\u009b", "\x9b", "\x05", "\x1bP", "\x1b\\", "\b\b", "\x1b[1K", "\x1bM",
			"\x1b]8;;u\a", "\x1b]8;;\a", "\v", "\x1b[99G", "\x1b#8", "\n", "\n",
		})}
		f.Add([]byte(p.text(40)), uint8(p.UintN(256)))
	}
	f.Add([]byte("\x1b80000"), uint8(0))
	f.Fuzz(func(t *testing.T, text []byte, how uint8) {
		for _, columns := range []int{40, 400} {
			checkShown(t, text[:min(len(text), 300)], int(how), columns)
		}
	})
}

func checkShown(t *testing.T, text []byte, how, columns int) {
	t.Helper()
	j := textJournal(TextOptions{Terminal: true, Color: how&0x40 != 0, Palette: Basic})
	web, worker := onPty("web"), stream("worker")
	var neighbours []string
	for i, chunk := range slices.Collect(slices.Chunk(text, how%16+1)) {
		j.write(web, string(chunk))
		if how&0x80 != 0 {
			j.wait(web)
		}
		if i%4 == 3 {
			j.write(worker, fmt.Sprintf("line %d\n", i))
			neighbours = append(neighbours, fmt.Sprintf("worker | line %d", i))
		}
	}
	j.close(web)
	j.out = j.end(j.out)
	checkPassing(t, j.out)
	e := newEmulator(columns, bytes.Count(j.out, []byte{'\n'})+len(j.out)/columns+3)
	before := e.Cursor()
	_, _ = e.Write(bytes.ReplaceAll(j.out, []byte{'\n'}, []byte("\r\n"))) // as the terminal's driver does
	after := e.Cursor()
	if after.Attr != before.Attr || after.State != before.State || after.X != 0 || e.Mode() != vt10x.ModeWrap || e.Title() != "" || e.answers.Len() > 0 {
		t.Fatalf("%q\nleaves the terminal as %+v, %b, %q, and is answered %q", j.out, after, e.Mode(), e.Title(), e.answers.String())
	}
	var seen []string
	for y, row := range e.rows() {
		switch {
		case strings.HasPrefix(row, "worker | line "):
			seen = append(seen, row)
			if x := len("worker | "); e.Cell(x, y).FG != vt10x.DefaultFG || e.Cell(x, y).BG != vt10x.DefaultBG || e.Cell(x, y).Mode != 0 {
				t.Fatalf("row %d looks odd: %q", y, j.out)
			}
		case columns < 400 || bytes.ContainsAny(text, "G`"): // text may wrap
		case row == "", strings.HasPrefix(row+" ", "web    | "):
		default:
			t.Fatalf("row %d has no prefix: %q of\n%q", y, row, j.out)
		}
	}
	if !slices.Equal(seen, neighbours) {
		t.Fatalf("of the neighbour there is %q, not %q, in\n%q", seen, neighbours, j.out)
	}
}

// checkPassing wants nothing in out but text and what may pass.
func checkPassing(t *testing.T, out []byte) {
	t.Helper()
	var rest []byte
	for p := out; len(p) > 0; {
		r, size := utf8.DecodeRune(p)
		if r < utf8.RuneSelf || r < 0xa0 || r == utf8.RuneError && size == 1 && p[0] < 0xa0 {
			rest = append(rest, p[:size]...)
		}
		p = p[size:]
	}
	if !passing.Match(rest) {
		t.Fatalf("more than may has passed: %q", out)
	}
}
