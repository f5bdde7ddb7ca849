package output

// Some lines are not shown: the health checks in a server's log, say. They are kept all the same, and
// whoever looks for a line finds it.

// sift shows the lines of what a stream has brought that are wanted.
func (m *Mux) sift(s *Stream, p []byte) {
	m.wanted = m.wanted[:0]
	s.sifted.take(p, m.want)
	m.showWanted(s)
	if len(s.sifted.held) > 0 && s.since.IsZero() {
		s.since = m.now // see judge
	}
}

// judge decides on a stream's unfinished line, if there is one that is held, by what there is of it: so that
// a terminal shows a question, and the end of the stream loses nothing.
func (m *Mux) judge(s *Stream) {
	if s.sifted == nil || len(s.sifted.held) == 0 {
		return
	}
	m.wanted = m.wanted[:0]
	s.sifted.judge(m.want)
	m.showWanted(s)
}

func (m *Mux) want(p []byte) { m.wanted = append(m.wanted, p...) }

// showWanted shows what was wanted in pieces that a process could have written at a time: so the format cuts
// lines that are too long.
func (m *Mux) showWanted(s *Stream) {
	for p := m.wanted; len(p) > 0; {
		n := min(len(p), readSize)
		m.show(s, p[:n])
		p = p[n:]
	}
	if cap(m.wanted) > 2*readSize {
		m.wanted = nil
	}
}
