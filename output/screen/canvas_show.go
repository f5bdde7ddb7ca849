package screen

import (
	"strconv"
	"strings"
)

// appendWipe removes the rows from the screen and leaves the cursor at the left, with
// nothing in force of what the process has asked for.
func (c *canvas) appendWipe(out []byte) []byte {
	out = c.appendPlain(out)
	out = append(out, '\r')
	out = AppendMove(out, c.cursor.row, 'A')
	c.above = nil
	return append(out, "\x1b[J"...)
}

// appendPlain ends the process's look and what it has changed of how text is written.
func (c *canvas) appendPlain(out []byte) []byte {
	out = c.style.AppendEnd(out)
	if c.insert {
		out = append(out, "\x1b[4l"...)
	}
	if c.noWrap {
		out = append(out, "\x1b[?7h"...)
	}
	return out
}

// appendShow writes the rows again, leaves the cursor where it was, and everything in
// force again.
func (c *canvas) appendShow(out []byte) []byte {
	look := ""
	for i, row := range c.rows {
		if i > 0 && !c.flows(i-1) {
			out, look = append(appendReset(out, look), "\r\n"...), ""
		}
		for _, g := range row.cells {
			out, look = g.appendTo(out, look)
		}
	}
	out = append(appendReset(out, look), '\r')
	out = AppendMove(out, len(c.rows)-1-c.cursor.row, 'A')
	out = c.appendCursor(out)
	if c.insert {
		out = append(out, "\x1b[4h"...)
	}
	if c.noWrap {
		out = append(out, "\x1b[?7l"...)
	}
	return append(out, c.look...)
}

// appendRoom makes the rows below that the process is about to go down to: newlines do
// that even where the screen ends.
func (c *canvas) appendRoom(out []byte) []byte {
	if c.room == 0 {
		return out
	}
	for range c.room {
		out = append(out, '\n')
	}
	out = AppendMove(out, c.room, 'A')
	if c.room = 0; !c.Raw {
		out = AppendMove(out, c.cursor.col, 'C')
	}
	return out
}

// appendCursor goes from the left to where the cursor is in its row. After the last
// column it can only come to stand by writing that.
func (c *canvas) appendCursor(out []byte) []byte {
	cells, col := c.rows[c.cursor.row].cells, c.cursor.col
	if !c.cursor.wraps || col >= len(cells) {
		return AppendMove(out, col, 'C')
	}
	if cells[col].text == "" {
		col--
	}
	out = AppendMove(out, col, 'C')
	out, look := cells[col].appendTo(out, "")
	return appendReset(out, look)
}

// flows reports whether the text of a row, when it is written, goes on in the next one by
// itself.
func (c *canvas) flows(i int) bool {
	row, next := &c.rows[i], &c.rows[i+1]
	if !row.wraps || len(next.cells) == 0 {
		return false
	}
	wide := len(next.cells) > 1 && next.cells[1].text == ""
	return len(row.cells) == c.columns || wide && len(row.cells) == c.columns-1
}

func (g glyph) appendTo(out []byte, look string) ([]byte, string) {
	if g.text == "" {
		return out, look
	}
	if g.look != look {
		out = append(appendReset(out, look), g.look...)
	}
	return append(out, g.text...), g.look
}

func appendReset(out []byte, look string) []byte {
	switch {
	case look == "":
		return out
	case strings.HasPrefix(look, "\x1b]"):
		out = append(out, linkEnd...)
	}
	return append(out, Reset...)
}

// AppendMove moves the cursor by n, if that is anything.
func AppendMove(out []byte, n int, direction byte) []byte {
	if n <= 0 {
		return out
	}
	return append(strconv.AppendInt(append(out, "\x1b["...), int64(n), 10), direction)
}

// resize lays the rows out for another number of columns, as terminals do; 0: it is not
// known.
func (c *canvas) resize(columns int) {
	if columns <= 0 {
		columns = noLimit
	}
	if columns == c.columns {
		return
	}
	old, at := c.rows, c.cursor
	c.rows, c.above, c.columns = nil, nil, columns
	var text []glyph
	begin, here := 0, -1
	for i, row := range old {
		if i == at.row {
			here = len(text) + at.col
		}
		if text = append(text, row.cells...); row.wraps && i+1 < len(old) {
			continue
		}
		begin = len(c.rows)
		c.layOut(text)
		if text = nil; here >= 0 {
			c.cursor.row = min(begin+here/columns, len(c.rows)-1)
			c.cursor.col = min(here-(c.cursor.row-begin)*columns, columns-1)
			c.cursor.wraps, here = at.wraps && c.cursor.col == columns-1, -1
		}
	}
}

// layOut adds the rows that a text takes.
func (c *canvas) layOut(text []glyph) {
	for len(text) > c.columns {
		n := c.columns
		if text[n].text == "" && n > 1 {
			n--
		}
		c.rows = append(c.rows, canvasRow{text[:n:n], true})
		text = text[n:]
	}
	c.rows = append(c.rows, canvasRow{cells: text})
}
