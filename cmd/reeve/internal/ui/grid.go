package ui

import (
	"strconv"
	"unicode/utf8"

	"reeve/output/screen"
)

// Grid is what the screen is to show: rows of cells.
type Grid struct {
	width, height int
	cells         []cell
	cursor        *[2]int // where the cursor is; nil: it is hidden
}

// blank is a cell with nothing in it.
var blank = cell{" ", "", 1}

func newGrid(width, height int) *Grid {
	g := &Grid{width: width, height: height, cells: make([]cell, width*height)}
	for i := range g.cells {
		g.cells[i] = blank
	}
	return g
}

func (g *Grid) row(y int) []cell { return g.cells[y*g.width : (y+1)*g.width] }

// put puts cells into a row from x on, up to an end, and returns where they end.
func (g *Grid) put(x, y, end int, cells []cell) int {
	if end = min(end, g.width); y < 0 || y >= g.height {
		return x
	}
	row := g.row(y)
	for _, c := range cells {
		if x+c.width > end {
			break
		}
		if c.width > 1 && isBlank(c.text) { // a tab
			for range c.width {
				row[x] = cell{" ", c.look, 1}
				x++
			}
			continue
		}
		row[x] = c
		if x++; c.width == 2 {
			row[x] = cell{}
			x++
		}
	}
	return x
}

func isBlank(s string) bool { return len(s) > 0 && s[0] == ' ' }

// write puts a text of reeve's own into a row. If there is not enough room, it ends in "…".
func (g *Grid) write(x, y, end int, text, look string) int {
	cells := cellsOf(text, look)
	end = min(end, g.width)
	if columnsIn(cells) > end-x {
		cells = append(cut(cells, end-x-1), cell{"…", look, 1})
	}
	return g.put(x, y, end, cells)
}

func columnsIn(cells []cell) (n int) {
	for _, c := range cells {
		n += c.width
	}
	return n
}

// cut leaves as many cells as there is room for.
func cut(cells []cell, room int) []cell {
	for i, c := range cells {
		if room -= c.width; room < 0 {
			return cells[:i:i]
		}
	}
	return cells
}

// fill gives a part of a row a look.
func (g *Grid) fill(x, y, end int, look string) {
	if y < 0 || y >= g.height {
		return
	}
	for row := g.row(y); x < min(end, g.width); x++ {
		row[x].look += look
	}
}

// Painter draws grids on a terminal: only what differs from the one before, and no row that is the
// same. It remembers what the terminal shows.
type Painter struct{ shown *Grid }

// Forget has the next grid be drawn in full.
func (p *Painter) Forget() { p.shown = nil }

// Paint gives what makes the terminal show a grid.
func (p *Painter) Paint(g *Grid) (out []byte) {
	if p.shown == nil || p.shown.width != g.width || p.shown.height != g.height {
		p.shown = newGrid(g.width, g.height)
		out = append(out, screen.Reset+"\x1b[2J"...)
	}
	for y := range g.height {
		out = paintRow(out, y, p.shown.row(y), g.row(y))
	}
	if c := g.cursor; c != nil {
		out = append(appendPlace(out, c[0], c[1]), "\x1b[?25h"...)
	} else if p.shown.cursor != nil {
		out = append(out, "\x1b[?25l"...)
	}
	p.shown = g
	return out
}

// paintRow draws what differs in a row.
func paintRow(out []byte, y int, before, now []cell) []byte {
	first, end := 0, len(now)
	for first < end && before[first] == now[first] {
		first++
	}
	if first == end {
		return out
	}
	for end > first && before[end-1] == now[end-1] {
		end--
	}
	for first > 0 && (now[first].width == 0 || before[first].width == 0) {
		first-- // half of a wide character
	}
	rest := len(now)
	for rest > first && now[rest-1] == blank {
		rest--
	}
	out = append(appendPlace(out, first, y), screen.Reset...)
	look, lost := "", false
	for x := first; x < min(end, rest); x++ {
		c := now[x]
		if c.width == 0 {
			continue
		}
		if lost {
			out = appendColumn(out, x)
		}
		if c.look != look {
			out = append(append(out, screen.Reset...), c.look...)
			look = c.look
		}
		out = append(out, c.text...)
		lost = c.text[0] >= utf8.RuneSelf // terminals do not agree on how wide it is
	}
	if end > rest {
		out = append(append(appendColumn(out, max(rest, first)), screen.Reset...), "\x1b[K"...)
	} else if look != "" {
		out = append(out, screen.Reset...)
	}
	return out
}

// appendPlace moves the cursor to a place; the first is 0, 0.
func appendPlace(out []byte, x, y int) []byte {
	out = strconv.AppendInt(append(out, "\x1b["...), int64(y)+1, 10)
	out = strconv.AppendInt(append(out, ';'), int64(x)+1, 10)
	return append(out, 'H')
}

// appendColumn moves the cursor within its row.
func appendColumn(out []byte, x int) []byte {
	return append(strconv.AppendInt(append(out, "\x1b["...), int64(x)+1, 10), 'G')
}
