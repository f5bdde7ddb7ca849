package output

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// wantScreen wants rows on a terminal that shows the journal, down to where the
// cursor is.
func (j *journal) wantScreen(t *testing.T, want ...string) {
	t.Helper()
	if got := display(j.out).text(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q\nfrom %q", got, want, j.out)
	}
}

func TestOpenLineIsCompletedInPlace(t *testing.T) {
	j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
	j.write(web, "ready\r\nname? ")
	j.wantScreen(t, "web    | ready", "")
	j.wait(web)
	j.wantScreen(t, "web    | ready", "web    | name? ")
	j.wait(web)
	j.write(web, "b")
	j.wait(web)
	j.wantScreen(t, "web    | ready", "web    | name? b")
	j.write(web, "ob\r\nhello\r\n")
	j.wantScreen(t, "web    | ready", "web    | name? bob", "web    | hello", "")
}

func TestOpenLineIsBrokenOff(t *testing.T) {
	j, web, worker := textJournal(TextOptions{Terminal: true}), onPty("web"), stream("worker")
	j.write(web, "one ")
	j.wait(web)
	j.write(worker, "two\n")
	j.wantScreen(t, "web    | one ", "worker | two", "")
	j.write(web, "three ")
	j.wait(web)
	j.write(worker, "four") // not shown yet: nothing is broken off
	j.write(web, "five\r\n")
	j.wantScreen(t, "web    | one ", "worker | two", "web    | three five", "")
	j.wait(worker)
	j.say("six")
	j.close(worker)
	j.wantScreen(t, "web    | one ", "worker | two", "web    | three five", "worker | four", "system | six", "")
}

// A line that is broken off where it happens to end needs no second row.
func TestOpenLineIsBrokenOffAtItsEnd(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
		j.write(web, "one")
		j.wait(web)
		j.say("two")
		j.write(web, end+"\r\nthree\r\n")
		j.wantScreen(t, "web    | one", "system | two", "web    | ", "web    | three", "")
	}
}

func TestOpenLineOfTwoStreams(t *testing.T) {
	j, web, worker := textJournal(TextOptions{Terminal: true}), onPty("web"), onPty("worker")
	j.write(web, "a")
	j.write(worker, "b")
	j.wait(web, worker)
	j.wantScreen(t, "web    | a", "worker | b")
	j.write(web, "c")
	j.write(worker, "d")
	j.wait(worker, web)
	j.wantScreen(t, "web    | a", "worker | bd", "web    | c")
	j.close(worker)
	j.close(web)
	j.out = j.end(j.out)
	j.wantScreen(t, "web    | a", "worker | bd", "web    | c", "")
}

func TestOpenLineAtTheLogsEnd(t *testing.T) {
	j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
	j.write(web, "\x1b[31mname? ")
	j.wait(web)
	j.out = j.end(j.out)
	j.wantScreen(t, "web    | name? ", "")
	if !display(j.out).plain() {
		t.Errorf("the terminal is left in the process's colour: %q", j.out)
	}
}

func TestProgressBarKeepsItsPrefix(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		j, web := textJournal(TextOptions{Terminal: true, Color: true, Palette: Basic}), onPty("web")
		for _, state := range []string{" 10%", " 20%", "100%"} {
			j.write(web, "\r"+state)
			j.wait(web)
			j.wantScreen(t, "web    | "+state)
		}
		j.write(web, end)
		j.wantScreen(t, "web    | 100%", "")
	}
}

// The carriage return comes last, and what it means is known only later.
func TestProgressBarThatReturnsAtOnce(t *testing.T) {
	j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
	for _, state := range []string{" 10%", " 20%", "100%"} {
		j.write(web, state+"\r")
		j.wait(web)
		j.wantScreen(t, "web    | "+state)
	}
	j.write(web, "\r\n")
	j.wantScreen(t, "web    | 100%", "")
}

func TestProgressBarIsBrokenOff(t *testing.T) {
	j, web := textJournal(TextOptions{Terminal: true}), stream("web")
	j.write(web, "10%\r")
	j.wait(web)
	j.say("hello")
	j.write(web, "20%\r30%")
	j.wait(web)
	j.write(web, "\r40%\ndone\n")
	j.wantScreen(t, "web    | 10%", "system | hello", "web    | 40%", "web    | done", "")
}

func TestSpinnerByteByByte(t *testing.T) {
	for _, waits := range []bool{true, false} {
		j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
		for _, b := range "\x1b[?25l-\r\x1b[32m\\\x1b[m\r|\r/\r-\x1b[K\r\\ ok" {
			j.write(web, string(b))
			if waits {
				j.wait(web)
			}
		}
		j.wait(web)
		j.wantScreen(t, "web    | \\ ok")
		j.write(web, "\r")
		j.wait(web)
		j.write(web, "\n")
		j.wantScreen(t, "web    | \\ ok", "")
	}
}

func TestOpenLineKeepsCharactersWhole(t *testing.T) {
	j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
	j.write(web, "caf\xc3")
	j.wait(web)
	j.wantScreen(t, "web    | caf")
	j.say("hello")
	j.write(web, "\xa9 \xf0\x9f\x99")
	j.wait(web)
	j.write(web, "\x82\r\n")
	j.wantScreen(t, "web    | caf", "system | hello", "web    | é 🙂", "")
}

func TestOpenLineKeepsSequencesWhole(t *testing.T) {
	for _, seq := range []string{"\x1b[31m", "\x1b[38;2;1;2;3m", "\x1b]0;a title\x07", "\x1b]8;;http://x\x1b\\", "\x1b(B"} {
		for n := 1; n < len(seq); n++ {
			j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
			j.write(web, "a"+seq[:n])
			j.wait(web)
			if last := seq[n-1:]; last != "\x1b\\" { // the end of a string may be cut
				j.say("hello")
				j.write(web, seq[n:]+"b\r\n")
				j.wantScreen(t, "web    | a", "system | hello", "web    | b", "")
			}
		}
	}
}

func TestOpenLineThatIsTooLong(t *testing.T) {
	j, web := textJournal(TextOptions{Terminal: true}), onPty("web")
	for range maxLine/1000 + 2 {
		j.write(web, strings.Repeat("x", 999)+"é")
		j.wait(web)
	}
	first, second, _ := strings.Cut(string(j.out), "\nweb    + x")
	if len(first) > maxLine+len("web    | ") || len(first) < maxLine || strings.ContainsAny(second, "\n+|") {
		t.Errorf("%d bytes, then %q", len(first), second)
	}
	if got := strings.Count(first+second, "é"); got != maxLine/1000+2 {
		t.Errorf("%d characters have come through", got)
	}
}

// play makes up what processes write to a terminal.
type play struct {
	*rand.Rand
	words []string
}

func (p *play) text(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(p.words[p.IntN(len(p.words))])
	}
	return b.String()
}

var words = []string{
	"a", "bc", " ", "é", "🙂", "def", "\x1b[31m", "\x1b[m", "\x1b[1;32m", "\x1b[0;44m", "\x1b[39;49m", "\x1b[22m",
	"\x1b[38;5;200m", "\x1b[48;2;1;2;3m", "\x1b[4:3m", "\x1b[24m", "\x1b]0;title\x07", "\x1b[7m", "\x1b[27m", "\x1b[;31m",
}

// What one process writes looks as it would without reeve, apart from the prefixes,
// whatever pieces it comes in and whenever it is shown.
func TestScreenIsTheProcesssOwn(t *testing.T) {
	for seed := range uint64(400) {
		p := &play{rand.New(rand.NewPCG(seed, 1)), append(words, "\r", "\n")}
		text, s := p.text(60), stream("web")
		if s.Terminal = seed%2 == 0; s.Terminal {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		j := textJournal(TextOptions{Terminal: true, Color: seed%3 == 0, Palette: Rich})
		for rest := text; rest != ""; {
			n := min(1+p.IntN(6), len(rest))
			j.write(s, rest[:n])
			rest = rest[n:]
			if p.IntN(2) == 0 {
				j.wait(s)
			}
		}
		j.write(s, "\n")
		got, want := display(j.out), display([]byte(text+"\n"))
		if len(got.rows) != len(want.rows) {
			t.Fatalf("seed %d: %q has %d rows, not %d: %q", seed, text, len(got.rows), len(want.rows), j.out)
		}
		for i, row := range want.rows[:len(want.rows)-1] {
			if got := got.rows[i]; !strings.HasPrefix(got.String(), "web    | ") || !slices.Equal(got[len("web    | "):], row) {
				t.Errorf("seed %d: row %d of %q is %q, not %q, or looks different: %q", seed, i, text, got, row, j.out)
			}
		}
		if !got.plain() {
			t.Errorf("seed %d: %q leaves a colour behind: %q", seed, text, j.out)
		}
	}
}

// Processes that break one another's lines off: nothing is lost, and everything looks
// as it should and stands behind the right name.
func TestScreenIsShared(t *testing.T) {
	for seed := range uint64(200) {
		p := &play{rand.New(rand.NewPCG(seed, 2)), append(words, "\n")}
		j := textJournal(TextOptions{Terminal: true, Color: true, Palette: Rich})
		streams := []*Stream{onPty("a"), stream("b"), onPty("c")}
		wrote, rest := make([]string, len(streams)), make([]string, len(streams))
		for i := range streams {
			streams[i].Place = i
			wrote[i] = p.text(40)
			rest[i] = wrote[i]
		}
		for range 300 {
			i := p.IntN(len(streams))
			n := min(p.IntN(5), len(rest[i]))
			j.write(streams[i], rest[i][:n])
			rest[i] = rest[i][n:]
			j.wait(streams[p.IntN(len(streams))])
		}
		for i, s := range streams {
			j.write(s, rest[i])
			j.close(s)
		}
		for i, s := range streams {
			checkCells(t, j, s.Name, display([]byte(wrote[i])))
		}
	}
}

// checkCells wants the rows of one name to have all the characters of want, in order.
func checkCells(t *testing.T, j *journal, name string, want *vt) {
	t.Helper()
	prefix := name + strings.Repeat(" ", len(System)-len(name)) + " | "
	var got []cell
	for _, row := range display(j.out).rows {
		if strings.HasPrefix(row.String(), prefix) {
			got = append(got, row[len(prefix):]...)
		}
	}
	if !slices.Equal(got, slices.Concat(want.rows...)) {
		t.Errorf("%s has %q, not %q, or it looks different: %q", name, row(got), row(slices.Concat(want.rows...)), j.out)
	}
}
