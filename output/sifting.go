package output

// Some lines are not shown, such as health checks in a server's log. They are kept all the same, so anyone who
// looks for one finds it.

// sift shows the wanted lines of what has come from a stream.
func (m *Mux) sift(s *Stream, p []byte) {
	m.wanted = m.wanted[:0]
	s.sifted.take(p, m.want)
	m.showWanted(s)
	if len(s.sifted.held) > 0 && s.since.IsZero() {
		s.since = m.now // see judge
	}
}

// judge decides on an unfinished line that a stream holds back, if any, by what there is of it, so that a terminal
// shows questions, and nothing is lost at the end of the stream.
func (m *Mux) judge(s *Stream) {
	if s.sifted == nil || len(s.sifted.held) == 0 {
		return
	}
	m.wanted = m.wanted[:0]
	s.sifted.judge(m.want)
	m.showWanted(s)
}

func (m *Mux) want(p []byte) { m.wanted = append(m.wanted, p...) }

// showWanted shows what was wanted in pieces no larger than a process's write, so that the format cuts lines that
// are too long.
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
