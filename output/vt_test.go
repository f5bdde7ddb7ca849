package output

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// vt is a tiny terminal with room for as many rows as it takes, and as many columns
// unless a number is given. It reads control characters as https://vt100.net/emu/dec_ansi_parser describes, and
// knows nothing of how package output follows them.
type vt struct {
	rows     []row
	row, col int
	saved    [2]int
	look     look
	seq      []byte // the sequence or control string that is being read

	columns int  // 0: any number
	raw     bool // "\n" goes down only
	wraps   bool // the next character goes to the next row
	insert  bool
	noWrap  bool
	high    bool // below the last row there is room
	main    *vt  // while this is the alternate screen
}

type row []cell

type cell struct {
	char rune
	look look
}

// look is how a character looks: attributes, colours and character set as they were
// asked for.
type look struct {
	set     [80]bool
	ink     [3]string // foreground, background, underline
	charset string
}

// display shows bytes on a new screen.
func display(p []byte) *vt {
	t := &vt{rows: []row{nil}}
	t.write(p)
	return t
}

func (t *vt) write(p []byte) {
	for len(p) > 0 {
		r, n := utf8.DecodeRune(p)
		if len(t.seq) > 0 {
			r, n = rune(p[0]), 1
		}
		t.read(r)
		p = p[n:]
	}
}

func (t *vt) read(r rune) {
	switch {
	case r == 0x1b:
		t.seq = []byte{0x1b}
	case r == 0x18 || r == 0x1a: // CAN, SUB
		t.seq = nil
	case t.inString():
		if r == 7 {
			t.seq = nil
		}
	case r == '\r':
		t.col, t.wraps = 0, false
	case r == '\n':
		t.down()
		if !t.raw { // a terminal's driver makes "\r\n" of it
			t.col = 0
		}
	case r == '\b':
		t.col, t.wraps = max(0, t.col-1), false
	case r == '\t':
		t.col = t.column((t.col/8 + 1) * 8)
	case r < ' ' || r == 0x7f:
	case len(t.seq) > 0:
		t.readSequence(byte(r))
	default:
		t.put(r)
	}
}

// inString reports whether a control string is being read: OSC, DCS, PM, APC or SOS.
func (t *vt) inString() bool {
	return len(t.seq) == 2 && strings.IndexByte("]P^_X", t.seq[1]) >= 0
}

func (t *vt) readSequence(b byte) {
	t.seq = append(t.seq, b)
	csi := t.seq[1] == '['
	switch {
	case b > 0x7f: // terminals differ; this one gives the sequence up
	case t.inString(), b < 0x30, csi && len(t.seq) == 2, csi && b < 0x40:
		return
	case csi && b == 'm':
		t.look.sgr(string(t.seq[2 : len(t.seq)-1]))
	case csi:
		t.move(string(t.seq[2:len(t.seq)-1]), b)
	case b == '7' && len(t.seq) == 2:
		t.saved = [2]int{t.row, t.col}
	case b == '8' && len(t.seq) == 2:
		t.row, t.col = t.saved[0], t.saved[1]
	case string(t.seq) == "\x1bc":
		t.look = look{}
	case t.seq[1] == '(':
		t.look.charset = string(t.seq[2:])
		if t.look.charset == "B" {
			t.look.charset = ""
		}
	}
	t.seq = nil
}

func (t *vt) put(r rune) {
	wide := 1
	switch {
	case unicode.Is(unicode.Mn, r):
		return
	case r >= 0x1100 && (r < 0x1160 || r >= 0x2e80 && r < 0xa4d0 || r >= 0xac00 && r < 0xd7a4 || r >= 0x1f300):
		wide = 2
	}
	if t.columns > 0 && (t.wraps || t.col+wide > t.columns) {
		if t.noWrap {
			t.col = t.columns - wide
		} else {
			t.down()
			t.col = 0
		}
	}
	t.wraps = false
	if t.insert {
		t.insertAt(wide)
	}
	t.set(t.col, t.col+wide, cell{0, t.look})
	t.rows[t.row][t.col].char = r
	if t.col += wide; t.columns > 0 && t.col >= t.columns {
		t.col, t.wraps = t.columns-1, true
	}
}

// set changes columns, and no half of a wide character survives alone.
func (t *vt) set(from, to int, c cell) {
	line := &t.rows[t.row]
	for len(*line) < to {
		*line = append(*line, cell{char: ' '})
	}
	for _, i := range []int{from, to} {
		if i > 0 && i < len(*line) && (*line)[i].char == 0 {
			(*line)[i-1].char, (*line)[i].char = ' ', ' '
		}
	}
	for i := from; i < to; i++ {
		(*line)[i] = c
	}
}

func (t *vt) down() {
	t.wraps = false
	if t.row++; t.row == len(t.rows) {
		t.rows = append(t.rows, nil)
	}
}

// column gives a column that there is.
func (t *vt) column(n int) int {
	if t.columns > 0 {
		n = min(n, t.columns-1)
	}
	return max(0, n)
}

func (t *vt) insertAt(n int) {
	line := &t.rows[t.row]
	t.set(t.col, t.col, cell{})
	*line = slices.Insert(*line, t.col, slices.Repeat([]cell{t.blank()}, n)...)
	if t.columns > 0 && len(*line) > t.columns {
		t.set(t.columns, t.columns, cell{})
		*line = (*line)[:t.columns]
	}
}

// blank is what is left where something is erased.
func (t *vt) blank() cell {
	c := cell{char: ' '}
	c.look.ink[1] = t.look.ink[1]
	return c
}

// move obeys a control sequence that is not about the look of text.
func (t *vt) move(params string, final byte) {
	what, _ := strconv.Atoi(params)
	n, line := max(1, what), &t.rows[t.row]
	switch final {
	case 'A':
		t.row, t.wraps = max(0, t.row-n), false
	case 'B':
		for t.wraps = false; n > 0 && (t.row < len(t.rows)-1 || t.high); n-- {
			t.down()
		}
	case 'C':
		t.col, t.wraps = t.column(t.col+n), false
	case 'D':
		t.col, t.wraps = t.column(t.col-n), false
	case 'G':
		t.col, t.wraps = t.column(n-1), false
	case 'H':
		t.row, t.col, t.wraps = 0, 0, false
	case 'K':
		t.eraseLine(what)
	case 'J':
		if what == 2 {
			clear(t.rows)
			return
		}
		clear(t.rows[t.row+1:])
		t.eraseLine(0)
	case 'P':
		t.set(t.col, t.col, cell{})
		t.set(min(t.col+n, len(*line)), min(t.col+n, len(*line)), cell{})
		*line = slices.Delete(*line, min(t.col, len(*line)), min(t.col+n, len(*line)))
		t.wraps = false
	case '@':
		t.insertAt(n)
		t.wraps = false
	case 'X':
		t.set(t.col, t.column(t.col+n-1)+1, t.blank())
		t.wraps = false
	case 'h', 'l':
		t.mode(params, final == 'h')
	}
}

func (t *vt) eraseLine(what int) {
	from, to := 0, max(len(t.rows[t.row]), t.columns)
	switch what {
	case 0:
		from = t.col
	case 1:
		to = t.col + 1
	}
	t.set(min(from, to), to, t.blank())
	t.wraps = false
}

func (t *vt) mode(params string, on bool) {
	switch {
	case params == "4":
		t.insert = on
	case params == "?7":
		t.noWrap = !on
	case params == "?1049" && on && t.main == nil:
		main := *t
		*t = vt{rows: []row{nil}, columns: t.columns, raw: t.raw, look: t.look, main: &main}
	case params == "?1049" && !on && t.main != nil:
		look := t.look
		*t = *t.main
		t.look = look
	}
}

// plain reports whether what came next would look as the terminal makes it look by
// itself.
func (t *vt) plain() bool { return t.seq == nil && t.look == look{} }

func (r row) String() string {
	var b strings.Builder
	for _, c := range r {
		if c.char != 0 { // the right half of a wide character
			b.WriteRune(c.char)
		}
	}
	return b.String()
}

// text gives what stands on the screen.
func (t *vt) text() (lines []string) {
	for _, r := range t.rows {
		lines = append(lines, r.String())
	}
	return lines
}

// ended has what the codes that end attributes end.
var ended = map[int][]int{
	10: {11, 12, 13, 14, 15, 16, 17, 18, 19}, 22: {1, 2}, 23: {3, 20}, 24: {4, 21}, 25: {5, 6}, 27: {7},
	28: {8}, 29: {9}, 50: {26}, 54: {51, 52}, 55: {53}, 65: {60, 61, 62, 63, 64}, 75: {73, 74},
}

// sgr obeys what a Select Graphic Rendition sequence says.
func (l *look) sgr(params string) {
	if strings.Trim(params, "0123456789;:") != "" {
		return
	}
	for list := strings.Split(params, ";"); len(list) > 0; list = list[1:] {
		color := list[0]
		if color == "38" || color == "48" || color == "58" {
			n := colorParams(list)
			if n == 0 {
				continue
			}
			color = strings.Join(list[:n], ";")
			list = list[n-1:]
		}
		l.obey(color)
	}
}

// colorParams gives how many parameters of the old form make a colour; 0: none do.
func colorParams(list []string) int {
	switch {
	case len(list) >= 3 && list[1] == "5":
		return 3
	case len(list) >= 5 && list[1] == "2":
		return 5
	}
	return 0
}

func (l *look) obey(param string) {
	number, _, _ := strings.Cut(strings.Replace(param, ";", ":", 1), ":")
	code, _ := strconv.Atoi(number)
	switch {
	case code == 0:
		*l = look{charset: l.charset}
	case param == "4:0":
		l.set[4], l.set[21] = false, false
	case ended[code] != nil:
		for _, c := range ended[code] {
			l.set[c] = false
		}
	case code >= 30 && code <= 38, code >= 90 && code <= 97:
		l.ink[0] = param
	case code >= 40 && code <= 48, code >= 100 && code <= 107:
		l.ink[1] = param
	case code == 58:
		l.ink[2] = param
	case code == 39, code == 49, code == 59:
		l.ink[code/10-3] = ""
	case code < len(l.set):
		l.set[code] = true
	}
}

func (l look) String() string {
	var words []string
	for code, on := range l.set {
		if on {
			words = append(words, strconv.Itoa(code))
		}
	}
	return fmt.Sprintf("%v %q %q", words, l.ink, l.charset)
}
