package ui

import (
	"fmt"
	"strings"

	"reeve/cmd/reeve/internal/instances"
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

// narrow is how wide a screen is on which the list has room for names alone.
const narrow = 50

// Widths of the columns of the list.
const (
	shapeColumn  = 2
	portColumn   = 6
	cpuColumn    = 6
	memoryColumn = 7
	againColumn  = 4
)

// paneWidth is how wide the log is.
func (m *Model) paneWidth() int {
	if m.alone {
		return m.Width
	}
	return max(m.Width-m.listWidth()-1, 1)
}

// columns are those of the list, besides the shape and the name.
func (m *Model) columns() (width int, port, figures bool) {
	if m.Width < narrow {
		return 0, false, false
	}
	width, port, figures = againColumn, m.formation.Port != 0, m.hasFigures()
	if port {
		width += portColumn
	}
	if figures {
		width += cpuColumn + memoryColumn
	}
	return width, port, figures
}

// nameColumn is how wide the names in the list are.
func (m *Model) nameColumn() int {
	more, _, _ := m.columns()
	longest := len(all)
	for _, r := range m.rows {
		longest = max(longest, len(r.name))
	}
	return max(min(longest, m.Width/2-shapeColumn-more), min(m.Width/3, 6), 1)
}

// listWidth is how wide the list is.
func (m *Model) listWidth() int {
	more, _, _ := m.columns()
	return shapeColumn + m.nameColumn() + more
}

func (m *Model) listHeight() int { return max(m.Height-1, 1) }

// firstRow is the first row of the list that is seen.
func (m *Model) firstRow() int {
	at := 0
	for i, r := range m.rows {
		if r.name == m.chosen {
			at = i
		}
	}
	height := m.listHeight()
	return max(min(at-height/2, len(m.rows)-height), 0)
}

// drawList draws the instances.
func (m *Model) drawList(g *Grid) {
	first := m.firstRow()
	for y := 0; y < m.listHeight() && first+y < len(m.rows); y++ {
		m.drawRow(g, y, m.rows[first+y])
	}
}

func (m *Model) drawRow(g *Grid, y int, r row) {
	end := m.listWidth()
	if r.name == all {
		g.write(shapeColumn, y, end, all+" "+m.countsText(), bold)
	} else {
		s := shapeOf(r.of)
		g.write(0, y, end, s.sign, m.color(s.color))
		look := ""
		if r.of == nil {
			look = dim
		}
		g.write(shapeColumn, y, shapeColumn+m.nameColumn(), r.name, look)
		m.drawFacts(g, y, r)
	}
	if m.isChosen(r) {
		g.fill(0, y, end, reversed)
	}
}

// countsText says how many of the instances run, and how many have failed.
func (m *Model) countsText() string {
	total, running, failed := m.counts()
	text := fmt.Sprintf("%d/%d", running, total)
	if failed > 0 {
		text += fmt.Sprintf(" %s%d", shapeFailed.sign, failed)
	}
	return text
}

// drawFacts draws what is to the right of a name.
func (m *Model) drawFacts(g *Grid, y int, r row) {
	x := shapeColumn + m.nameColumn()
	more, port, figures := m.columns()
	if more == 0 || r.of == nil {
		return
	}
	column := func(width int, text string) {
		if text != "" {
			g.write(x+width-min(widthOf(text), width-1), y, x+width, text, dim)
		}
		x += width
	}
	if port {
		column(portColumn, number(r.of.Port))
	}
	if used, ok := m.used[r.name]; figures && ok && used.pid == r.of.Pid {
		column(cpuColumn, percent(used.percent))
		column(memoryColumn, instances.MemoryText(used.memory))
	} else if figures {
		x += cpuColumn + memoryColumn
	}
	column(againColumn, number(r.of.Restarts))
}

func percent(of float64) string {
	if of >= 99.95 {
		return fmt.Sprintf("%.0f%%", of)
	}
	return fmt.Sprintf("%.1f%%", of)
}

// number is empty for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// drawTitle says whose log it is, how that is, and what is special about the view.
func (m *Model) drawTitle(g *Grid, x int) {
	about, special := m.aboutText(), m.specialText()
	begin := max(g.width-widthOf(special)-1, x)
	g.write(x, 0, begin-1, " "+about, "")
	g.write(begin, 0, g.width, special, "")
	g.fill(x, 0, g.width, reversed)
}

func (m *Model) aboutText() string {
	r := m.current()
	switch {
	case m.chosen == all:
		return strings.TrimSpace(m.title() + "  all")
	case r.of == nil:
		return r.name + "  has no instances"
	}
	text := r.name + "  " + instances.State(*r.of)
	if r.of.Pid != 0 {
		text += fmt.Sprintf(", pid %d", r.of.Pid)
	}
	if r.of.Pid != 0 && r.of.Started != nil {
		text += ", since " + r.of.Started.Local().Format("15:04:05")
	}
	return text
}

// specialText says what is not as usual about the lines that are shown.
func (m *Model) specialText() string {
	var texts []string
	if m.marked != nil {
		n := m.marked.to - m.marked.from
		texts = append(texts, counted(max(n, -n)+1, "line")+" selected")
	}
	if f := m.view.filter; f != nil {
		texts = append(texts, fmt.Sprintf("&%s (%d)", f.text, len(m.view.lines)))
	}
	if s := &m.search; s.pattern != nil && (s.jump || s.next < len(m.view.lines)) {
		texts = append(texts, fmt.Sprintf("/%s (searching…)", s.pattern.text))
	} else if s.pattern != nil {
		texts = append(texts, fmt.Sprintf("/%s (%d of %d)", s.pattern.text, m.hitNow()+1, len(s.hits)))
	}
	if m.view.hold {
		texts = append(texts, fmt.Sprintf("↓%d new", m.view.fresh))
	}
	return strings.Join(texts, "  ")
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

// hasWords reports whether there is something to say even where there is no frame.
func (m *Model) hasWords() bool {
	return m.prompt != nil || m.confirm != nil || m.message.text != "" || m.link.state == ended || m.link.suspended != 0 ||
		m.marked != nil || len(m.asked) > 0
}

// drawStatus draws the last row: what is typed, asked or said, else the keys that matter now.
func (m *Model) drawStatus(g *Grid) {
	y := g.height - 1
	g.put(0, y, g.width, cellsOf(spaces(g.width), ""))
	if p := m.prompt; p != nil {
		typed := cellsOf(string(p.kind)+p.text, "")
		for columnsIn(typed) > g.width-1 && len(typed) > 0 {
			typed = typed[1:]
		}
		x := g.put(0, y, g.width, typed)
		g.cursor = &[2]int{min(x, g.width-1), y}
		return
	}
	text, look := m.statusText()
	g.write(0, y, g.width, text, look)
}

func (m *Model) statusText() (text, look string) {
	switch {
	case m.confirm != nil:
		return m.confirm.text + " y n", bold
	case m.message.failed:
		return shapeFailed.sign + " " + m.message.text, bold + m.color(red)
	case m.message.text != "":
		return m.message.text, bold
	case m.link.suspended != 0:
		return fmt.Sprintf("reeve is suspended (pid %d), and nothing is done: fg in its terminal, or kill -CONT %d", m.link.suspended, m.link.suspended), bold + m.color(yellow)
	case len(m.asked) > 0:
		return m.askedText(), bold
	case m.link.state == ended:
		return m.link.end + " (q leaves)", bold
	}
	return m.hintText(), dim
}

// askedText says what has not been answered yet.
func (m *Model) askedText() string {
	r := m.asked[len(m.asked)-1]
	if r.slow {
		return r.text + "… (no answer yet)"
	}
	return r.text + "…"
}

// hintText has the few keys that matter now.
func (m *Model) hintText() string {
	switch {
	case m.marked != nil:
		return "j k select  y copy  Esc leave"
	case m.search.pattern != nil:
		return "n N older, newer match  y copy  f follow  Esc end search  ? keys"
	case m.view.hold:
		return "f follow  / search  V select  v $PAGER  ? keys  q leave"
	}
	return "? keys  q leave  " + m.steerHint() + "j k choose  / search  & filter  V select  v $PAGER"
}

// steerHint has the keys that do something with what is chosen.
func (m *Model) steerHint() string {
	switch r := m.current(); {
	case r.name == all:
		return ""
	case r.of == nil:
		return "+ start one  "
	case r.of.Pid == 0:
		return "S start  "
	}
	return "Enter attach  r restart  s stop  "
}

// helpLines are all keys, with what they do broken into lines where it is too long.
func helpLines(width int) (lines []string) {
	for _, k := range Keys() {
		line := fmt.Sprintf(" %-9s", k[0])
		for word := range strings.FieldsSeq(k[1]) {
			if widthOf(line)+1+len(word) > width && widthOf(line) > helpColumn {
				lines, line = append(lines, line), spaces(helpColumn-1)
			}
			line += " " + word
		}
		lines = append(lines, line)
	}
	return lines
}

// helpColumn is where it begins that says what keys do.
const helpColumn = 11

func (m *Model) drawHelp(g *Grid) {
	for y, line := range helpLines(m.Width)[min(m.help-1, len(helpLines(m.Width))):] {
		if y == g.height-1 {
			break
		}
		g.write(0, y, g.width, line, "")
	}
	g.write(0, g.height-1, g.width, " j k go on  any other key goes back", dim)
}
