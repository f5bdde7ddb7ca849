package output

import (
	"reeve/output/screen"
)

// The queue is how everybody else talks to the loop: without ever waiting for it.

// item is one thing for the loop to do. Exactly one field is set, except for the end
// of a run, which has both streams and a notice, or streams and a function.
type item struct {
	open   *Stream
	ended  []*Stream
	notice *Notice
	status *string
	finish bool
	read   func()                                      // with ended: called when all that was written to those has been read
	draw   func(a *screen.Attached, out []byte) []byte // the line of who has the terminal is drawn otherwise
}

// Open adds a stream to the log. The mux owns the stream's descriptor from now on.
func (m *Mux) Open(s *Stream) { m.put(item{open: s}) }

// Notice writes a message of reeve's own. It reports false where the log has come to its end.
func (m *Mux) Notice(n Notice) (taken bool) { return m.put(item{notice: &n}) }

// Ended writes a notice about the end of a run after everything that its first
// process has written. The streams stay open, as others may go on writing to them.
func (m *Mux) Ended(streams []*Stream, n Notice) { m.put(item{ended: streams, notice: &n}) }

// CatchUp calls a function, in the mux's goroutine, when everything has been read that was
// written to some streams up to now.
func (m *Mux) CatchUp(streams []*Stream, read func()) { m.put(item{ended: streams, read: read}) }

func (m *Mux) put(i item) (taken bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.puts++
	switch {
	case m.ending:
		return false
	case len(m.queue) < maxQueue || i.notice == nil:
		m.queue = append(m.queue, i)
	default:
		m.lost++
	}
	m.ending = i.finish
	if len(m.queue) == 1 { // the loop empties it in one go, or comes back by itself
		m.poll.wake()
	}
	return true
}

// Seen reports whether everything that was put into the queue has been written.
func (m *Mux) Seen() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.shown == m.puts
}

// take removes the first item of the queue.
func (m *Mux) take() (i item, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return item{}, false
	}
	i = m.queue[0]
	m.queue = m.queue[1:]
	return i, true
}
