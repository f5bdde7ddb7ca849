package screen

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// Modes are what a program has switched in its terminal and not switched back: private modes
// (DECSET) such as the alternate screen, the mouse and a hidden cursor, and what else stays in
// force (xterm's ctlseqs). Whoever comes to the terminal later has to switch it as well, and
// whoever leaves has to switch it back. The zero value is a terminal as it usually is.
type Modes struct {
	switched []switched // in the order in which that was done
	asked    bool       // since Asked was called last
	pending  []byte     // an escape sequence or control string that has only begun
}

// switched is one thing that was switched, what does that and what takes it back.
type switched struct{ what, set, back string }

// maxModes is more than there are.
const maxModes = 64

// The private modes that matter to a line that is drawn.
const (
	wrapMode    = "?7"
	savingMode  = "?1048" // it saves and restores the cursor, and switches nothing
	screensMode = "?1049"
)

// alternateModes switch to the alternate screen.
var alternateModes = []string{"?47", "?1047", screensMode}

// onByDefault are the modes that are on in every terminal: lines wrap, keys repeat, the
// cursor can be seen, and the terminal does not echo what is typed itself.
var onByDefault = []string{wrapMode, "?8", "?25", "12"}

// UsualModes makes a terminal usable of which nobody knows what a program has switched in it.
// Where that is nothing, it changes nothing. Leaving the alternate screen by 1049 would move
// the cursor.
const UsualModes = "\x1b[?1047l\x1b[?25h\x1b[?7h\x1b[4l\x1b[?1l\x1b>\x1b[?2026l" + // screen, keys
	"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l" + // mouse, focus, paste
	usualRegion + "\x0f\x1b(B" + Reset

// Follow records what a program writes.
func (m *Modes) Follow(p []byte) {
	if len(m.pending) > 0 {
		p = slices.Concat(m.pending, p)
	}
	end := len(p) - unfinished(p)
	m.pending = append(m.pending[:0], p[end:]...)
	for p = p[:end]; ; {
		i := bytes.IndexByte(p, esc)
		if i < 0 {
			return
		}
		p = p[i:]
		m.read(p)
		p = p[max(1, sequence(p)):]
	}
}

// ModesAfter gives the modes of a terminal on which something was written.
func ModesAfter(written []byte) *Modes {
	m := &Modes{}
	m.Follow(written)
	return m
}

// Asked reports whether the program has asked the terminal something since this was called last.
// It will be answered as if somebody had typed that.
func (m *Modes) Asked() bool {
	asked := m.asked
	m.asked = false
	return asked
}

// FullScreen reports whether the program uses the alternate screen.
func (m *Modes) FullScreen() bool { return slices.ContainsFunc(alternateModes, m.has) }

// Enter is what makes a usual terminal as the program has left its own.
func (m *Modes) Enter() string {
	var out strings.Builder
	for _, s := range m.switched {
		out.WriteString(s.set)
	}
	return out.String()
}

// Leave is what makes it usual again.
func (m *Modes) Leave() string {
	var out strings.Builder
	for _, s := range slices.Backward(m.switched) {
		out.WriteString(s.back)
	}
	return out.String() + Reset
}

func (m *Modes) has(what string) bool {
	return slices.ContainsFunc(m.switched, func(s switched) bool { return s.what == what })
}

// note notes that something was switched, which forget takes back.
func (m *Modes) note(s switched) {
	if !m.has(s.what) && len(m.switched) < maxModes {
		m.switched = append(m.switched, s)
	}
}

func (m *Modes) forget(what string) {
	m.switched = slices.DeleteFunc(m.switched, func(s switched) bool { return s.what == what })
}

// decide notes or forgets.
func (m *Modes) decide(s switched, on bool) {
	if m.forget(s.what); on {
		m.note(s)
	}
}

// read records the escape sequence or the control string that p begins with. Control
// characters in a sequence do not end it.
func (m *Modes) read(p []byte) {
	seq := p[:sequence(p)]
	if !isASCII(seq[min(1, len(seq)):]) {
		seq = bytes.Map(func(r rune) rune {
			if r != esc && (r < ' ' || r == 0x7f) {
				return -1
			}
			return r
		}, seq)
	}
	if !wellFormed(seq) {
		return
	}
	text, last := string(seq), seq[len(seq)-1]
	switch seq[1] {
	case '[':
		m.readControl(text, text[2:len(text)-1], last)
	case ']', 'P', 'X', '^', '_', 'k':
		m.readString(seq[1], p[2:])
	case '(', ')':
		m.decide(switched{text[1:2], text, text[:2] + "B"}, last != 'B')
	case '=', '>':
		m.decide(switched{"keypad", "\x1b=", "\x1b>"}, last == '=')
	case 'Z':
		m.asked = true
	case '8':
		m.note(restored)
	case 'c':
		if len(m.switched) > 0 {
			m.switched = []switched{{"reset", "", UsualModes}} // terminals differ in how much that resets
		}
	}
}

// restored is what may have come back with the cursor that was saved at some time.
var restored = switched{"restored", "", usualRegion + usualCharset}

// readControl records a control sequence.
func (m *Modes) readControl(seq, params string, final byte) {
	m.asked = m.asked || mayAsk(params, final)
	switch kind := params + string(final); {
	case final == 'h' || final == 'l':
		private, numbers := "", params
		if after, ok := strings.CutPrefix(params, "?"); ok {
			private, numbers = "?", after
		}
		for number := range strings.SplitSeq(numbers, ";") {
			if n, err := strconv.Atoi(number); err == nil {
				m.mode(private+strconv.Itoa(n), final == 'h')
			}
		}
	case kind == "u":
		m.note(restored)
	case final == 'r' && isParams([]byte(params)):
		// Whoever comes later does not set it: that would move the cursor to the top, and it is
		// one of a window of another size.
		m.decide(switched{"region", "", usualRegion}, params != "")
	case strings.HasSuffix(kind, " q"):
		m.decide(switched{"cursor", seq, "\x1b[0 q"}, strings.Trim(params, "0 ") != "")
	case strings.HasPrefix(kind, ">4") && final == 'm':
		m.decide(switched{"keys", seq, "\x1b[>4m"}, len(params) > len(">4;") && params != ">4;0")
	case strings.HasPrefix(kind, ">") && final == 'u':
		m.switched = append(m.switched[:min(len(m.switched), maxModes)], switched{"kitty", seq, "\x1b[<u"})
	case strings.HasPrefix(kind, "<") && final == 'u':
		n, _ := strconv.Atoi(params[1:])
		for range max(1, min(n, maxModes)) {
			m.popKeys()
		}
	}
}

// mayAsk reports whether a control sequence may be a question. Those about the window are not
// told from other requests: it does no harm to take one for a question.
func mayAsk(params string, final byte) bool {
	switch final {
	case 'n', 'c', 't', 'x':
		return true
	case 'p':
		return strings.HasSuffix(params, "$")
	case 'q':
		return strings.HasPrefix(params, ">")
	case 'u':
		return strings.HasPrefix(params, "?")
	}
	return false
}

// popKeys forgets what was switched last of kitty's keyboard protocol, which keeps a stack.
func (m *Modes) popKeys() {
	for i, s := range slices.Backward(m.switched) {
		if s.what == "kitty" {
			m.switched = slices.Delete(m.switched, i, i+1)
			return
		}
	}
}

// mode records one mode.
func (m *Modes) mode(name string, on bool) {
	set, back := "\x1b["+name+"h", "\x1b["+name+"l"
	byDefault := slices.Contains(onByDefault, name)
	if byDefault {
		set, back = back, set
	}
	if name != savingMode {
		m.decide(switched{name, set, back}, on != byDefault)
	}
}

// breakOff records that a control string was broken off: terminals differ in what they make of
// what comes next.
func (m *Modes) breakOff() { m.note(switched{"broken", "", UsualModes}) }

// readString records a control string.
func (m *Modes) readString(kind byte, p []byte) {
	n, ended := StringEnd(p)
	text, withST := bytes.CutSuffix(p[:n], []byte(stringTerminator))
	text, withBell := bytes.CutSuffix(text, []byte{bel})
	switch {
	case ended && !withST && !withBell:
		m.breakOff()
	case ended && kind == ']':
		m.readCommand(string(text))
	}
	m.asked = m.asked || kind == ']' && bytes.IndexByte(text, '?') >= 0 || kind == 'P' || kind == '_'
}

// readCommand records what an operating system command is about: colours of the
// terminal itself, a hyperlink or the progress that some show in the window's frame.
func (m *Modes) readCommand(text string) {
	set := "\x1b]" + text + stringTerminator
	number, value, _ := strings.Cut(text, ";")
	switch number {
	case "4", "10", "11", "12":
		back := "\x1b]1" + strings.Repeat("0", 2-len(number)) + number + stringTerminator
		if !strings.Contains(value, "?") {
			m.decide(switched{"colour " + number, set, back}, true)
		}
	case "104", "110", "111", "112":
		m.forget("colour " + strings.TrimLeft(number[1:], "0"))
	case "8":
		_, address, _ := strings.Cut(value, ";")
		m.decide(switched{"link", set, linkEnd}, address != "")
	case "9":
		if state, ok := strings.CutPrefix(value, "4;"); ok {
			m.decide(switched{"progress", set, "\x1b]9;4;0" + stringTerminator}, !strings.HasPrefix(state, "0"))
		}
	}
}
