package output

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// screen is a tiny terminal with room for as many rows and columns as it takes. It
// reads control characters as https://vt100.net/emu/dec_ansi_parser describes, and
// knows nothing of how package output follows them.
type screen struct {
	rows []row
	col  int
	look look
	seq  []byte // the sequence or control string that is being read
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
func display(p []byte) *screen {
	t := &screen{rows: []row{nil}}
	for len(p) > 0 {
		r, n := utf8.DecodeRune(p)
		if len(t.seq) > 0 {
			r, n = rune(p[0]), 1
		}
		t.read(r)
		p = p[n:]
	}
	return t
}

func (t *screen) read(r rune) {
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
		t.col = 0
	case r == '\n': // a terminal's driver makes "\r\n" of it
		t.rows, t.col = append(t.rows, nil), 0
	case r < ' ' || r == 0x7f:
	case len(t.seq) > 0:
		t.readSequence(byte(r))
	default:
		t.put(r)
	}
}

// inString says whether a control string is being read: OSC, DCS, PM, APC or SOS.
func (t *screen) inString() bool {
	return len(t.seq) == 2 && strings.IndexByte("]P^_X", t.seq[1]) >= 0
}

func (t *screen) readSequence(b byte) {
	t.seq = append(t.seq, b)
	csi := t.seq[1] == '['
	switch {
	case b > 0x7f: // terminals differ; this one gives the sequence up
	case t.inString(), b < 0x30, csi && len(t.seq) == 2, csi && b < 0x40:
		return
	case csi && b == 'm':
		t.look.sgr(string(t.seq[2 : len(t.seq)-1]))
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

func (t *screen) put(r rune) {
	line := &t.rows[len(t.rows)-1]
	for len(*line) <= t.col {
		*line = append(*line, cell{char: ' '})
	}
	(*line)[t.col] = cell{r, t.look}
	t.col++
}

// plain says whether what came next would look as the terminal makes it look by
// itself.
func (t *screen) plain() bool { return t.seq == nil && t.look == look{} }

func (r row) String() string {
	var b strings.Builder
	for _, c := range r {
		b.WriteRune(c.char)
	}
	return b.String()
}

// text gives what stands on the screen.
func (t *screen) text() (lines []string) {
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
