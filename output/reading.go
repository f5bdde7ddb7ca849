package output

import (
	"time"
)

// What happens to a stream from when it is added until nobody can write to it any longer.

func (m *Mux) add(s *Stream) {
	m.streams[s] = struct{}{}
	s.tape, s.filed = m.History.tapeOf(s), m.Files.begin(s, m.now)
	if len(s.Without) > 0 && !(s.Attached && m.Terminal) {
		s.sifted = &sifted{sieve: &sieve{not: s.Without}}
	}
	if err := m.poll.add(s); err != nil {
		m.notice(Notice{Event: "warning", Text: "cannot read the output of " + s.Name + ": " + err.Error()})
		m.drop(s)
	}
}

// read reads once from a stream, and reports whether there was anything.
func (m *Mux) read(s *Stream) bool {
	n, err := m.readOnce(s)
	switch {
	case n > 0:
		m.got += n
		m.noteFlood(n)
		if s.tape != nil {
			m.History.write(s, m.now, m.buf[:n])
		}
		if s.Watch != nil && !s.Watch.over {
			s.Watch.look(m.buf[:n])
		}
		if s.sifted != nil {
			m.sift(s, m.buf[:n])
		} else {
			m.show(s, m.buf[:n])
		}
		m.flushFull()
		return true
	case again(err):
		return false
	}
	// The end: 0, or EIO, which is how Linux says that a terminal has nobody left.
	m.drop(s)
	return false
}

// readOnce reads what there is, up to a buffer's worth. A terminal hands over 4 KiB at once,
// however much it has: batches of that size cost a third more than full ones.
func (m *Mux) readOnce(s *Stream) (n int, err error) {
	n, err = read(s.fd, m.buf)
	for more := n; s.Terminal && more >= terminalRead && n+more <= len(m.buf); n += max(more, 0) {
		more, _ = read(s.fd, m.buf[n:]) // an error is told again
	}
	return n, err
}

// show has the log and the files show what a stream has brought.
func (m *Mux) show(s *Stream, p []byte) {
	if !s.Quiet {
		m.batch = m.Format.lines(m.batch, s, p)
	}
	if s.filed != nil && m.Files.write(s.filed, m.now, p) {
		m.flush()
		m.Files.await()
	}
}

// noteFlood counts what was read until that is much.
func (m *Mux) noteFlood(n int) {
	if m.Flooded == nil {
		return
	}
	if m.seen += n; m.seen >= muchOutput {
		m.Flooded()
		m.Flooded = nil
	}
}

// lastWords reads what an ended run has left and writes the notice of its end. It
// reports false while a terminal may still hand something over.
func (m *Mux) lastWords(i *item) bool {
	for _, s := range i.ended {
		if m.drain(s); s.fd >= 0 && s.Terminal && time.Now().Before(m.until) {
			return false
		}
	}
	m.until = time.Time{}
	if i.read != nil {
		i.read()
		return true
	}
	for _, s := range i.ended {
		m.finish(s)
	}
	m.notice(*i.notice)
	return true
}

// drain reads what is there, but not for ever: others may go on writing.
func (m *Mux) drain(s *Stream) {
	for range drainReads {
		if s.fd < 0 || !m.read(s) {
			return
		}
	}
}

// finishAll reads what is left everywhere.
func (m *Mux) finishAll() {
	for s := range m.streams {
		m.drain(s)
		if s.fd >= 0 {
			m.drop(s)
		}
	}
}

// finish ends a stream's unfinished line, if it has one.
func (m *Mux) finish(s *Stream) {
	if s.tape != nil {
		m.History.finish(s, m.now)
	}
	m.judge(s)
	s.sifted.forget()
	m.Files.finish(s.filed, m.now)
	m.batch = m.Format.finish(m.batch, s)
}

// drop ends a stream.
func (m *Mux) drop(s *Stream) {
	m.finish(s)
	m.Files.end(s.filed, m.now)
	m.poll.remove(s)
	delete(m.streams, s)
	s.close()
}
