package ui

// layout is how lines are broken into rows of the screen. What it has found out it remembers, since
// a line may be long.
type layout struct {
	width int // of the text
	wrap  bool
	bare  bool
	known map[*Line][]walker
}

// mostKnown is how many lines it remembers.
const mostKnown = 1000

func (y *layout) forget() { y.known = nil }

// rows are where the rows of a line begin. A line that is gone has none.
func (y *layout) rows(l *Line) []walker {
	if l.gone {
		return nil
	}
	if rows, ok := y.known[l]; ok {
		return rows
	}
	rows := y.breakUp(l)
	if len(y.known) > mostKnown || y.known == nil {
		y.known = map[*Line][]walker{}
	}
	y.known[l] = rows
	return rows
}

func (y *layout) breakUp(l *Line) []walker {
	w := newWalker(l, y.bare)
	rows := []walker{*w}
	if !y.wrap || len(l.Text) <= y.width && isPlain(l) {
		return rows
	}
	for {
		before := *w
		if _, ok := w.next(); !ok {
			return rows
		}
		if w.column > y.width && before.column > 0 {
			before.column = 0
			rows = append(rows, before)
			*w = before
			w.next() // once more: a tab is another one here
		}
	}
}

// isPlain reports whether each byte of a line certainly takes a column.
func isPlain(l *Line) bool {
	for _, b := range l.Text {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return true
}

// show puts a row of a line into cells, and reports whether there is more of the line than that.
// What matches is turned around.
func (y *layout) show(l *Line, row int, found [][]int) (cells []cell, more bool) {
	rows := y.rows(l)
	w := rows[row]
	for column := 0; ; {
		at := w.plain
		c, ok := w.next()
		if !ok {
			return cells, false
		}
		if column += c.width; column > y.width && len(cells) > 0 {
			return cells, true
		}
		for len(found) > 0 && found[0][1] <= at {
			found = found[1:]
		}
		if len(found) > 0 && at >= found[0][0] {
			c.look += reversed
		}
		cells = append(cells, c)
	}
}

// layoutNow sets the layout up for the screen as it is.
func (m *Model) layoutNow() *layout {
	now := layout{width: max(m.paneWidth()-m.leadWidth(), 1), wrap: m.wrap, bare: m.Bare}
	if y := &m.layout; y.width != now.width || y.wrap != now.wrap || y.bare != now.bare {
		m.layout = now
	}
	return &m.layout
}

// logHeight is how many rows of the log are seen.
func (m *Model) logHeight() int {
	if m.alone {
		return max(m.Height, 1)
	}
	return max(m.Height-2, 1)
}

// bottom is the top of a screen that shows the end of the log.
func (m *Model) bottom() place {
	y, v := m.layoutNow(), &m.view
	left := m.logHeight()
	for i := len(v.lines) - 1; i >= 0; i-- {
		if n := len(y.rows(v.lines[i])); n >= left {
			return place{i, n - left}
		} else {
			left -= n
		}
	}
	return place{}
}

// top is the top of the screen.
func (m *Model) top() place {
	if m.view.hold {
		return m.view.top
	}
	return m.bottom()
}

// after reports whether a place is after another one, or the same.
func (p place) after(other place) bool {
	return p.line > other.line || p.line == other.line && p.row >= other.row
}

// scroll goes up or down by some rows. At the end the screen follows again what comes.
func (m *Model) scroll(n int) {
	m.goTo(m.moved(m.top(), n))
}

// goTo has the screen begin at a place.
func (m *Model) goTo(p place) {
	v := &m.view
	if p.after(m.bottom()) {
		v.hold, v.fresh = false, 0
		return
	}
	if !v.hold {
		v.hold, v.fresh = true, 0
	}
	v.top = p
}

// moved is a place some rows further down, or up.
func (m *Model) moved(p place, n int) place {
	y, lines := m.layoutNow(), m.view.lines
	if len(lines) == 0 {
		return place{}
	}
	p.line = min(p.line, len(lines)-1)
	for p.row += n; p.row < 0 && p.line > 0; {
		p.line--
		p.row += len(y.rows(lines[p.line]))
	}
	if p.row < 0 {
		return place{}
	}
	for p.line < len(lines)-1 && p.row >= len(y.rows(lines[p.line])) {
		p.row -= len(y.rows(lines[p.line]))
		p.line++
	}
	p.row = min(p.row, max(len(y.rows(lines[p.line]))-1, 0))
	return p
}

// lastSeen is the last line that is on the screen.
func (m *Model) lastSeen() int {
	return min(m.moved(m.top(), m.logHeight()-1).line, len(m.view.lines)-1)
}

// reveal has the screen show a line: if it is not there already, in the middle.
func (m *Model) reveal(line int) {
	if top := m.top(); line < top.line || line > m.lastSeen() || line == top.line && top.row > 0 {
		m.goTo(m.moved(place{line: line}, -m.logHeight()/2))
	}
}
