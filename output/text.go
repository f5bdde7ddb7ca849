package output

import (
	"bytes"
	"time"

	"reeve/output/screen"
)

// maxLine is the longest line that is held in memory, in bytes. A longer one is
// written in pieces of this size.
const maxLine = 1 << 20

// System is the name that reeve's own messages go under.
const System = "system"

// TextOptions say what a line for people looks like.
type TextOptions struct {
	Terminal   bool
	Raw        bool       // the terminal makes no "\r\n" of "\n"
	Columns    func() int // of the terminal; nil or 0: nobody knows
	Color      bool
	Plain      bool // no escape sequences: it is neither for a terminal nor coloured
	Palette    Palette
	Asked      func() // called when a process that the terminal belongs to asks that something; nil: nobody minds
	NoPrefix   bool
	Timestamps Clock // nil: no time
	Width      int   // of the longest name so far; a longer one makes the column wider
}

// text is the format for people: "15:04:05 web.1    | text".
type text struct {
	TextOptions
	now    []byte // as Timestamps has it
	spare  []byte
	clock  int     // counts the changes of now and Width
	shown  *Stream // whose unfinished line the terminal's cursor stands in
	front  *front  // whom the terminal belongs to; nil: to everybody
	system Stream  // reeve's own lines
}

// NewText makes the format for people.
func NewText(o TextOptions) Format {
	t := &text{TextOptions: o, clock: 1}
	t.Width = max(o.Width, len(System))
	t.system.Name = System
	t.system.Place = -1
	return t
}

func (t *text) tick(now time.Time) {
	if t.Timestamps == nil {
		return
	}
	t.spare = t.Timestamps(t.spare[:0], now)
	if !bytes.Equal(t.spare, t.now) {
		t.now, t.spare = t.spare, t.now
		t.clock++
	}
}

func (t *text) lines(out []byte, s *Stream, p []byte) []byte {
	switch {
	case s.Attached && t.Terminal:
		return t.attached(out, s, p)
	case t.front != nil:
		return t.front.Above(out, func(out []byte) []byte { return t.cut(out, s, p) })
	}
	return t.cut(out, s, p)
}

// cut is the hot path: where nothing asks for care, a line is one search and two
// copies.
func (t *text) cut(out []byte, s *Stream, p []byte) []byte {
	if len(s.partial) > 0 || s.shown > 0 || s.cut {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			return t.hold(out, s, p)
		}
		out = t.hold(out, s, p[:i])
		out = t.line(out, s, s.partial)
		p = p[i+1:]
	}
	if t.careful(s, p) {
		return t.linesWithCare(out, s, p)
	}
	lead := t.lead(s)
	if t.shown != nil && bytes.IndexByte(p, '\n') >= 0 {
		out = t.leaveShown(out)
	}
	for {
		i := bytes.IndexByte(p, '\n')
		switch {
		case i < 0:
			return t.hold(out, s, p)
		case t.Terminal && screen.Printable(p[:i]) < i:
			return t.linesWithCare(out, s, p)
		}
		out = append(out, lead...)
		out = append(out, p[:i+1]...)
		p = p[i+1:]
	}
}

// careful reports whether there may be anything in p besides text and newlines that
// matters where the log goes. On a terminal each line is looked at.
func (t *text) careful(s *Stream, p []byte) bool {
	switch {
	case s.Terminal, t.Raw, t.styled() && !s.style.Plain():
		return true
	case t.Plain:
		return screen.MayEscape(p)
	case t.Terminal, !t.Color:
		return false
	}
	return screen.MayStyle(p)
}

// styled reports whether the look of text matters. In a file or a pipe without colours
// every byte of a process is left as it is, and none is added.
func (t *text) styled() bool { return t.Color || t.Terminal }

func (t *text) linesWithCare(out []byte, s *Stream, p []byte) []byte {
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			return t.hold(out, s, p)
		}
		out = t.line(out, s, p[:i])
		p = p[i+1:]
	}
}

// line writes a line, or the rest of one, and its end.
func (t *text) line(out []byte, s *Stream, p []byte) []byte {
	if s.Terminal && len(p) > 0 && p[len(p)-1] == '\r' {
		p = p[:len(p)-1] // the terminal has made "\r\n" of "\n"
	}
	if len(p) > 0 || s.shown == 0 || t.shown == s {
		out = t.begin(out, s)
		out = t.body(out, s, p)
		out = t.finishLine(out, s)
	} // else another's line has broken off all of this one, and ended it
	s.finished()
	return out
}

// hold keeps p, which has no newline, as the unfinished line. What would be longer
// than maxLine is written in pieces.
func (t *text) hold(out []byte, s *Stream, p []byte) []byte {
	if len(p) == 0 {
		return out
	}
	if s.since.IsZero() {
		s.since = time.Now()
	}
	for s.shown+len(s.partial)+len(p) > maxLine {
		n := maxLine - s.shown - len(s.partial)
		s.hold(p[:n])
		p = p[n:]
		out = t.piece(out, s)
	}
	s.hold(p)
	return out
}

// complete gives the length of p without what has only begun at its end: a character or,
// where the look of text matters, an escape sequence.
func (t *text) complete(p []byte) int {
	if t.styled() || t.Plain {
		return screen.Complete(p)
	}
	return screen.CompleteRunes(p)
}

// piece writes the unfinished line as one piece of a longer one. The prefix of what
// follows says that it goes on: "+" instead of "|".
func (t *text) piece(out []byte, s *Stream) []byte {
	n := t.complete(s.partial)
	out = t.begin(out, s)
	out = t.body(out, s, s.partial[:n])
	out = t.finishLine(out, s)
	s.cut, s.shown, s.partial = true, 0, append(s.partial[:0], s.partial[n:]...)
	return out
}

// begin goes to where the stream's text goes on: after what is shown of its line,
// or after a prefix on a new one.
func (t *text) begin(out []byte, s *Stream) []byte {
	if t.shown == s {
		t.shown = nil
		return out
	}
	out = t.leaveShown(out)
	return t.prefix(out, s)
}

// leaveShown ends the unfinished line that the cursor stands in.
func (t *text) leaveShown(out []byte) []byte {
	if t.shown == nil {
		return out
	}
	out = t.finishLine(out, t.shown)
	t.shown = nil
	return out
}

// finishLine ends a line so that nothing of its look leaks into the next one.
func (t *text) finishLine(out []byte, s *Stream) []byte {
	if t.styled() {
		out = s.style.AppendEnd(out)
	}
	if t.Raw {
		out = append(out, '\r')
	}
	return append(out, '\n')
}

// body writes text of a line. Where it matters it follows what the text does to its own
// look.
func (t *text) body(out []byte, s *Stream, p []byte) []byte {
	switch {
	case t.Terminal:
		return t.show(out, s, p)
	case t.Plain:
		return screen.AppendPlain(out, p)
	case t.Color:
		s.style.Follow(p)
	}
	return append(out, p...)
}

// open shows the unfinished line, except a character, an escape sequence or a
// carriage return at its end, of which it is not known yet what they will be.
func (t *text) open(out []byte, s *Stream) []byte {
	n := t.complete(s.partial)
	if t.front != nil {
		return out // it would stand between others' lines and the one that is typed
	}
	for n > 0 && s.partial[n-1] == '\r' {
		n--
	}
	if n == 0 || t.shown != s && !visible(s.partial[:n]) {
		return out
	}
	out = t.begin(out, s)
	out = t.body(out, s, s.partial[:n])
	t.shown = s
	s.shown += n
	s.partial = append(s.partial[:0], s.partial[n:]...)
	return out
}

func (t *text) finish(out []byte, s *Stream) []byte {
	switch {
	case t.front == nil:
		return t.finishCut(out, s)
	case t.front.stream == s:
		return t.leaveFront(out)
	}
	return t.front.Above(out, func(out []byte) []byte { return t.finishCut(out, s) })
}

func (t *text) finishCut(out []byte, s *Stream) []byte {
	if t.shown != s && (len(s.partial) == 0 || t.Terminal && !visible(s.partial)) {
		s.finished()
		return out
	}
	return t.line(out, s, s.partial)
}

func (t *text) notice(out []byte, n Notice) []byte {
	line := n.Text
	if n.Failure && t.Color {
		line = failureColor + line + usualColor
	}
	return t.lines(out, &t.system, append([]byte(line), '\n'))
}

func (t *text) end(out []byte) []byte { return t.leaveShown(t.leaveFront(out)) }
