package output

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"reeve/output/screen"
)

// journal is a format and what it has written. Formats are pure, so these tests need
// neither pipes nor time.
type journal struct {
	Format
	out []byte
}

// noon is when everything in these tests happens.
var noon = time.Date(2024, 5, 17, 12, 0, 0, 123456789, time.UTC)

func newJournal(f Format) *journal {
	j := &journal{Format: f}
	j.tick(noon)
	return j
}

func textJournal(o TextOptions) *journal { return newJournal(NewText(o)) }

// write hands over what a stream has written, as large a piece at once as the mux
// would.
func (j *journal) write(s *Stream, text string) { j.writeInPieces(s, text, readSize) }

func (j *journal) writeInPieces(s *Stream, text string, size int) {
	for chunk := range slices.Chunk([]byte(text), size) {
		j.out = j.lines(j.out, s, chunk)
	}
}

// wait lets so much time pass that unfinished lines are shown.
func (j *journal) wait(streams ...*Stream) {
	for _, s := range streams {
		if !s.due().IsZero() {
			j.out = j.open(j.out, s)
			s.since = time.Time{}
		}
	}
}

func (j *journal) close(s *Stream) { j.out = j.finish(j.out, s) }

func (j *journal) say(text string) { j.out = j.notice(j.out, Notice{Text: text}) }

func (j *journal) want(t *testing.T, want string) {
	t.Helper()
	if string(j.out) != want {
		t.Errorf("got  %.2000q\nwant %.2000q", j.out, want)
	}
}

func stream(name string) *Stream { return NewStream(-1, Label{Name: name, Type: name}) }

// onPty makes a stream of a process that has a terminal.
func onPty(name string) *Stream {
	s := stream(name)
	s.Terminal = true
	return s
}

func TestTextLines(t *testing.T) {
	for _, c := range []struct{ about, text, want string }{
		{"nothing", "", ""},
		{"a line", "a\n", "web    | a\n"},
		{"lines", "a\nb\n", "web    | a\nweb    | b\n"},
		{"empty lines", "\n\na\n\n", "web    | \nweb    | \nweb    | a\nweb    | \n"},
		{"last words", "a\nb", "web    | a\nweb    | b\n"},
		{"carriage returns", "a\r\nb\rc\n\r\n", "web    | a\r\nweb    | b\rc\nweb    | \r\n"},
		{"NUL and other control characters", "\x00a\x00\n\x07\x08\x7f\x0e\n", "web    | \x00a\x00\nweb    | \x07\x08\x7f\x0e\n"},
		{"what is not UTF-8", "\xff\xfe\n\xc3\n\xa9\xe2\x82\n", "web    | \xff\xfe\nweb    | \xc3\nweb    | \xa9\xe2\x82\n"},
		{"escape sequences", "\x1b[31mred\n\x1b]0;title\nend\x1b", "web    | \x1b[31mred\nweb    | \x1b]0;title\nweb    | end\x1b\n"},
		{"what looks like a prefix", "web    | a\n", "web    | web    | a\n"},
	} {
		for _, size := range []int{1, 2, 3, 1000} {
			j, s := textJournal(TextOptions{}), stream("web")
			j.writeInPieces(s, c.text, size)
			j.close(s)
			if string(j.out) != c.want {
				t.Errorf("%s in pieces of %d\ngot  %q\nwant %q", c.about, size, j.out, c.want)
			}
		}
	}
}

func TestTextTerminalLineEnds(t *testing.T) {
	for text, want := range map[string]string{
		"a\r\nb\r\n":   "web    | a\nweb    | b\n",
		"\r\n":         "web    | \n",
		"a\r\r\n":      "web    | a\r\n", // the process wrote "\r\n" itself
		"a\rb\r\n":     "web    | a\rb\n",
		"last words":   "web    | last words\n",
		"last words\r": "web    | last words\n",
	} {
		for _, size := range []int{1, 2, 1000} {
			j, s := textJournal(TextOptions{}), onPty("web")
			j.writeInPieces(s, text, size)
			j.close(s)
			if string(j.out) != want {
				t.Errorf("%q in pieces of %d\ngot  %q\nwant %q", text, size, j.out, want)
			}
		}
	}
}

// An instance may come later and have a longer name.
func TestTextColumnWidens(t *testing.T) {
	j, web, worker := textJournal(TextOptions{Width: 6}), stream("web.1"), stream("worker.10")
	j.write(web, "one\n")
	j.write(worker, "two\n")
	j.write(web, "three\n")
	j.say("four")
	j.want(t, "web.1  | one\nworker.10 | two\nweb.1     | three\nsystem    | four\n")
}

func TestTextPrefix(t *testing.T) {
	colors := Palette{"\x1b[36m", "\x1b[33m"}
	second := Label{Name: "worker.1", Type: "worker", Place: 3}
	for _, c := range []struct {
		about string
		o     TextOptions
		want  string
	}{
		{"zero value", TextOptions{}, "worker.1 | a\n"},
		{"width", TextOptions{Width: 10}, "worker.1   | a\n"},
		{"time", TextOptions{Timestamps: NewClock("15:04:05", noon)}, "12:00:00 worker.1 | a\n"},
		{"no prefix", TextOptions{NoPrefix: true, Width: 10, Timestamps: NewClock("15:04:05", noon)}, "a\n"},
		{"colour", TextOptions{Color: true, Palette: colors}, "\x1b[33mworker.1 | \x1b[0ma\n"},
		{"colour and time", TextOptions{Color: true, Palette: colors, Timestamps: NewClock("05", noon)}, "\x1b[33m00 worker.1 | \x1b[0ma\n"},
		{"terminal without colour", TextOptions{Terminal: true, Palette: colors}, "worker.1 | a\n"},
	} {
		j, s := textJournal(c.o), NewStream(-1, second)
		j.write(s, "a\n")
		if string(j.out) != c.want {
			t.Errorf("%s\ngot  %q\nwant %q", c.about, j.out, c.want)
		}
	}
}

func TestTextTimestampsFollowTheClock(t *testing.T) {
	j := textJournal(TextOptions{Timestamps: NewClock("15:04:05", noon)})
	web, worker := stream("web"), stream("worker")
	j.write(web, "a\n")
	j.tick(noon.Add(100 * time.Millisecond))
	j.write(web, "b\nc")
	j.tick(noon.Add(time.Second))
	j.write(worker, "d\n")
	j.write(web, "\n")
	j.say("e")
	j.want(t, "12:00:00 web    | a\n12:00:00 web    | b\n12:00:01 worker | d\n12:00:01 web    | c\n12:00:01 system | e\n")
}

func TestTextNotices(t *testing.T) {
	j, web := textJournal(TextOptions{Color: true, Palette: Basic}), stream("web")
	j.write(web, "a\nunfinished")
	j.say("web exited")
	j.say("two\nlines") // say, a process name that somebody chose with care
	j.say("\x1b[31mred")
	j.close(web)
	j.want(t, "\x1b[36mweb    | \x1b[0ma\nsystem | web exited\nsystem | two\nsystem | lines\nsystem | \x1b[31mred\x1b[0m\n"+
		"\x1b[36mweb    | \x1b[0munfinished\n")
}

// Streams that take turns in the middle of their lines.
func TestTextStreamsKeepTheirLines(t *testing.T) {
	j := textJournal(TextOptions{})
	var streams []*Stream
	for i := range 3 {
		streams = append(streams, stream(fmt.Sprint("s", i)))
	}
	var want []string
	for line := range 50 {
		for _, part := range []string{"line ", "", fmt.Sprint(line), "\n"} {
			for _, s := range streams {
				j.write(s, part)
			}
		}
		for _, s := range streams {
			want = append(want, fmt.Sprintf("%-6s | line %d\n", s.Name, line))
		}
	}
	j.want(t, strings.Join(want, ""))
}

func TestTextCutsLongLines(t *testing.T) {
	text := longText(10 << 20)
	for _, o := range []TextOptions{{}, {Color: true, Palette: Basic}, {Terminal: true}} {
		j, s := textJournal(o), stream("web")
		for chunk := range slices.Chunk(text, 60001) {
			j.write(s, string(chunk))
			if len(s.partial) > maxLine || cap(s.partial) > 2*maxLine {
				t.Fatalf("%d bytes are held, in %d", len(s.partial), cap(s.partial))
			}
		}
		j.write(s, "\nnext\n")
		pieces := strings.Split(strings.TrimSuffix(stripColor(j.out), "\n"), "\n")
		if last := pieces[len(pieces)-1]; last != "web    | next" {
			t.Errorf("the next line is %.100q", last)
		}
		checkPieces(t, pieces[:len(pieces)-1], string(text))
	}
}

// checkPieces wants pieces of a line to be marked, and to be all of it.
func checkPieces(t *testing.T, pieces []string, whole string) {
	t.Helper()
	var joined strings.Builder
	for i, p := range pieces {
		prefix := "web    + "
		if i == 0 {
			prefix = "web    | "
		}
		p, ok := strings.CutPrefix(p, prefix)
		if !ok || len(p) > maxLine || !utf8.ValidString(p) {
			t.Errorf("piece %d has %d bytes, UTF-8: %v, begins with %.20q", i, len(p), utf8.ValidString(p), pieces[i])
		}
		joined.WriteString(p)
	}
	if joined.String() != whole {
		t.Errorf("%d pieces have %d bytes and not the line's %d, or others", len(pieces), joined.Len(), len(whole))
	}
}

// longText is text without a newline, with characters of all lengths.
func longText(size int) []byte {
	text := bytes.Repeat([]byte("aé€🙂xyz"), size/13+1)[:size]
	return text[:screen.CompleteRunes(text)]
}

func stripColor(p []byte) string {
	return strings.NewReplacer("\x1b[36m", "", screen.Reset, "").Replace(string(p))
}

func TestTextLineOfTheGreatestLength(t *testing.T) {
	for length, want := range map[int]int{maxLine - 1: 1, maxLine: 1, maxLine + 1: 2, 2 * maxLine: 2, 2*maxLine + 1: 3} {
		for _, end := range []string{"\n", ""} {
			j, s := textJournal(TextOptions{}), stream("web")
			j.write(s, strings.Repeat("x", length)+end)
			j.close(s)
			if got := bytes.Count(j.out, []byte("\n")); got != want {
				t.Errorf("%d bytes and %q become %d lines, not %d", length, end, got, want)
			}
		}
	}
}

// A piece that ended within a colour's sequence would show the rest of it.
func TestTextCutsNoEscapeSequence(t *testing.T) {
	j, s := textJournal(TextOptions{Terminal: true}), stream("web")
	j.write(s, strings.Repeat("x", maxLine-2)+"\x1b[3")
	j.write(s, "1mred\n")
	if want := "xx\nweb    + \x1b[31mred\x1b[0m\n"; !strings.HasSuffix(string(j.out), want) {
		t.Errorf("got %q, want %q", j.out[maxLine:], want)
	}
}

func TestTextCutsWithoutPrefix(t *testing.T) {
	j, s := textJournal(TextOptions{NoPrefix: true}), stream("web")
	j.write(s, strings.Repeat("x", maxLine+1)+"\ny\n")
	j.want(t, strings.Repeat("x", maxLine)+"\n+ x\ny\n")
}

// What is neither coloured nor shown on a terminal gets no byte but the prefixes.
func TestTextAddsNothingWithoutColor(t *testing.T) {
	text := "\x1b[31mred\n\x1b]8;;http://x\x1b\\link\n\x1b(0qqq\r\x1b\n"
	j, s := textJournal(TextOptions{NoPrefix: true}), stream("web")
	j.write(s, text)
	j.want(t, text)
}

func TestTextEndsAndResumesLooks(t *testing.T) {
	for _, c := range []struct{ about, text, want string }{
		{"a colour", "\x1b[31mred\nstill\x1b[39m\nplain\n",
			"| \x1b[31mred\x1b[0m\n| \x1b[31mstill\x1b[39m\n| plain\n"},
		{"reset", "\x1b[1;31mred\n\x1b[m\nplain\n", "| \x1b[1;31mred\x1b[0m\n| \x1b[1;31m\x1b[m\n| plain\n"},
		{"bold colour", "\x1b[0;1;32mgreen\n\x1b[22mthin\n", "| \x1b[0;1;32mgreen\x1b[0m\n| \x1b[1;32m\x1b[22mthin\x1b[0m\n"},
		{"256 colours", "\x1b[38;5;208;48;5;17mx\ny\n", "| \x1b[38;5;208;48;5;17mx\x1b[0m\n| \x1b[38;5;208;48;5;17my\x1b[0m\n"},
		{"all colours", "\x1b[38:2::1:2:3mx\ny\n", "| \x1b[38:2::1:2:3mx\x1b[0m\n| \x1b[38:2::1:2:3my\x1b[0m\n"},
		{"a character set", "\x1b(0qqq\nabc\n", "| \x1b(0qqq\x0f\x1b(B\x1b)B\x1b[0m\n| abc\n"},
		{"an unfinished colour", "a\x1b[3\nb\n", "| a\x1b[3\x1b\\\x0f\x1b(B\x1b)B\x1b[0m\n| b\n"},
		{"an unfinished title", "a\x1b]0;t\nb\n", "| a\x1b]0;t\x1b\\\x0f\x1b(B\x1b)B\x1b[0m\n| b\n"},
		{"a lone escape", "a\x1b\nb\n", "| a\x1b\x1b\\\x0f\x1b(B\x1b)B\x1b[0m\n| b\n"},
		{"a title", "\x1b]0;t\x07a\nb\n", "| \x1b]0;t\x07a\n| b\n"},
		{"a link", "\x1b]8;;u\x1b\\a\x1b]8;;\x1b\\\nb\n", "| \x1b]8;;u\x1b\\a\x1b]8;;\x1b\\\n| b\n"},
		{"a link over two lines", "\x1b]8;id=1;u\aa\nb\x1b]8;;\a\nc\n",
			"| \x1b]8;id=1;u\aa\x1b]8;;\x1b\\\x1b[0m\n| \x1b]8;id=1;u\x1b\\b\x1b]8;;\a\n| c\n"},
		{"shift out", "a\x0e\nb\n", "| a\x0e\x0f\x1b(B\x1b)B\x1b[0m\n| b\n"},
		{"another set to shift to", "\x1b)0a\nb\n", "| \x1b)0a\x0f\x1b(B\x1b)B\x1b[0m\n| b\n"},
		{"a locking shift", "\x1bna\nb\n", "| \x1bna\x0f\x1b(B\x1b)B\x1b[0m\n| b\n"},
		{"a region", "\x1b[3;5ra\nb\n", "| \x1b[3;5ra\x1b7\x1b[?6l\x1b[r\x1b8\x1b[0m\n| b\n"},
		{"a font", "\x1b[11ma\nb\n", "| \x1b[11ma\x1b[10m\x1b[0m\n| \x1b[11mb\x1b[10m\x1b[0m\n"},
		{"cursor keys", "\x1b[?25la\x1b[K\nb\n", "| \x1b[?25la\x1b[K\n| b\n"},
	} {
		for size := 1; size <= len(c.text); size++ {
			j, s := textJournal(TextOptions{Color: true, Palette: Palette{""}}), stream("web")
			j.writeInPieces(s, c.text, size)
			if got := strings.ReplaceAll(string(j.out), "web    ", ""); got != c.want {
				t.Errorf("%s in pieces of %d\ngot  %q\nwant %q", c.about, size, got, c.want)
			}
		}
	}
}

// One process's colours are nothing to another's.
func TestTextLooksBelongToTheirStream(t *testing.T) {
	j, web, worker := textJournal(TextOptions{Terminal: true}), stream("web"), stream("worker")
	j.write(web, "\x1b[31mred\n")
	j.write(worker, "plain\n")
	j.say("plain")
	j.write(web, "red\n")
	rows := display(j.out).rows
	for i, want := range []string{"31", "", "", "31"} {
		if got := rows[i][len("system | ")].look.ink[0]; got != want {
			t.Errorf("row %d has the colour %q, not %q", i, got, want)
		}
		if got := rows[i][0].look; got != (look{}) {
			t.Errorf("row %d's prefix is %v", i, got)
		}
	}
}
