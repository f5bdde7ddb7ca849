package output

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

// write writes all of p.
func (m *Mux) write(p []byte) {
	for len(p) > 0 && !m.closed {
		n, err := write(m.Out, p)
		if n > 0 {
			m.written.Add(int64(n))
			p = p[n:]
		}
		if err != nil {
			m.broken(err)
			return
		}
	}
}

// broken takes note of a log that cannot be written.
func (m *Mux) broken(err error) {
	if readerGone(err) {
		m.closed = true
		m.Closed()
	} else if !m.failed {
		m.failed = true
		m.Failed(err)
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
