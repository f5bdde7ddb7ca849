package output

import (
	"bytes"
)

// flushFull writes the batch if there is no room for more.
func (m *Mux) flushFull() {
	if len(m.batch) >= batchSize {
		m.flush()
	}
}

// flush writes the batch, and below it the status.
func (m *Mux) flush() {
	m.batch = m.Format.settle(m.batch)
	m.status.wipe(m)
	m.write(m.batch)
	m.status.show(m)
	m.batch = m.batch[:0]
	m.sayLost()
}

// write writes p. Of a full disk it takes back the line that had room only in part, so that
// every line is whole. Where that cannot be, the rest of the line comes first as soon as there
// is room again, and what follows has a line of its own.
func (m *Mux) write(p []byte) {
	if len(p) == 0 {
		return
	}
	if m.torn = m.writeAll(m.torn); len(m.torn) > 0 {
		return
	}
	rest := m.writeAll(p)
	done := p[:len(p)-len(rest)]
	begun := len(done) - (bytes.LastIndexByte(done, '\n') + 1)
	if len(rest) > 0 && begun > 0 && !takeBack(m.Out, begun) {
		m.torn = bytes.Clone(rest[:bytes.IndexByte(rest, '\n')+1])
	}
}

// writeAll writes p, and gives the rest that could not be written.
func (m *Mux) writeAll(p []byte) (rest []byte) {
	for len(p) > 0 && !m.closed {
		n, err := m.writeOnce(p)
		if n > 0 {
			m.written.Add(int64(n))
			p = p[n:]
		}
		if err != nil {
			m.broken(err)
			return p
		}
	}
	return nil
}

// broken records a log that cannot be written.
func (m *Mux) broken(err error) {
	if readerGone(err) || m.Terminal && hungUp(err) {
		m.close()
	} else if !m.failed {
		m.failed = true
		m.Failed(err)
	}
}

// close records that nobody reads the log any longer.
func (m *Mux) close() {
	if !m.closed {
		m.closed = true
		m.Closed()
	}
}

// sayLost puts the number of dropped notices into the next batch, and notes that the rest
// has been written.
func (m *Mux) sayLost() {
	m.mu.Lock()
	lost := m.lost
	m.lost = 0
	if len(m.queue) == 0 && m.waiting == nil {
		m.shown = m.puts
	}
	m.mu.Unlock()
	if lost > 0 {
		m.notice(lostNotice(lost))
	}
}
