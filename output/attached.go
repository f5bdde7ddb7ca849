package output

import "bytes"

// front is the stream that the terminal belongs to. What it brings goes there as it is
// and at once. Before others' lines its unfinished line is wiped away, and after the
// batch of them it is written again, so that they appear above it.
type front struct {
	*canvas
	stream *Stream
	held   []byte // a character or a sequence that has only begun
	wiped  bool
	kept   int // others' lines that were kept off the screen
}

// attached writes what the stream has brought that the terminal belongs to.
func (t *text) attached(out []byte, s *Stream, p []byte) []byte {
	if t.front == nil || t.front.stream != s {
		out = t.leaveShown(t.leaveFront(out))
		t.front = &front{canvas: newCanvas(), stream: s}
		t.front.raw = t.Raw
	}
	out = t.settle(out)
	f := t.front
	t.measure()
	p = append(f.held, p...)
	n := t.whole(p)
	out = f.write(out, p[:n])
	if f.modes.Asked() && t.Asked != nil {
		t.Asked()
	}
	f.held = append(f.held[:0], p[n:]...)
	return t.sayKept(out)
}

// measure asks how wide the terminal is.
func (t *text) measure() {
	columns := 0
	if t.Columns != nil {
		columns = t.Columns()
	}
	t.front.resize(columns)
}

// aboveFront writes others' lines above the line of the stream that has the terminal,
// or keeps them off the screen while that stream does something else with it.
func (t *text) aboveFront(out []byte, write func(out []byte) []byte) []byte {
	f, begin := t.front, len(out)
	if !f.away() && !f.wiped {
		t.measure()
		out = f.appendWipe(out)
	}
	wiped := len(out)
	out = write(out)
	switch {
	case len(out) == wiped:
		return out[:begin]
	case f.away():
		f.kept += bytes.Count(out[begin:], []byte{'\n'})
		return out[:begin]
	}
	f.wiped = true
	return out
}

// settle shows the wiped line again, when the others have had their say.
func (t *text) settle(out []byte) []byte {
	if t.front == nil || !t.front.wiped {
		return out
	}
	t.front.wiped = false
	return t.front.appendShow(out)
}

// sayKept says, as soon as that can be seen, how much could not be seen.
func (t *text) sayKept(out []byte) []byte {
	f := t.front
	if f.kept == 0 || f.away() {
		return out
	}
	n := keptNotice(f.kept)
	f.kept = 0
	return t.notice(out, n)
}

// leaveFront ends the line of the stream that had the terminal, and what the process has
// left behind of how it used that.
func (t *text) leaveFront(out []byte) []byte {
	if t.front == nil {
		return out
	}
	out = t.settle(out)
	f := t.front
	f.style.broken = f.style.broken || f.text
	out = append(f.appendPlain(out), f.modes.Leave()...)
	if f.alternate {
		f.cursor.row = min(f.cursor.row, len(f.rows)-1)
	}
	out = appendMove(out, len(f.rows)-1-f.cursor.row, 'B')
	if out = append(out, '\r'); f.cursor.lost || len(f.rows[len(f.rows)-1].cells) > 0 {
		out = append(out, '\n')
	}
	t.front = nil
	if f.kept > 0 {
		out = t.notice(out, keptNotice(f.kept))
	}
	return out
}

func keptNotice(n int) Notice {
	return Notice{
		Event: "kept", Fields: []Field{{"lines", n}},
		Text: "kept " + countLines(n) + " off the screen: reeve logs shows them",
	}
}
