package ui

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"reeve/supervisor/control"
)

// status is the last row of the screen.
func status(m *Model) string {
	text, _ := m.statusText()
	return text
}

// What keys ask of the formation, and what is said of it.
func TestSteering(t *testing.T) {
	f := formation("web.1 running", "web.2 running", "db.1 stopped held")
	f.Types = append(f.Types, control.Type{Name: "worker"}, control.Type{Name: "release"})
	for _, test := range []struct {
		about  string
		keys   string
		want   []Effect
		status string
	}{
		{"restart", "jr", []Effect{Ask{ID: 1, What: "restart", Names: []string{"web.1"}}}, "restarting web.1…"},
		{"stop", "jjs", []Effect{Ask{ID: 1, What: "stop", Names: []string{"web.2"}}}, "stopping web.2…"},
		{"start", "jjjS", []Effect{Ask{ID: 1, What: "restart", Names: []string{"db.1"}}}, "starting db.1…"},
		{"start what runs", "jS", nil, "✗ web.1 runs: r restarts it"},
		{"start all that is stopped", "S", []Effect{Ask{ID: 1, What: "restart", Names: []string{"db.1"}}}, "starting db.1…"},
		{"one more", "j+", []Effect{Ask{ID: 1, What: "scale", Scale: map[string]int{"web": 3}}}, "scaling web to 3…"},
		{"one less", "j-", []Effect{Ask{ID: 1, What: "scale", Scale: map[string]int{"web": 1}}}, "scaling web to 1…"},
		{"one of a type that has none", "jjjj+", []Effect{Ask{ID: 1, What: "scale", Scale: map[string]int{"worker": 1}}}, "scaling worker to 1…"},
		{"start a type that has none", "jjjjS", []Effect{Ask{ID: 1, What: "scale", Scale: map[string]int{"worker": 1}}}, "scaling worker to 1…"},
		{"less than none", "jjjj-", nil, "✗ worker has no instances"},
		{"restart nothing", "jjjjr", nil, "✗ worker has no instances: + starts one"},
		{"no further down", "jjjjjjjjr", nil, "✗ worker has no instances: + starts one"},
		{"scale all", "+", nil, "✗ choose a process to scale: j k"},
		{"restart all", "r", nil, "restart all 3 instances? y n"},
		{"restart all, really", "ry", []Effect{Ask{ID: 1, What: "restart", Names: []string{"web.1", "web.2", "db.1"}}}, "restarting 3 instances…"},
		{"stop all, or not", "sn", nil, "nothing was done"},
		{"quit", "Q", nil, "stop the formation and everything in it? y n"},
		{"quit, really", "Qy", []Effect{Ask{ID: 1, What: "quit"}}, "stopping the formation…"},
		{"quit, or not", "Qq", nil, "nothing was done"},
		{"attach", "j\r", []Effect{Attach{"web.1"}}, ""},
		{"attach to all", "\r", nil, "✗ choose a process to attach to: j k"},
		{"attach to what is stopped", "jjj\r", nil, "✗ db.1 does not run: S starts it"},
		{"leave", "q", []Effect{Leave{}}, ""},
		{"leave with Ctrl-C", "\x03", []Effect{Leave{}}, ""},
		{"to the shell", "\x1a", []Effect{Suspend{}}, ""},
		{"the mouse", "m", []Effect{SetMouse{true}}, "the mouse chooses and scrolls here; m gives it back to the terminal"},
		{"the mouse, and back", "mm", []Effect{SetMouse{false}}, "the mouse is the terminal's: it selects as usual"},
		{"search for nothing", "n", nil, "✗ search for something first: /"},
		{"a key that means nothing", "x", nil, ""},
	} {
		t.Run(test.about, func(t *testing.T) {
			m := modelOf(80, 24, Changed{f})
			var d decoder
			var effects []Effect
			for _, k := range d.take([]byte(test.keys)) {
				effects = m.Update(k)
			}
			if !reflect.DeepEqual(effects, test.want) {
				t.Errorf("it wants %+v", effects)
			}
			if got := status(m); test.status != "" && got != test.status {
				t.Errorf("it says %q", got)
			}
		})
	}
}

// What is said of requests, and of the formation.
func TestNews(t *testing.T) {
	asked := func(events ...Event) []Event { return append([]Event{Key("j"), Key("r")}, events...) }
	for _, test := range []struct {
		about  string
		events []Event
		status string
	}{
		{"an answer", asked(Answered{control.Outcome{Instance: "web.1", OK: true, Text: "restarted with pid 5"}}, Done{ID: 1}), "web.1 restarted with pid 5"},
		{"a failure", asked(Answered{control.Outcome{Instance: "web.1", Text: "exited with code 1"}}, Done{ID: 1}), "✗ web.1 exited with code 1"},
		{
			"a failure among others", asked(
				Answered{control.Outcome{Instance: "web.1", Text: "exited with code 1"}},
				Answered{control.Outcome{Instance: "web.2", OK: true, Text: "restarted"}}),
			"✗ web.1 exited with code 1",
		},
		{"a request that fails", asked(Done{1, errors.New("the formation is being stopped")}), "✗ the formation is being stopped"},
		{"a slow one", asked(Slow{ID: 1}), "restarting web.1… (no answer yet)"},
		{"a suspended formation", asked(Slow{ID: 1, Suspended: 42}), "reeve is suspended (pid 42), and nothing is done: fg in its terminal, or kill -CONT 42"},
		{"one that goes on", asked(Slow{ID: 1, Suspended: 42}, Changed{formation("web.1 running")}), "restarting web.1… (no answer yet)"},
		{"one that is suspended from the start", []Event{Found{Suspended: 42}}, "reeve is suspended (pid 42), and nothing is done: fg in its terminal, or kill -CONT 42"},
		{"an end", asked(Ended{"the formation has ended, with exit code 3"}), "the formation has ended, with exit code 3 (q leaves)"},
		{"an end, and another formation", []Event{Ended{"over"}, Found{}}, "another formation runs now"},
		{"a request after the end", []Event{Ended{"the formation has ended"}, Key("j"), Key("r")}, "✗ nothing runs any more: the formation has ended"},
		{"what an attachment had to say", []Event{Back{"web.1 has ended"}}, "web.1 has ended"},
		{"a message goes with the next key", []Event{Back{"web.1 has ended"}, Key("x")}, hintOf(modelOf(80, 24))},
	} {
		t.Run(test.about, func(t *testing.T) {
			m := modelOf(80, 24, Changed{formation("web.1 running", "web.2 running")})
			for _, e := range test.events {
				m.Update(e)
			}
			if got := status(m); got != test.status {
				t.Errorf("it says %q", got)
			}
		})
	}
}

func hintOf(m *Model) string { return m.hintText() }

// When nothing runs any more, the keys that look at the log still do, and others leave.
func TestKeysAtTheEnd(t *testing.T) {
	for k, leaves := range map[Key]bool{"q": true, "enter": true, " ": true, "esc": true, "Q": true, "ctrl-c": true, "pgup": false, "/": false, "j": false, "y": false} {
		m := modelOf(80, 24, Changed{formation("web.1 running")}, written("web.1 x"), Ended{"over"})
		effects := typed(m, k)
		if left := len(effects) == 1 && effects[0] == Effect(Leave{}); left != leaves {
			t.Errorf("%q leaves: %v", k, left)
		}
	}
}

// The choice stays with what was chosen, and goes on to what takes its place.
func TestChoice(t *testing.T) {
	m := modelOf(80, 24, Changed{formation("web.1 running", "web.2 running", "db.1 running")})
	typed(m, "j", "j")
	for _, step := range []struct {
		now  []string
		want string
	}{
		{[]string{"web.1 running", "web.2 stopping", "db.1 running"}, "web.2"},
		{[]string{"web.1 running", "db.1 running"}, "web.1"},
		{[]string{"aid.1 running", "web.1 running", "db.1 running"}, "web.1"},
		{[]string{"db.1 running"}, "db.1"},
	} {
		m.Update(Changed{formation(step.now...)})
		if m.chosen != step.want {
			t.Errorf("of %q %s is chosen", step.now, m.chosen)
		}
	}
}

// numbered are lines of a process, from one number to another.
func numbered(from, to int) Arrived {
	var lines []string
	for n := from; n <= to; n++ {
		lines = append(lines, fmt.Sprintf("web.1 line %d", n))
	}
	return written(lines...)
}

// first is the first line of the log that is seen.
func first(m *Model) string {
	return strings.TrimSpace(strings.Split(strings.Split(shownBy(m), "\n")[1], "│")[1])
}

// Who has gone up stands still, and is told of what comes.
func TestStandsStill(t *testing.T) {
	m := modelOf(60, 12, Changed{formation("web.1 running")}, numbered(1, 100))
	typed(m, "j")
	if got := first(m); got != "line 91" {
		t.Fatalf("at the end it begins with %q", got)
	}
	typed(m, "pgup")
	m.Update(numbered(101, 120))
	if got := first(m); got != "line 82" || !strings.Contains(shownBy(m), "↓20 new") {
		t.Errorf("it shows\n%s", shownBy(m))
	}
	for _, step := range []struct {
		keys []Key
		want string
	}{
		{[]Key{"g"}, "line 1"},
		{[]Key{"J", "J", "K"}, "line 2"},
		{[]Key{"ctrl-d"}, "line 7"},
		{[]Key{"f"}, "line 111"},
		{[]Key{"ctrl-u", "ctrl-u", "pgdn"}, "line 110"},
		{[]Key{"pgdn"}, "line 111"},
	} {
		if typed(m, step.keys...); first(m) != step.want {
			t.Errorf("after %q it begins with %q", step.keys, first(m))
		}
	}
	m.Update(numbered(121, 121))
	if got := first(m); got != "line 112" {
		t.Errorf("at the end it does not follow, but begins with %q", got)
	}
}

// It stands still even while the lines before are forgotten.
func TestStandsStillWhileLinesGo(t *testing.T) {
	m := modelOf(60, 12, Changed{formation("web.1 running")}, numbered(1, 1000))
	typed(m, "j")
	m.Update(numbered(1001, 300_000))
	typed(m, "/")
	typedText(m, "line 299000")
	typed(m, "enter", "V")
	before := first(m)
	m.Update(numbered(300_001, 400_000))
	if got := first(m); got != before {
		t.Errorf("it began with %q, and now with %q", before, got)
	}
	effects := typed(m, "y")
	if c, _ := effects[0].(Copy); string(c.Text) != "line 299000" {
		t.Errorf("selected is %q", c.Text)
	}
}

// A search goes over all of the log, says how many there are, and goes on with what comes.
func TestSearch(t *testing.T) {
	m := modelOf(80, 12, Changed{formation("web.1 running")}, numbered(1, 500))
	typed(m, "j", "/")
	typedText(m, "LINE .*7$")
	typed(m, "enter")
	if got := status(m); got != "✗ nothing matches LINE .*7$" {
		t.Errorf("with upper case it says %q", got)
	}
	typed(m, "/")
	typedText(m, "line .*7$")
	typed(m, "enter")
	want := func(title, line string) {
		t.Helper()
		if got := shownBy(m); !strings.Contains(got, title) || !strings.Contains(got, line+" ") && !strings.Contains(got, line+"\n") {
			t.Errorf("not %q and %q, but\n%s", title, line, got)
		}
	}
	want("/line .*7$ (50 of 50)", "line 497")
	typed(m, "n", "n", "n")
	want("/line .*7$ (47 of 50)", "line 467")
	m.Update(numbered(501, 510))
	want("/line .*7$ (47 of 51)", "line 467")
	typed(m, "N", "N", "N", "N")
	want("/line .*7$ (51 of 51)", "line 507")
	typed(m, "N")
	want("/line .*7$ (1 of 51)", "line 7")
	if got := status(m); got != "the search goes on at the other end" {
		t.Errorf("it says %q", got)
	}
	typed(m, "esc", "/")
	typedText(m, "[line 3")
	typed(m, "enter") // no regular expression
	if got := status(m); got != "✗ nothing matches [line 3" {
		t.Errorf("it says %q", got)
	}
}

// What matches is turned around, also where there are colours in it.
func TestSearchShowsMatches(t *testing.T) {
	m := modelOf(60, 5, Changed{formation("web.1 running")}, written("web.1 \tan \x1b[31mer\x1b[1mror\x1b[0m of 漢字"))
	typed(m, "j", "/")
	typedText(m, "error of 漢")
	typed(m, "enter")
	var found string
	for _, c := range m.View().row(1)[m.listWidth()+1:] {
		if strings.Contains(c.look, reversed) {
			found += c.text
		}
	}
	if found != "error of 漢" {
		t.Errorf("turned around is %q", found)
	}
}

// A filter leaves out what does not match, also of what comes.
func TestFilter(t *testing.T) {
	m := modelOf(60, 8, Changed{formation("web.1 running", "db.1 running")}, written("web.1 GET /a", "db.1 SELECT", "web.1 POST /a", "web.1 get /b"))
	typed(m, "&")
	typedText(m, "get")
	typed(m, "enter")
	m.Update(written("db.1 nothing", "web.1 GET /c"))
	got := shownBy(m)
	if strings.Count(got, "  | ") != 3 || strings.Contains(got, "POST") || !strings.Contains(got, "&get (3)") {
		t.Errorf("it shows\n%s", got)
	}
	typed(m, "&", "enter")
	if got := shownBy(m); !strings.Contains(got, "POST") || !strings.Contains(got, "SELECT") {
		t.Errorf("without a filter it shows\n%s", got)
	}
}

// What is typed can be corrected, and given up.
func TestTyping(t *testing.T) {
	m := modelOf(60, 8, Changed{formation("web.1 running")})
	for _, step := range []struct {
		keys []Key
		want string
	}{
		{[]Key{"/", "a", "é", "漢"}, "aé漢"},
		{[]Key{"backspace"}, "aé"},
		{[]Key{"ctrl-w"}, ""},
		{[]Key{"a", " ", "b", "ctrl-w"}, "a "},
		{[]Key{"up", "pgup", "j"}, "a j"},
		{[]Key{"ctrl-u"}, ""},
	} {
		if typed(m, step.keys...); m.prompt.text != step.want {
			t.Errorf("after %q there is %q", step.keys, m.prompt.text)
		}
	}
	if typed(m, "backspace"); m.prompt != nil {
		t.Error("it is still typed")
	}
}

// Copying takes text, and says how much.
func TestCopy(t *testing.T) {
	m := modelOf(80, 8, Changed{formation("web.1 running")}, written("web.1 \x1b[31mred\x1b[0m\tone", "web.1 two", "web.1 three"))
	typed(m, "j", "V", "k", "k")
	effects := typed(m, "y")
	if want := (Copy{[]byte("red\tone\ntwo\nthree"), 3}); !reflect.DeepEqual(effects, []Effect{want}) {
		t.Fatalf("it wants %q", effects)
	}
	for clipboard, want := range map[clipboard]string{
		clipboardWorks:   "copied 3 lines, 17 bytes",
		clipboardAsks:    "copied 3 lines, 17 bytes; if nothing has arrived: tmux set -s set-clipboard on, or v",
		clipboardMissing: "✗ copied 3 lines, 17 bytes, but this terminal may not take it: v shows the log in $PAGER, and z without a frame",
	} {
		m.Clipboard = clipboard
		m.Update(Copied{3, 17})
		if got := status(m); got != want {
			t.Errorf("it says %q", got)
		}
	}
}

// Long lines are cut or wrapped, and one that is very long is no hindrance.
func TestWrap(t *testing.T) {
	long := strings.Repeat("0123456789", 100_000)
	m := modelOf(40, 6, Changed{formation("web.1 running")}, written("web.1 before", "web.1 "+long, "web.1 after"))
	typed(m, "j")
	if got := shownBy(m); !strings.Contains(got, "before") || !strings.Contains(got, "…") || !strings.Contains(got, "after") {
		t.Errorf("cut, it shows\n%s", got)
	}
	typed(m, "w", "x")
	rows := strings.Split(shownBy(m), "\n")
	if !strings.HasSuffix(rows[3], "0123456789"[:0]+"after") && !strings.Contains(rows[4], "after") {
		t.Errorf("wrapped, it ends with\n%s", strings.Join(rows, "\n"))
	}
	for range 10 {
		typed(m, "pgup")
	}
	if m.view.top.line != 1 || m.view.top.row < 1000 {
		t.Errorf("ten pages up it is at %+v", m.view.top)
	}
}

// What is pasted is text, and does nothing.
func TestPaste(t *testing.T) {
	m := modelOf(60, 8, Changed{formation("web.1 running")})
	if typed(m, "j"); m.Update(Pasted("r")) != nil || len(m.asked) > 0 {
		t.Error("a paste restarts")
	}
	typed(m, "/")
	if m.Update(Pasted("r")); m.prompt.text != "r" {
		t.Errorf("pasted is %q", m.prompt.text)
	}
}

// What the terminal sends becomes keys, however it is cut into pieces.
func TestDecoder(t *testing.T) {
	const sent = "a\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[1~\x1b[F\r\x7f\x03é漢\x1b[<64;10;5M\x1b[<0;3;2M\x1b[<0;3;2m\x1b[200~x\ny\x1b[201~\x1b[99z\x1b[1;5Az"
	want := []Event{
		Key("a"), Key("up"), Key("down"), Key("pgup"), Key("pgdn"), Key("home"), Key("end"), Key("enter"), Key("backspace"), Key("ctrl-c"),
		Key("é"), Key("漢"), Mouse{WheelUp, 9, 4}, Mouse{Click, 2, 1}, Pasted("x"), Pasted(" "), Pasted("y"), Key("up"), Key("z"),
	}
	for size := 1; size < len(sent); size++ {
		var d decoder
		var got []Event
		for p := []byte(sent); len(p) > 0; {
			n := min(size, len(p))
			got = append(got, d.take(p[:n])...)
			p = p[n:]
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("in pieces of %d: %v", size, got)
		}
	}
	var d decoder
	if got := append(d.take([]byte("\x1b")), d.flush()...); !reflect.DeepEqual(got, []Event{Key("esc")}) || d.pending() {
		t.Errorf("Esc alone is %v", got)
	}
	if got := d.take([]byte("\x1bj")); !reflect.DeepEqual(got, []Event{Key("esc"), Key("j")}) {
		t.Errorf("Esc and a key are %v", got)
	}
}

// However a screen changes, what is painted of the difference shows the new one.
func FuzzPaint(f *testing.F) {
	f.Add("one\ntwo\nthree", "one\ntoo")
	f.Add("漢字漢字", "a漢字b")
	f.Fuzz(func(t *testing.T, before, after string) {
		const columns, rows = 12, 4
		grid := func(text string) *Grid {
			g := newGrid(columns, rows)
			for y, line := range strings.SplitN(text, "\n", rows) {
				g.write(0, y, columns, line, "")
			}
			return g
		}
		changed, fresh := newJudge(columns, rows), newJudge(columns, rows)
		changed.show(grid(before))
		if got, want := changed.show(grid(after)), fresh.show(grid(after)); got != want && isNarrow(before) && isNarrow(after) {
			t.Errorf("from %q to %q it shows\n%s\nnot\n%s", before, after, got, want)
		}
	})
}

// isNarrow reports whether each character takes one column; the judge knows no others.
func isNarrow(text string) bool {
	for _, c := range cellsOf(text, "") {
		if c.width != 1 || len([]rune(c.text)) != 1 {
			return false
		}
	}
	return true
}

// When nothing happens there is nothing to do, unless figures can be seen.
func TestRest(t *testing.T) {
	for _, test := range []struct {
		width  int
		keys   []Key
		events []Event
		looks  bool
	}{
		{80, nil, nil, false},
		{80, []Key{"c"}, nil, true},
		{100, nil, nil, true},
		{100, []Key{"c"}, nil, false},
		{100, []Key{"z"}, nil, false},
		{100, []Key{"?"}, nil, false},
		{40, []Key{"c"}, nil, false},
		{100, nil, []Event{Ended{"over"}}, false},
	} {
		m := modelOf(test.width, 24, append([]Event{Changed{formation("web.1 running")}, written("web.1 x")}, test.events...)...)
		typed(m, test.keys...)
		if m.ShowsFigures() != test.looks || m.Busy() {
			t.Errorf("with %d columns, %q and %v it looks for figures: %v; it has something to do: %v", test.width, test.keys, test.events, m.ShowsFigures(), m.Busy())
		}
	}
}

// What the processes use is counted from one look to the next, and of one run.
func TestFigures(t *testing.T) {
	used := func(seconds, percent float64, since float64) Used {
		f := formation("web.1 running")
		memory := int64(52 << 20)
		f.Instances[0].CPUSeconds, f.Instances[0].CPU, f.Instances[0].Memory = &seconds, &percent, &memory
		return Used{f, since}
	}
	m := modelOf(100, 4, Changed{formation("web.1 running")}, used(10, 1.5, 0))
	if got := shownBy(m); !strings.Contains(got, "1.5%  52 MB") {
		t.Errorf("at first it shows\n%s", got)
	}
	m.Update(used(12, 1.5, 5))
	if got := shownBy(m); !strings.Contains(got, "40.0%  52 MB") {
		t.Errorf("later it shows\n%s", got)
	}
}

// The terminal says nothing about its clipboard, so its name has to do.
func TestClipboard(t *testing.T) {
	for _, test := range []struct {
		environ map[string]string
		want    clipboard
	}{
		{map[string]string{"TERM": "xterm-256color"}, clipboardWorks},
		{map[string]string{"TERM": "tmux-256color", "TMUX": "/tmp/tmux,1,0"}, clipboardAsks},
		{map[string]string{"TERM": "screen", "STY": "1.pts"}, clipboardMissing},
		{map[string]string{"TERM": "linux"}, clipboardMissing},
		{map[string]string{"TERM_PROGRAM": "Apple_Terminal"}, clipboardMissing},
		{map[string]string{"VTE_VERSION": "6800"}, clipboardMissing},
		{map[string]string{"VTE_VERSION": "7800"}, clipboardWorks},
	} {
		for _, name := range []string{"TERM", "TMUX", "STY", "TERM_PROGRAM", "VTE_VERSION"} {
			t.Setenv(name, test.environ[name])
		}
		if got := ClipboardOf(); got != test.want {
			t.Errorf("%v: %v", test.environ, got)
		}
	}
}

// The mouse chooses in the list, and scrolls.
func TestMouse(t *testing.T) {
	m := modelOf(60, 12, Changed{formation("web.1 running", "db.1 running")}, numbered(1, 100))
	if m.Update(Mouse{Click, 3, 2}); m.chosen != "db.1" {
		t.Errorf("a click chooses %s", m.chosen)
	}
	m.Update(Mouse{Click, 3, 1})
	for m.Busy() {
		m.Work()
	}
	m.Update(Mouse{WheelUp, 40, 5})
	if got := first(m); got != "line 88" {
		t.Errorf("after the wheel it begins with %q", got)
	}
	m.Update(Mouse{WheelDown, 40, 5})
	if m.view.hold {
		t.Error("at the end it does not follow")
	}
}
