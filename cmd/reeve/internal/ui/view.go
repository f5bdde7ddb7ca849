package ui

import (
	"strings"

	"reeve/output"
)

// View draws the model.
func (m *Model) View() *Grid {
	g := newGrid(m.Width, m.Height)
	switch {
	case m.help > 0:
		m.drawHelp(g)
		return g
	case m.alone:
		m.drawLog(g, 0, 0)
		if m.hasWords() {
			m.drawStatus(g)
		}
		return g
	}
	left := m.listWidth()
	m.drawList(g)
	for y := range m.listHeight() {
		g.write(left, y, g.width, "│", dim)
	}
	m.drawTitle(g, left+1)
	m.drawLog(g, left+1, 1)
	m.drawStatus(g)
	return g
}

// leadWidth is how wide that is which stands in front of lines.
func (m *Model) leadWidth() (width int) {
	if m.times {
		width = len("15:04:05 ")
	}
	if m.chosen == all {
		width += m.leadName() + len(" | ")
	}
	return min(width, m.paneWidth()/2)
}

// leadName is how wide names are in front of lines.
func (m *Model) leadName() int { return min(m.longestName(), max(m.paneWidth()/4, 4)) }

// drawLog draws the lines.
func (m *Model) drawLog(g *Grid, x, y int) {
	if len(m.view.lines) == 0 {
		g.write(x+1, y, g.width, m.emptyText(), dim)
		return
	}
	layout, end := m.layoutNow(), y+m.logHeight()
	at := m.top()
	for ; at.line < len(m.view.lines) && y < end; at.line, at.row = at.line+1, 0 {
		l := m.view.lines[at.line]
		found := m.search.pattern.found(l)
		for rows := len(layout.rows(l)); at.row < rows && y < end; at.row++ {
			m.drawLine(g, x, y, at, found)
			y++
		}
	}
}

// drawLine draws a row of a line.
func (m *Model) drawLine(g *Grid, x, y int, at place, found [][]int) {
	l, begin := m.view.lines[at.line], x+m.leadWidth()
	if at.row == 0 {
		m.drawLead(g, x, y, l)
	}
	cells, more := m.layout.show(l, at.row, found)
	if more && !m.wrap {
		cells = append(cut(cells, g.width-begin-1), cell{"…", dim, 1})
	}
	if l == m.search.at {
		for i := range cells {
			if strings.HasSuffix(cells[i].look, reversed) {
				cells[i].look += bold
			}
		}
	}
	if isOwn(l) && m.chosen != all {
		for i := range cells {
			cells[i].look = dim + cells[i].look
		}
	}
	g.put(begin, y, g.width, cells)
	if s := m.marked; s != nil && at.line >= min(s.from, s.to) && at.line <= max(s.from, s.to) {
		g.fill(x, y, g.width, reversed)
	}
}

// isOwn reports whether it is one of reeve's own messages.
func isOwn(l *Line) bool { return l.Name == output.System }

// drawLead draws what stands in front of a line.
func (m *Model) drawLead(g *Grid, x, y int, l *Line) {
	end := x + m.leadWidth()
	if m.times {
		x = g.write(x, y, end, clockText(l.Milli), dim)
	}
	if m.chosen == all {
		color := m.nameColor(l.Name)
		g.write(x, y, min(x+m.leadName(), end), l.Name, color)
		g.write(x+m.leadName(), y, end, m.divider(l), dim)
	}
}

// emptyText says why there are no lines.
func (m *Model) emptyText() string {
	switch {
	case m.noLog != "":
		return m.noLog
	case m.Busy():
		return "reading the log…"
	case m.view.filter != nil:
		return "no line matches: & Enter shows all again"
	}
	return "nothing has been written yet"
}
