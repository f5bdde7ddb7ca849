package output

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// canvas is what the process that the terminal belongs to has on the screen and may
// still change: the rows since its last newline, and where the cursor is. It knows as
// much of a terminal as programs use that edit a line (ECMA-48, and xterm where that is
// silent). A program that goes anywhere on the screen is away from its line.
type canvas struct {
	columns int
	raw     bool // a newline goes down and not to the left, too
	rows    []canvasRow
	above   []canvasRow // those on the screen above, while nothing else has come between
	cursor  position
	saved   position
	style   style
	look    string // the style as a sequence
	modes   modes
	insert  bool // characters move those to the right of them
	home    bool // the cursor has just gone to the top left
	blank   bool // the screen has just been cleared
	text    bool // a control string goes on
	last    byte
	room    int // rows that have to be made below the cursor
}

// position is where the cursor is.
type position struct {
	row, col int
	wraps    bool // the last column is full: the next character goes to the next row
	lost     bool // it is not known where
}

// canvasRow is a row of the screen.
type canvasRow struct {
	cells []glyph
	wraps bool // its text goes on in the next one
}

// glyph is one column of a row. The right half of a wide character has no text.
type glyph struct{ text, look string }

const (
	maxRows  = 100
	maxAbove = 50
	noLimit  = 1 << 20 // columns, where nobody knows how many
)

func newCanvas() *canvas { return &canvas{columns: noLimit, rows: make([]canvasRow, 1)} }

// away says whether the process has left its line: nothing can be put above it.
func (c *canvas) away() bool { return c.cursor.lost || c.text || c.modes.alternate() }

// write does what a terminal does with p, which ends in no unfinished character or
// sequence, and appends p to out.
func (c *canvas) write(out, p []byte) []byte {
	for len(p) > 0 {
		n := c.read(p)
		out = c.appendRoom(out)
		out = append(out, p[:n]...)
		c.last = p[n-1]
		p = p[n:]
	}
	return out
}

// read obeys what p begins with, and gives the length of that.
func (c *canvas) read(p []byte) (n int) {
	n = 1
	switch b := p[0]; {
	case c.text:
		n = c.skipString(p)
	case b == esc:
		if n = sequence(p); n == 0 {
			n, c.text = len(p), true // it is too long to be waited for
		} else {
			c.escape(p[:n])
		}
	case b < ' ' || b == 0x7f:
		c.control(b)
	default:
		r, size := utf8.DecodeRune(p)
		n = size
		c.put(r, string(p[:n]))
	}
	return n
}

// skipString gives what of p belongs to a control string.
func (c *canvas) skipString(p []byte) int {
	i := bytes.IndexAny(p, "\a\x18\x1a\x1b")
	switch {
	case i < 0:
		return len(p)
	case i > 0:
		return i
	}
	c.text = false
	if p[0] != esc {
		return 1
	}
	n := max(1, sequence(p))
	if string(p[:n]) != "\x1b\\" {
		c.escape(p[:n])
	}
	return n
}

func (c *canvas) control(b byte) {
	if c.modes.alternate() {
		return
	}
	c.home = false
	at := &c.cursor
	switch b {
	case '\r':
		at.col, at.wraps = 0, false
		if c.last == '\n' {
			c.release()
		}
	case '\b':
		at.col, at.wraps = max(0, at.col-1), false
	case '\t':
		at.col = min(c.columns-1, at.col|7+1)
	case '\n', '\v', '\f':
		c.newline()
	}
}

// newline goes down. Behind a carriage return, and in the last row, that is the end of
// all before it. Elsewhere it is a way to move the cursor.
func (c *canvas) newline() {
	at := &c.cursor
	ends := c.last == '\r' || !c.raw
	if !c.raw {
		at.col = 0
	}
	if at.lost && ends {
		c.fresh()
		return
	}
	at.wraps = false
	c.down()
	if ends {
		c.release()
	}
}

// down goes to the next row, which may be a new one.
func (c *canvas) down() {
	c.cursor.row++
	if c.cursor.row == len(c.rows) {
		c.rows = append(c.rows, canvasRow{})
	}
	if len(c.rows) > maxRows {
		c.rows = slices.Delete(c.rows, 0, 1)
		c.cursor.row = max(0, c.cursor.row-1)
	}
}

// release ends what is before the last row, if the cursor has come there.
func (c *canvas) release() {
	n := c.cursor.row
	if n < len(c.rows)-1 {
		return
	}
	c.above = append(c.above, c.rows[:n]...)
	c.above = slices.Clone(c.above[max(0, len(c.above)-maxAbove):])
	c.rows, c.cursor.row = slices.Clone(c.rows[n:]), 0
}

// fresh begins at the left of a row that nothing is known to be above.
func (c *canvas) fresh() {
	c.rows, c.above, c.cursor = make([]canvasRow, 1), nil, position{}
}

// up goes up, to rows that were released if need be.
func (c *canvas) up(n int) {
	at := &c.cursor
	at.wraps = false
	for ; n > 0; n-- {
		if at.row > 0 {
			at.row--
			continue
		}
		if len(c.rows) == maxRows {
			return
		}
		row := canvasRow{}
		if last := len(c.above) - 1; last >= 0 {
			row, c.above = c.above[last], c.above[:last]
		}
		c.rows = slices.Insert(c.rows, 0, row)
	}
}

// put writes a character.
func (c *canvas) put(r rune, text string) {
	c.home, c.blank = false, false
	if c.away() {
		return
	}
	at, wide := &c.cursor, columnsOf(r)
	if wide == 0 {
		c.combine(text)
		return
	}
	if at.wraps || at.col+wide > c.columns {
		if c.modes.wraps() {
			c.rows[at.row].wraps = true
			c.down()
			at.col = 0
		} else {
			at.col = c.columns - wide
		}
		at.wraps = false
	}
	if c.insert {
		c.insertBlanks(wide)
	}
	c.fill(at.col, at.col+wide, glyph{look: c.look})
	c.rows[at.row].cells[at.col].text = text
	if at.col += wide; at.col >= c.columns {
		at.col, at.wraps = c.columns-1, true
	}
}

// columnsOf gives the columns that a character takes.
func columnsOf(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

// combine adds a mark to the character before the cursor.
func (c *canvas) combine(text string) {
	cells, i := c.rows[c.cursor.row].cells, c.cursor.col
	if !c.cursor.wraps {
		i--
	}
	for i = min(i, len(cells)-1); i >= 0; i-- {
		if cells[i].text != "" {
			cells[i].text += text
			return
		}
	}
}

// fill changes the columns of a row, and makes blanks of halves of wide characters that
// are left over.
func (c *canvas) fill(from, to int, g glyph) {
	row := &c.rows[c.cursor.row]
	for len(row.cells) < to {
		row.cells = append(row.cells, glyph{text: " "})
	}
	for _, edge := range []int{from, to} {
		if edge > 0 && edge < len(row.cells) && row.cells[edge].text == "" {
			row.cells[edge-1].text, row.cells[edge].text = " ", " "
		}
	}
	for i := from; i < to; i++ {
		row.cells[i] = g
	}
}
