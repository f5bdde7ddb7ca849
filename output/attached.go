package output

import (
	"reeve/output/screen"
)

// front is the stream that the terminal belongs to, and its line there.
type front struct {
	*screen.Attached
	stream *Stream
}

// attached writes what the stream has brought that the terminal belongs to.
func (t *text) attached(out []byte, s *Stream, p []byte) []byte {
	if t.front == nil || t.front.stream != s {
		out = t.leaveShown(t.leaveFront(out))
		t.front = &front{screen.Attach(), s}
		t.front.Raw, t.front.Columns = t.Raw, t.Columns
	}
	out = t.front.Write(t.settle(out), p)
	if t.front.Asked() && t.Asked != nil {
		t.Asked()
	}
	return t.sayKept(out)
}

// settle shows the process's line again, when the others have had their say.
func (t *text) settle(out []byte) []byte {
	if t.front == nil {
		return out
	}
	return t.front.Show(out)
}

// sayKept says, as soon as that can be seen, how much could not be seen.
func (t *text) sayKept(out []byte) []byte {
	n := t.front.Kept
	if n == 0 || t.front.Away() {
		return out
	}
	t.front.Kept = 0
	return t.notice(out, keptNotice(n))
}

// leaveFront takes the terminal from the stream that had it.
func (t *text) leaveFront(out []byte) []byte {
	if t.front == nil {
		return out
	}
	out = t.front.Leave(out)
	n := t.front.Kept
	t.front = nil
	if n > 0 {
		out = t.notice(out, keptNotice(n))
	}
	return out
}

func keptNotice(n int) Notice {
	return Notice{
		Event: "kept", Fields: []Field{{"lines", n}},
		Text: "kept " + countLines(n) + " off the screen: reeve logs shows them",
	}
}
