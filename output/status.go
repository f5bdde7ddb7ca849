package output

// status is a line at the bottom of a terminal that says what reeve does just now. It is
// no part of the log: whatever is written takes its place, and it comes back below. The cursor
// waits at its beginning, so that it can be taken away from there also when the window has
// become narrower and the terminal has made two rows of it.
type status struct {
	text    string
	changed bool
	shown   bool
	midLine bool // the cursor stands in a line of the log
}

// usualColumns is the width of a terminal that does not tell it, that of the VT100.
const usualColumns = 80

// Status shows a line at the bottom of a terminal, in place of the last one; the empty one
// takes it away. Where there is no terminal it is dropped.
func (m *Mux) Status(text string) { m.put(item{status: &text}) }

func (s *status) set(text string) {
	s.changed = s.changed || text != s.text
	s.text = text
}

// wipe takes the line away if something is to be written.
func (s *status) wipe(m *Mux) {
	if s.shown && (s.changed || len(m.batch) > 0) {
		m.write([]byte("\r\x1b[J"))
		s.shown = false
	}
}

// show writes the line, unless the cursor stands in an unfinished line of the log.
func (s *status) show(m *Mux) {
	if n := len(m.batch); n > 0 {
		s.midLine = m.batch[n-1] != '\n'
	}
	s.changed = false
	if s.text == "" || s.shown || s.midLine || !m.Terminal {
		return
	}
	text := []rune(s.text)
	columns := usualColumns
	if m.Columns != nil && m.Columns() > 0 {
		columns = m.Columns()
	}
	m.write([]byte(string(text[:min(len(text), columns-1)]) + "\r"))
	s.shown = true
}
