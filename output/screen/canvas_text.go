package screen

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// put writes a character.
func (c *canvas) put(wide int, text string) {
	if c.home, c.blank = false, false; c.away() {
		return
	}
	if wide == 0 {
		c.combine(text)
		return
	}
	c.wrap(wide)
	if c.insert {
		c.insertBlanks(wide)
	}
	at := &c.cursor
	c.fill(at.col, at.col+wide, glyph{look: c.look})
	c.rows[at.row].cells[at.col].text = text
	c.advance(wide)
}

// putPlain writes characters that take a column each: most of what there is.
func (c *canvas) putPlain(p []byte) {
	if c.home, c.blank = false, false; c.away() {
		return
	}
	for len(p) > 0 {
		c.wrap(1)
		n := min(len(p), c.columns-c.cursor.col)
		if c.insert {
			c.insertBlanks(n)
		}
		at := &c.cursor
		c.fill(at.col, at.col+n, glyph{look: c.look})
		cells := c.rows[at.row].cells[at.col:]
		for i, b := range p[:n] {
			cells[i].text = ascii[b : b+1]
		}
		c.advance(n)
		p = p[n:]
	}
}

// ascii is all of ASCII, for strings that cost nothing.
var ascii = func() string {
	var p [utf8.RuneSelf]byte
	for i := range p {
		p[i] = byte(i)
	}
	return string(p[:])
}()

// wrap makes sure that a character so wide has room where the cursor is.
func (c *canvas) wrap(wide int) {
	at := &c.cursor
	switch {
	case !at.wraps && at.col+wide <= c.columns:
		return
	case !c.noWrap:
		c.rows[at.row].wraps = true
		c.down()
		at.col = 0
	default:
		at.col = c.columns - wide
	}
	at.wraps = false
}

// advance moves the cursor past what was written.
func (c *canvas) advance(columns int) {
	at := &c.cursor
	if at.col += columns; at.col >= c.columns {
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
	if n := to - len(row.cells); n > 0 {
		row.cells = slices.Grow(row.cells, n)
	}
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
