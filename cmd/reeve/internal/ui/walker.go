package ui

import (
	"strings"
	"unicode/utf8"

	"reeve/output/screen"
)

// cell is a place on the screen: a character, with whatever combines with it, and its look.
type cell struct {
	text  string // empty: the character before it is wide, and goes on here
	look  string // what makes a terminal show it so, from the default
	width int
}

// tabStop is how far tabs are apart.
const tabStop = 8

// walker goes through a text and makes cells of it. Escape sequences are not text: those that
// colour it change the look of what follows, and all others are taken out.
type walker struct {
	text   []byte
	at     int
	plain  int // how much of the plain text is before this, in bytes
	column int // where the next cell comes, for tabs
	style  screen.Style
	look   string
	bare   bool // no colours

	run int // the end of the printable text around here
}

// newWalker goes through the text of a line.
func newWalker(l *Line, bare bool) *walker {
	w := &walker{text: l.Text, bare: bare}
	if l.look != "" {
		w.render([]byte(l.look[len("\x1b[") : len(l.look)-1]))
	}
	return w
}

// next gives the next cell. Not ok: there is none.
func (w *walker) next() (c cell, ok bool) {
	for w.at < len(w.text) {
		if w.at >= w.run {
			w.run = w.at + screen.Printable(w.text[w.at:])
		}
		if w.at == w.run {
			if c, ok := w.control(); ok {
				return c, true
			}
			continue
		}
		if c := w.character(); c.width > 0 {
			c.look = w.look
			w.column += c.width
			return c, true
		}
	}
	return cell{}, false
}

// control goes past what is not printable. A byte that is no UTF-8 has a cell.
func (w *walker) control() (c cell, ok bool) {
	p := w.text[w.at:]
	if n := screen.SGR(p); n > 0 {
		w.render(p[len("\x1b[") : n-1])
		w.at += n
		return c, false
	}
	size, isText := sequence(p)
	if w.at += size; !isText {
		return c, false
	}
	w.plain += len(string(utf8.RuneError))
	w.column++
	return cell{string(utf8.RuneError), w.look, 1}, true
}

// render takes a new look.
func (w *walker) render(params []byte) {
	if w.bare {
		params = withoutColors(params)
	}
	w.style.Render(params)
	w.look = lookOf(&w.style)
}

// character goes past a character of the printable text. Most are of ASCII and stand alone.
func (w *walker) character() cell {
	p := w.text[w.at:w.run]
	switch b := p[0]; {
	case b == '\t':
		w.at, w.plain = w.at+1, w.plain+1
		n := tabStop - w.column%tabStop
		return cell{text: spaces(n), width: n}
	case b < utf8.RuneSelf && (len(p) == 1 || p[1] < utf8.RuneSelf):
		w.at, w.plain = w.at+1, w.plain+1
		return cell{text: ascii[b : b+1], width: 1}
	}
	if r, n := utf8.DecodeRune(p); r == utf8.RuneError && n == 1 {
		w.at, w.plain = w.at+1, w.plain+1
		return cell{text: string(utf8.RuneError), width: 1}
	}
	size, columns := group(p)
	w.at, w.plain = w.at+size, w.plain+size
	if text := withoutDirections(string(p[:size])); text != "" {
		return cell{text: text, width: columns}
	}
	return cell{}
}

// ascii has every character of ASCII in its place, so that no string has to be made of one.
const ascii = "................................" + ` !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_` + "`abcdefghijklmnopqrstuvwxyz{|}~."

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

// withoutDirections takes out the marks that would turn the rest of the row around.
func withoutDirections(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
}

// withoutColors leaves only what is no colour of the parameters of an SGR sequence.
func withoutColors(params []byte) []byte {
	var left []string
	words := strings.Split(string(params), ";")
	for i := 0; i < len(words); i++ {
		code := words[i]
		number, _, isList := strings.Cut(code, ":")
		switch {
		case number == "38", number == "48", number == "58":
			if !isList && i+1 < len(words) {
				i += map[string]int{"5": 2, "2": 4}[words[i+1]]
			}
		case len(number) == 2 && number[0] >= '3' && number[0] <= '5' && number != "53" && number != "55", len(number) == 3, len(number) == 2 && number[0] == '9':
		default:
			left = append(left, code)
		}
	}
	if len(left) == 0 {
		return []byte("39") // the usual colour, which it is
	}
	return []byte(strings.Join(left, ";"))
}

// cellsOf are the cells of a text of reeve's own.
func cellsOf(text, look string) (cells []cell) {
	w := walker{text: []byte(text)}
	for {
		c, ok := w.next()
		if !ok {
			return cells
		}
		c.look = look
		cells = append(cells, c)
	}
}

// widthOf is how many columns a text takes.
func widthOf(text string) (columns int) {
	for _, c := range cellsOf(text, "") {
		columns += c.width
	}
	return columns
}
