package screen

import (
	"bytes"
	"slices"
)

// escape obeys an escape sequence, of a control string its introducer.
func (c *canvas) escape(seq []byte) {
	if len(seq) < 2 {
		return
	}
	switch last := seq[len(seq)-1]; seq[1] {
	case '[':
		if len(seq) > len("\x1b[") && last >= 0x40 { // else something has broken it off
			c.csi(seq[2:len(seq)-1], last)
		}
	case ']', 'P', '^', '_', 'X', 'k':
		c.text = true
	case '(':
		c.style.obey(seq)
		c.look = string(c.style.AppendTo(nil))
	case '7':
		c.save()
	case '8':
		c.restore()
	case 'c':
		*c = canvas{columns: c.columns, Raw: c.Raw, modes: c.modes}
		c.fresh()
	case 'D':
		c.vertically(c.down)
	case 'E':
		c.last = '\r'
		c.newline()
	case 'M':
		c.vertically(func() { c.up(1) })
	}
}

func (c *canvas) vertically(move func()) {
	if !c.away() {
		c.cursor.wraps = false
		move()
	}
}

// switchModes notes what the sequence at the beginning of p switches, or the control string.
func (c *canvas) switchModes(p []byte) {
	c.modes.read(p)
	if bytes.HasPrefix(p, []byte("\x1b]8;")) {
		c.style.noteLink(p)
		c.look = string(c.style.AppendTo(nil))
	}
	had := c.alternate
	c.alternate, c.region, c.noWrap = c.modes.FullScreen(), c.modes.has("region"), c.modes.has(wrapMode)
	if had && !c.alternate && c.region {
		c.modes.forget("region")
		c.region, c.regionLeft = false, true
	}
	if had && !c.alternate && !bytes.Contains(p[:sequence(p)], []byte("1049")) {
		c.cursor.lost = true // only 1049 comes back to where the cursor was
	}
}

// csi obeys a control sequence.
func (c *canvas) csi(params []byte, final byte) {
	switch {
	case len(params) > 0 && (params[0] < '0' || params[0] > ';' || params[len(params)-1] < '0'):
		// Private to some terminals, and nothing that moves the cursor.
	case final == 'm':
		c.style.sgr(params)
		c.look = string(c.style.AppendTo(nil))
	case final == 'h', final == 'l':
		if string(params) == "4" {
			c.insert = final == 'h'
		}
	case final == 'u':
		c.restore()
	case final == 's' && len(params) == 0:
		c.save()
	case !c.alternate:
		c.move(params, final)
	}
}

// move obeys what moves the cursor, and text around it.
func (c *canvas) move(params []byte, final byte) {
	n := max(1, leadingInt(params))
	c.home = c.home && (final == 'J' || final == 'K')
	switch final {
	case 'H', 'f':
		_, column, _ := bytes.Cut(params, []byte{';'})
		c.address(n == 1 && leadingInt(column) <= 1)
		return
	case 'd', 'r', 'S', 'T':
		c.address(final == 'r')
		return
	case 'J':
		c.eraseRows(leadingInt(params))
		return
	}
	if c.cursor.lost {
		return
	}
	at := &c.cursor
	switch final {
	case 'A':
		c.up(n)
	case 'B', 'e':
		c.descend(n)
	case 'C', 'a':
		at.col, at.wraps = min(at.col+n, c.columns-1), false
	case 'D':
		at.col, at.wraps = max(0, at.col-n), false
	case 'E':
		c.descend(n)
		at.col = 0
	case 'F':
		c.up(n)
		at.col = 0
	case 'G', '`':
		at.col, at.wraps = min(n, c.columns)-1, false
	case 'K':
		c.eraseIn(leadingInt(params))
	case 'P':
		c.remove(n)
	case '@':
		c.insertBlanks(n)
		at.wraps = false
	case 'X':
		c.fill(at.col, min(at.col+n, c.columns), c.space())
		at.wraps = false
	}
}

// descend goes down, to new rows if need be. A terminal does not go below its last row,
// and the process may believe that it is higher up: others' lines have pushed it down.
func (c *canvas) descend(n int) {
	at := &c.cursor
	if at.wraps = false; n > maxRows {
		c.address(false) // it looks for the end of the screen
		return
	}
	if at.row+n >= len(c.rows) {
		c.room = n
	}
	for range n {
		c.down()
	}
}

// remove takes away what is at the cursor.
func (c *canvas) remove(n int) {
	row := &c.rows[c.cursor.row]
	from := min(c.cursor.col, len(row.cells))
	to := min(from+n, len(row.cells))
	c.fill(from, from, glyph{})
	c.fill(to, to, glyph{})
	row.cells = slices.Delete(row.cells, from, to)
	c.cursor.wraps = false
}

// address notes that the cursor has gone somewhere on the screen. Where that is can be
// told only of the top left of an empty screen.
func (c *canvas) address(home bool) {
	c.cursor.lost, c.home = true, home
	if home && c.blank {
		c.fresh()
	}
}

// save remembers where the cursor is, and restore goes back there.
func (c *canvas) save() {
	if !c.alternate {
		c.saved = c.cursor
	}
}

func (c *canvas) restore() {
	if !c.alternate {
		c.cursor = c.saved
		c.cursor.row = min(c.cursor.row, len(c.rows)-1)
	}
}

// eraseRows erases below the cursor, above it, or everything.
func (c *canvas) eraseRows(what int) {
	switch {
	case what >= 2 || what == 0 && c.home:
		if c.blank = true; c.home {
			c.fresh()
			return
		}
		for i := range c.rows {
			c.rows[i] = canvasRow{}
		}
		c.above = nil
	case c.cursor.lost:
	case what == 1:
		for i := range c.cursor.row {
			c.rows[i] = canvasRow{}
		}
		c.eraseIn(1)
	default:
		for i := c.cursor.row + 1; i < len(c.rows); i++ {
			c.rows[i] = canvasRow{}
		}
		c.eraseIn(0)
	}
}

// eraseIn erases the row from the cursor, to the cursor, or all of it.
func (c *canvas) eraseIn(what int) {
	at, row := &c.cursor, &c.rows[c.cursor.row]
	from, to := 0, len(row.cells)
	if c.style.colors[1].n > 0 && c.columns < noLimit {
		to = c.columns // in the colour of the background
	}
	switch what {
	case 0:
		from = min(at.col, to)
	case 1:
		to = min(at.col+1, to)
	}
	c.fill(from, to, c.space())
	if what != 1 {
		row.wraps = false
	}
	at.wraps = false
}

// space is what erasing leaves: of the look only the background.
func (c *canvas) space() glyph {
	background := Style{}
	background.colors[1] = c.style.colors[1]
	return glyph{" ", string(background.AppendTo(nil))}
}

// insertBlanks moves what is at the cursor to the right.
func (c *canvas) insertBlanks(n int) {
	at, row := &c.cursor, &c.rows[c.cursor.row]
	c.fill(at.col, at.col, glyph{})
	n = min(n, c.columns-at.col)
	row.cells = slices.Insert(row.cells, at.col, slices.Repeat([]glyph{c.space()}, n)...)
	if len(row.cells) > c.columns {
		c.fill(c.columns, c.columns, glyph{})
		row.cells = row.cells[:c.columns]
	}
}
