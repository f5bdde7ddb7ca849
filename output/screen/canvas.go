package screen

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// canvas is what the process that the terminal belongs to has on the screen and may
// still change: the rows since its last newline, and where the cursor is. It knows as
// much of a terminal as programs use that edit a line (ECMA-48, and xterm where that is
// silent). A program that goes anywhere on the screen is away from its line.
type canvas struct {
	columns int
	Raw     bool // a newline goes down and not to the left as well
	rows    []canvasRow
	above   []canvasRow // those on the screen above, while nothing else has come between
	cursor  position
	saved   position
	style   Style
	look    string // the style as a sequence
	modes   Modes
	insert  bool // characters move those to the right of them
	noWrap  bool // a full row stays full
	region  bool // a part of the screen scrolls alone
	// A region was left behind by a program that has left the alternate screen, as vim does.
	regionLeft bool
	// The process has the alternate screen.
	alternate bool
	home      bool // the cursor has just gone to the top left
	blank     bool // the screen has just been cleared
	text      bool // a control string goes on
	last      byte
	room      int // rows that have to be made below the cursor
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
	// keptLines is how many of the lines that come together may be gone up to again.
	keptLines = 16
	noLimit   = 1 << 20 // columns, where nobody knows how many
)

func newCanvas() canvas { return canvas{columns: noLimit, rows: make([]canvasRow, 1)} }

// away reports whether the process has left its line: nothing can be put above it.
func (c *canvas) away() bool { return c.cursor.lost || c.text || c.alternate || c.region }

// write does what a terminal does with p, which ends in no unfinished character or
// sequence, and appends p to out.
func (c *canvas) write(out, p []byte) []byte {
	if n := c.over(p); n > 0 {
		out = append(out, p[:n]...)
		p = p[n:]
	}
	for len(p) > 0 {
		n := c.read(p)
		if c.room > 0 {
			out = c.appendRoom(out)
		}
		out = append(out, p[:n]...)
		if c.regionLeft {
			out, c.regionLeft = append(out, usualRegion...), false
		}
		c.last = p[n-1]
		p = p[n:]
	}
	return out
}

// over passes the lines at the beginning of p that have come to their end, and gives the
// length of them. It makes a busy process's log cheap.
func (c *canvas) over(p []byte) int {
	end := len(p)
	for range keptLines {
		if end = bytes.LastIndex(p[:end], []byte("\r\n")); end < 0 {
			return 0
		}
	}
	if c.away() || c.cursor.row < len(c.rows)-1 || !onlyColors(p[:end]) {
		return 0
	}
	c.style.Follow(p[:end])
	c.look = string(c.style.AppendTo(nil))
	c.fresh()
	c.last = '\n'
	return end + len("\r\n")
}

// onlyColors reports whether all escape sequences in p are about the look of text.
func onlyColors(p []byte) bool {
	for {
		i := bytes.IndexByte(p, esc)
		if i < 0 {
			return true
		}
		n := sequence(p[i:])
		if n < len("\x1b[m") || p[i+1] != '[' || p[i+n-1] != 'm' {
			return false
		}
		p = p[i+n:]
	}
}

// read obeys what p begins with, and gives the length of that.
func (c *canvas) read(p []byte) (n int) {
	n = 1
	switch b := p[0]; {
	case c.text:
		n = c.skipString(p)
	case b == esc:
		if n = sequence(p); n == 0 {
			// It is too long to be waited for, or the ESC that comes next breaks it off.
			n, c.text = len(p), len(p) > longestHeld
		} else {
			c.switchModes(p)
			c.escape(p[:n])
		}
	case b < ' ' || b == 0x7f:
		c.control(b)
	case b < utf8.RuneSelf:
		n = plainText(p)
		c.putPlain(p[:n])
	default:
		r, size := utf8.DecodeRune(p)
		n = size
		c.put(columnsOf(r), string(p[:n]))
	}
	return n
}

// plainText gives the length of the printable ASCII that p begins with.
func plainText(p []byte) (n int) {
	for n < len(p) && p[n] >= ' ' && p[n] < 0x7f {
		n++
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
	n := sequence(p)
	if n > 0 && string(p[:n]) != "\x1b\\" {
		c.modes.breakOff()
		c.switchModes(p)
		c.escape(p[:n])
	}
	return max(1, n)
}

func (c *canvas) control(b byte) {
	if c.alternate {
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

// newline goes down. After a carriage return, and in the last row, that is the end of
// all before it. Elsewhere it is a way to move the cursor.
func (c *canvas) newline() {
	at := &c.cursor
	ends := c.last == '\r' || !c.Raw
	if !c.Raw {
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
	if c.above = append(c.above, c.rows[:n]...); len(c.above) > 2*maxAbove {
		c.above = slices.Delete(c.above, 0, len(c.above)-maxAbove)
	}
	c.rows, c.cursor.row = slices.Delete(c.rows, 0, n), 0
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
