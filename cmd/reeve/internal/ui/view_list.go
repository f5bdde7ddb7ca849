package ui

import (
	"fmt"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/instances"
)

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
	if r.of.Next != nil && r.of.Pid == 0 {
		text := soonText(*r.of.Next, more-1, time.Now())
		g.write(x+more-widthOf(text), y, x+more, text, dim)
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

// soonText is a time for which there is little room: then it is a time of day, or a day.
func soonText(at time.Time, width int, now time.Time) string {
	for _, text := range []string{app.TimeText(at, now), dayOrTime(at, now)} {
		if widthOf(text) <= width {
			return text
		}
	}
	return ""
}

func dayOrTime(at, now time.Time) string {
	if at.Sub(now) < 24*time.Hour {
		return at.Format("15:04")
	}
	return at.Format("2 Jan")
}

// number is empty for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
