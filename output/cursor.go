package output

import (
	"bytes"
	"math"
	"sync"
	"time"
)

// source is one of those whose records make the log: a tape, or reeve's own messages.
type source interface {
	// look finds out what comes next.
	look()
	// ahead gives the number of the record that comes next, or [nothing].
	ahead() uint64
	// time says when that was.
	time() time.Time
	// left counts the lines that are not read yet.
	left() int
	// play appends what the next record brings, as f has it, and looks again.
	play(out []byte, f Format) []byte
}

// nothing is the number of a record that is not there.
const nothing = math.MaxUint64

// cursor reads a tape.
type cursor struct {
	place
	tape     *tape
	mu       *sync.Mutex // guards the tape
	next     record      // what is after the place
	any      bool        // there is something
	gap      bool        // it has jumped, for whoever wants to know
	headless bool        // the beginning of the line that goes on here is overwritten
	lost     int         // lines that are to be reported as lost
	stream   *Stream     // the run, for the format; nil: it has written nothing yet
	sifted   *sifted     // the line that goes on here, where not every line is wanted; nil: it is
	text     *[]byte     // what the record holds that was taken last; others may share the room
}

// goOn makes a cursor that goes on on the tape itself where this one stands on a copy of it.
func (c *cursor) goOn(mu *sync.Mutex) *cursor {
	return &cursor{
		place: c.place, tape: c.tape.original, mu: mu, headless: c.headless, stream: c.stream, sifted: c.sifted, text: c.text,
	}
}

func (c *cursor) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lookHere()
}

func (c *cursor) lookHere() {
	if c.at < c.tape.first.at {
		c.jump()
	}
	c.next, c.any = c.tape.after(c.place)
}

// jump goes to the oldest record that is left, when the one at the cursor is not. It
// counts the lines in between, and the one whose end is still to come.
func (c *cursor) jump() {
	first := c.tape.first
	c.lost += first.lines - c.lines
	if c.headless {
		c.lost-- // it was counted when its beginning was lost
	}
	if first.open {
		c.lost++
	}
	c.place, c.stream = first, nil
	c.headless, c.gap = first.open, true
	if c.sifted != nil {
		c.sifted.forget()
	}
}

func (c *cursor) ahead() uint64 {
	if !c.any {
		return nothing
	}
	return c.next.seq
}

func (c *cursor) time() time.Time { return time.Unix(0, c.next.time) }

// take copies what the next record holds and goes past it, unless it is overwritten.
func (c *cursor) take() (r record, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok = c.next, c.at >= c.tape.first.at; ok {
		*c.text = c.tape.text((*c.text)[:0], c.place, r)
		c.pass(r)
	}
	c.lookHere()
	return r, ok
}

func (c *cursor) play(out []byte, f Format) []byte {
	r, ok := c.take()
	if !ok {
		return out
	}
	f.tick(time.Unix(0, r.time))
	out = c.sayLost(out, f)
	switch r.kind {
	case began:
		c.stream = nil
	case broke:
		out = c.breakLine(out, f)
	case wrote:
		c.lines += bytes.Count(*c.text, []byte{'\n'})
		out = c.write(out, f)
	}
	return out
}

// sayLost says how many lines were overwritten before they were read.
func (c *cursor) sayLost(out []byte, f Format) []byte {
	if c.lost > 0 {
		out = f.notice(out, lostLines(c.lost, c.tape.Label))
		c.lost = 0
	}
	return out
}

// left counts the lines that are not read yet, also those that cannot be any longer.
func (c *cursor) left() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lookHere()
	return c.lost + c.tape.linesAfter(c.place)
}

// write hands what a process has written to the format, without the rest of a line
// whose beginning is not there.
func (c *cursor) write(out []byte, f Format) []byte {
	text := *c.text
	if c.headless {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return out
		}
		text, c.headless = text[i+1:], false
	}
	if c.stream == nil {
		c.stream = &Stream{Label: c.tape.Label, Source: c.tape.source, Pid: c.run.pid, Terminal: c.run.terminal, fd: -1}
	}
	if c.sifted == nil {
		return f.lines(out, c.stream, text)
	}
	c.sifted.take(text, func(p []byte) { out = c.hand(out, f, p) })
	return out
}

// hand hands a part of a line to the format in pieces that a process could have written at a
// time: so the format cuts one that is too long.
func (c *cursor) hand(out []byte, f Format, p []byte) []byte {
	for len(p) > readSize {
		out = f.lines(out, c.stream, p[:readSize])
		p = p[readSize:]
	}
	return f.lines(out, c.stream, p)
}

// breakLine ends the unfinished line.
func (c *cursor) breakLine(out []byte, f Format) []byte {
	if c.headless = false; c.stream == nil {
		return out
	}
	if c.sifted != nil {
		c.sifted.end(func(p []byte) { out = c.hand(out, f, p) })
	}
	return f.finish(out, c.stream)
}

// finish ends the line that nobody has ended yet.
func (c *cursor) finish(out []byte, f Format) []byte {
	f.tick(time.Unix(0, c.place.time))
	return c.breakLine(c.sayLost(out, f), f)
}

// messages reads what reeve itself has said.
type messages struct {
	history *History
	match   func(Notice) bool
	at      int  // how many are past
	next    said // what comes next, if anything does
	any     bool
	lost    int
}

// messages begins to read the oldest message that is left.
func (h *History) messages(match func(Notice) bool) *messages {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &messages{history: h, match: match, at: h.noticed - len(h.notices)}
}

func (m *messages) look() {
	for m.any = m.get(); m.any && !m.matches(); m.any = m.get() {
		m.at++
	}
}

// get gets the next message.
func (m *messages) get() bool {
	h := m.history
	h.mu.Lock()
	defer h.mu.Unlock()
	if oldest := h.noticed - len(h.notices); m.at < oldest {
		m.lost, m.at = m.lost+oldest-m.at, oldest
	}
	if m.at == h.noticed {
		return false
	}
	m.next = h.notices[m.at%maxNotices]
	return true
}

// left counts the messages that are not read yet.
func (m *messages) left() (n int) {
	for m.look(); m.any; m.look() {
		m.at++
		n++
	}
	return n + m.lost
}

func (m *messages) matches() bool { return m.match(m.next.Notice) }

func (m *messages) ahead() uint64 {
	if !m.any {
		return nothing
	}
	return m.next.seq
}

func (m *messages) time() time.Time { return m.next.time }

func (m *messages) play(out []byte, f Format) []byte {
	f.tick(m.next.time)
	if m.lost > 0 {
		out = f.notice(out, lostNotice(m.lost))
		m.lost = 0
	}
	out = f.notice(out, m.next.Notice)
	m.at++
	m.look()
	return out
}
