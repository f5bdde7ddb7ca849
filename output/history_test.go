package output

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// recorded is a history and the live log of the same: what the mux does, without pipes.
type recorded struct {
	*History
	live    *journal
	now     time.Time
	streams []*Stream
}

func startRecord(limit int, f Format) *recorded {
	return &recorded{History: NewHistory(limit), live: newJournal(f), now: noon}
}

// begin begins a run of an instance.
func (r *recorded) begin(name string, pid int) *Stream {
	s := stream(name)
	s.Pid = pid
	s.tape = r.tapeOf(s)
	r.streams = append(r.streams, s)
	return s
}

func (r *recorded) tick() {
	r.now = r.now.Add(700 * time.Millisecond)
	r.live.tick(r.now)
}

// brings lets a stream bring some text, in one read.
func (r *recorded) brings(s *Stream, text string) {
	r.tick()
	if s.tape != nil {
		r.History.write(s, r.now, []byte(text))
	}
	r.live.write(s, text)
}

// ends ends a run.
func (r *recorded) ends(s *Stream) {
	r.tick()
	r.History.finish(s, r.now)
	r.live.close(s)
}

func (r *recorded) says(n Notice) {
	r.tick()
	r.History.notice(n, r.now)
	r.live.out = r.live.notice(r.live.out, n)
}

// shows gives what a query brings.
func (r *recorded) shows(t *testing.T, q Query, f Format) string {
	t.Helper()
	var out bytes.Buffer
	check(t, r.Write(t.Context(), q, f, func(p []byte) error { _, err := out.Write(p); return err }))
	return out.String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// everything is the query that matches all.
var everything = Query{Lines: -1}

// historyFormats are the forms in which a history is asked for.
var historyFormats = map[string]func() Format{
	"text":  func() Format { return NewText(TextOptions{Timestamps: NewClock("15:04:05.000", noon)}) },
	"color": func() Format { return NewText(TextOptions{Color: true, Palette: Rich}) },
	"json":  NewJSON,
}

// happen lets something happen that a log is made of.
func (r *recorded) happen(p *play) {
	switch s := r.streams[p.IntN(len(r.streams))]; p.IntN(20) {
	case 0:
		r.says(Notice{Label: s.Label, Event: "ready", Text: s.Name + " is ready"})
	case 1:
		r.says(Notice{Event: "hint", Text: "a hint"})
	case 2:
		r.ends(s)
		r.streams = slices.DeleteFunc(r.streams, func(other *Stream) bool { return other == s })
		r.begin(s.Name, s.Pid+1)
	default:
		r.brings(s, p.text(1+p.IntN(p.IntN(40)+1)))
	}
}

func newRecorded(limit int, f Format) *recorded {
	r := startRecord(limit, f)
	for i := range 5 {
		r.begin(fmt.Sprint("web.", i), 100*(i+1))
	}
	return r
}

func TestHistoryIsTheLiveLog(t *testing.T) {
	for name, format := range historyFormats {
		for seed := range uint64(30) {
			p, r := &play{rand.New(rand.NewPCG(seed, 3)), append(words, "\n", "\n", "\r")}, newRecorded(1<<20, format())
			for range 300 {
				r.happen(p)
			}
			slices.SortFunc(r.streams, func(a, b *Stream) int { return int(a.tape.end.seq) - int(b.tape.end.seq) })
			for _, s := range r.streams { // as a history shows what has no end yet
				r.live.tick(time.Unix(0, s.tape.end.time).UTC())
				r.live.close(s)
			}
			if got := r.shows(t, everything, utc{format()}); got != string(r.live.out) {
				t.Fatalf("%s, seed %d: it has\n%.5000q\nand not\n%.5000q", name, seed, got, r.live.out)
			}
		}
	}
}

// utc is a format that is told the time in UTC.
type utc struct{ Format }

func (u utc) tick(now time.Time) { u.Format.tick(now.UTC()) }

// What is left of an overwritten history is whole lines, the last of each instance, in
// the order of the live log.
func TestHistoryThatIsOverwritten(t *testing.T) {
	for seed := range uint64(12) {
		p, r := &play{rand.New(rand.NewPCG(seed, 4)), append(words, "\n", strings.Repeat("x", 500))}, newRecorded(leastTape, NewText(TextOptions{}))
		for range 3000 {
			r.happen(p)
		}
		for _, s := range r.streams {
			r.ends(s)
		}
		wantLast(t, r.shows(t, everything, NewText(TextOptions{})), string(r.live.out))
	}
}

// wantLast wants the lines of each name to be the last that it has in the log.
func wantLast(t *testing.T, got, log string) {
	t.Helper()
	left := map[string]int{}
	for line := range strings.Lines(got) {
		left[line[:6]]++
	}
	var want []string
	for _, line := range slices.Backward(slices.Collect(strings.Lines(log))) {
		if left[line[:6]] > 0 {
			left[line[:6]]--
			want = append(want, line)
		}
	}
	slices.Reverse(want)
	if got != strings.Join(want, "") || len(want) < 20 {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestQuery(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	web, worker := r.begin("web", 1), r.begin("worker", 2)
	r.says(Notice{Event: "hint", Text: "a hint"})
	r.says(Notice{Label: web.Label, Event: "started", Text: "web started"})
	r.brings(web, "one\ntwo\nth")
	r.brings(worker, "four\n")
	r.brings(web, "ree\nfive")
	half := r.now
	r.brings(worker, "six\nseven\neig")
	r.brings(web, " and more")
	isWeb := func(l Label) bool { return l.Type == "web" }
	for _, c := range []struct {
		about string
		q     Query
		want  string
	}{
		{"all", everything, "a hint|web started|one|two|four|three|six|seven|eig|five and more|"},
		{"the last lines", Query{Lines: 4}, "six|seven|eig|five and more|"},
		{"the last lines, from within a read", Query{Lines: 3}, "seven|eig|five and more|"},
		{"the last line", Query{Lines: 1}, "five and more|"},
		{"more than there are", Query{Lines: 100}, "a hint|web started|one|two|four|three|six|seven|eig|five and more|"},
		{"no lines", Query{Lines: 0}, ""},
		{"one instance", Query{Lines: -1, Match: isWeb}, "web started|one|two|three|five and more|"},
		{"the last lines of one instance", Query{Lines: 3, Match: isWeb}, "two|three|five and more|"},
		{"since a time", Query{Lines: -1, Since: half}, "three|six|seven|eig|five and more|"},
		{"since later", Query{Lines: -1, Since: half.Add(1)}, "six|seven|eig|five and more|"},
		{"the last lines since a time", Query{Lines: 3, Since: half.Add(1)}, "seven|eig|five and more|"},
		{"nothing since", Query{Lines: 3, Since: r.now.Add(1)}, ""},
	} {
		got := r.shows(t, c.q, NewText(TextOptions{NoPrefix: true}))
		if got = strings.ReplaceAll(got, "\n", "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.about, got, c.want)
		}
	}
}

func TestHistorySurvivesRuns(t *testing.T) {
	r := startRecord(1<<20, NewJSON())
	first := r.begin("web", 1)
	r.brings(first, "one\ntwo")
	r.ends(first)
	second := r.begin("web", 2)
	r.brings(second, "three\n")
	got := r.shows(t, everything, utc{NewJSON()})
	if got != string(r.live.out) || strings.Count(got, `"pid":1`) != 2 || strings.Count(got, `"pid":2`) != 1 {
		t.Errorf("got\n%s\nwant\n%s", got, r.live.out)
	}
}

// A process that has outlived its run may write beside the next one.
func TestHistoryOfOverlappingRuns(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	first, second := r.begin("web", 1), r.begin("web", 2)
	r.brings(first, "one ")
	r.brings(second, "two\nthree")
	r.brings(first, "four\n")
	r.ends(second)
	r.ends(first)
	if got := r.shows(t, everything, NewText(TextOptions{NoPrefix: true})); got != "one \ntwo\nthree\nfour\n" {
		t.Errorf("got %q", got)
	}
}

func TestHistoryKeepsTheLastNotices(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	for i := range 2*maxNotices + 7 {
		r.says(Notice{Event: "hint", Text: fmt.Sprint("hint ", i)})
	}
	got := strings.Split(r.shows(t, everything, NewText(TextOptions{NoPrefix: true})), "\n")
	if len(got) != maxNotices+1 || got[0] != fmt.Sprint("hint ", maxNotices+7) || got[maxNotices-1] != fmt.Sprint("hint ", 2*maxNotices+6) {
		t.Errorf("%d notices, from %q to %q", len(got), got[0], got[len(got)-2])
	}
}

func TestHistoryOfNothing(t *testing.T) {
	r := startRecord(0, NewText(TextOptions{}))
	web := r.begin("web", 1)
	r.brings(web, "one\n")
	r.says(Notice{Text: "a hint"})
	if got := r.shows(t, everything, NewText(TextOptions{})); got != "" || web.tape != nil {
		t.Errorf("it kept %q", got)
	}
}

// Memory is bounded, by the bytes that are kept and not by the reads they came in.
func TestTapeIsBounded(t *testing.T) {
	for _, size := range []int{1, 8, 1000, 10000} {
		r := startRecord(1<<16, NewText(TextOptions{}))
		web := r.begin("web", 1)
		text := []byte(strings.Repeat("x", size-1) + "\n")
		for range 1<<18/size + 10 {
			r.History.write(web, r.now, text)
		}
		if kept := len(r.shows(t, everything, NewText(TextOptions{NoPrefix: true}))); len(web.tape.ring) != 1<<16 || kept < 1<<16/12 {
			t.Errorf("reads of %d bytes: a ring of %d, with %d in it", size, len(web.tape.ring), kept)
		}
	}
	small := startRecord(1<<20, NewText(TextOptions{}))
	web := small.begin("web", 1)
	small.brings(web, "one line\n")
	if n := len(web.tape.ring); n > 256 {
		t.Errorf("one line takes %d bytes", n)
	}
}

// Standard output and standard error share what an instance may keep.
func TestHistoryOfTwoStreams(t *testing.T) {
	r := startRecord(1<<20, NewJSON())
	for _, source := range []string{"stdout", "stderr"} {
		s := stream("web")
		s.Source = source
		if s.tape = r.tapeOf(s); s.tape.limit != 1<<19 {
			t.Errorf("%s may keep %d bytes", source, s.tape.limit)
		}
		r.brings(s, "hello\n")
	}
	if got := r.shows(t, everything, utc{NewJSON()}); got != string(r.live.out) {
		t.Errorf("got\n%s\nwant\n%s", got, r.live.out)
	}
}

// numbered is a process's output: numbered lines of odd lengths.
func numbered(name string, lines int) []byte {
	var b bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&b, "%s %d %s\n", name, i, strings.Repeat("-", i*i%97))
	}
	return b.Bytes()
}

// The last lines are the same whether they are few enough to be held or not.
func TestLastLinesOfManyAndFew(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{NoPrefix: true}))
	text := string(numbered("line", 15_000))
	web := r.begin("web", 1)
	for p := range slices.Chunk([]byte(text), 10_000) {
		r.brings(web, string(p))
	}
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	for _, n := range []int{0, 1, 2, 999, 10_000, 15_000} {
		var got strings.Builder
		check(t, r.Write(t.Context(), Query{Lines: n}, NewText(TextOptions{NoPrefix: true}), func(p []byte) error {
			got.Write(p)
			return nil
		}))
		want := strings.Join(lines[len(lines)-n:], "")
		if strings.TrimSuffix(got.String(), "\n") != want {
			t.Errorf("the last %d lines are %d", n, strings.Count(got.String(), "\n"))
		}
	}
}

// Who has no time to read everything gets whole lines, and is told how many are missing.
func TestLogsThatAreCutShort(t *testing.T) {
	for _, follow := range []bool{false, true} {
		r := startRecord(1<<20, NewText(TextOptions{}))
		for i := range 4 {
			r.brings(r.begin(fmt.Sprint("p", i), i+1), string(numbered("line", 5000)))
		}
		r.says(Notice{Text: "the end"})
		r.close()
		got, calls := "", 0
		err := r.Write(t.Context(), Query{Lines: -1, Follow: follow}, NewText(TextOptions{}), func(p []byte) error {
			if calls++; calls == 3 {
				return ErrEnough
			}
			got += string(p)
			return nil
		})
		check(t, err)
		lost := 0
		i := strings.Index(got, "system | lost")
		if _, err := fmt.Sscanf(got[max(i, 0):], "system | lost %d lines: the formation has ended", &lost); err != nil || calls != 4 {
			t.Fatalf("nothing is said to be lost, after %d calls", calls)
		}
		if n := strings.Count(got[:i], "\n"); got[i-1] != '\n' || n+lost != 20_001 {
			t.Errorf("%d lines have come and %d are said to be lost", n, lost)
		}
	}
}
