package output

import "bytes"

// Control characters that begin or end sequences.
const (
	bel = 0x07
	can = 0x18
	sub = 0x1a
	esc = 0x1b
)

// reset is SGR 0: the default look (ECMA-48, 8.3.117).
const reset = "\x1b[0m"

// style follows what the escape sequences of a text do to the look of what comes
// after them (SGR, ECMA-48 8.3.117, with the colours of ITU T.416), so that a line's
// look can be ended with the line and taken up again on the process's next one.
type style struct {
	attributes uint64           // one bit for each SGR code from 1 to 63 that is in force
	colors     [3]colorSequence // foreground, background, underline
	charset    bool             // ESC ( x has chosen a character set other than ASCII
	inString   bool             // in a control string (OSC, DCS, …) or a sequence that has no end yet
	odd        bool             // there was a sequence of which terminals make different things
}

// colorSequence is the part of an SGR sequence that sets a colour, such as
// "38;2;255;128;0"; empty: the default colour.
type colorSequence struct {
	text [24]byte
	n    int
}

// plain says whether text looks as the terminal makes it look by itself.
func (st *style) plain() bool {
	return st.attributes == 0 && !st.charset && !st.inString && !st.odd &&
		st.colors[0].n+st.colors[1].n+st.colors[2].n == 0
}

// appendTo takes the look up again.
func (st *style) appendTo(out []byte) []byte {
	if st.plain() {
		return out
	}
	begin := len(out)
	out = append(out, "\x1b["...)
	for code := range 64 {
		if st.attributes&(1<<code) != 0 {
			out = append(appendInt(out, code), ';')
		}
	}
	for i := range st.colors {
		if c := &st.colors[i]; c.n > 0 {
			out = append(append(out, c.text[:c.n]...), ';')
		}
	}
	if out[len(out)-1] != ';' {
		return out[:begin]
	}
	out[len(out)-1] = 'm'
	return out
}

// appendEnd ends the look, so that what follows is plain. A control string or a
// character set ends for good; colours and attributes are still known to appendTo.
func (st *style) appendEnd(out []byte) []byte {
	switch {
	case st.plain():
		return out
	case st.inString, st.odd:
		out = append(out, "\x1b\\\x1b(B"...)
	case st.charset:
		out = append(out, "\x1b(B"...)
	}
	st.inString, st.odd, st.charset = false, false, false
	return append(out, reset...)
}

// follow reads text for the sequences that change its look.
func (st *style) follow(p []byte) {
	for {
		i := bytes.IndexByte(p, esc)
		if st.inString {
			st.leaveString(p, i)
		}
		if i < 0 {
			return
		}
		p = p[i:]
		n := sequence(p)
		if n == 0 {
			st.inString, st.odd = true, true // appendEnd will break it off
			return
		}
		st.obey(p[:n])
		p = p[n:]
	}
}

// leaveString ends a control string where terminals do: at BEL or at the next ESC,
// which p has at next. It should be that of ESC \.
func (st *style) leaveString(p []byte, next int) {
	if next < 0 {
		st.inString = bytes.IndexByte(p, bel) < 0
		return
	}
	st.inString = false
	st.odd = st.odd || !bytes.HasPrefix(p[next+1:], []byte{'\\'}) && bytes.IndexByte(p[:next], bel) < 0
}

// obey applies one escape sequence.
func (st *style) obey(seq []byte) {
	last := seq[len(seq)-1]
	switch {
	case !wellFormed(seq):
		st.odd = true
	case seq[1] == '[' && last == 'm':
		st.sgr(seq[2 : len(seq)-1])
	case seq[1] == ']':
		st.inString = true
	case bytes.IndexByte([]byte("P^_X"), seq[1]) >= 0:
		// BEL ends these in some terminals only.
		st.inString, st.odd = true, true
	case seq[1] == '(':
		st.charset = len(seq) != 3 || last != 'B'
	case seq[1] == 'c':
		*st = style{} // RIS, the terminal's reset
	}
}

// wellFormed says whether all terminals make the same of an escape sequence: it has
// its final byte, and nothing in between that does not belong there.
func wellFormed(seq []byte) bool {
	final := byte(0x30)
	if len(seq) > 1 && seq[1] == '[' {
		final = 0x40
	}
	for _, b := range seq[1:] {
		if b < 0x20 || b > 0x7e {
			return false
		}
	}
	return len(seq) > 1 && seq[len(seq)-1] >= final
}

// maxParams is how many parameters of one sequence every terminal reads.
const maxParams = 16

// sgr applies the parameters of one SGR sequence.
func (st *style) sgr(params []byte) {
	if !isParams(params) || bytes.Count(params, []byte{';'}) >= maxParams {
		st.odd = true // something else that ends in "m", such as "ESC[>4;2m"
		return
	}
	for more := true; more; {
		n := bytes.IndexByte(params, ';')
		if n < 0 {
			n = len(params)
		}
		switch string(params[:n]) {
		case "38", "48", "58":
			n = st.extended(params)
		default:
			st.attribute(params[:n])
		}
		if more = n < len(params); more {
			params = params[n+1:]
		}
	}
}

// isParams says whether p is numbers, with ":" and ";" between them.
func isParams(p []byte) bool {
	for _, b := range p {
		if b < '0' || b > ';' {
			return false
		}
	}
	return true
}

// extended applies a colour that is given in the old way, "38;5;n" or "38;2;r;g;b",
// and gives the length of its parameters.
func (st *style) extended(params []byte) int {
	more := 2 // ";5;n"
	switch {
	case bytes.HasPrefix(params[2:], []byte(";2;")):
		more = 4 // ";2;r;g;b"
	case !bytes.HasPrefix(params[2:], []byte(";5;")):
		st.odd = true
		return 2
	}
	n := 2
	for ; more > 0 && n < len(params); more-- {
		if next := bytes.IndexByte(params[n+1:], ';'); next >= 0 {
			n += 1 + next
		} else {
			n = len(params)
		}
	}
	if more > 0 || bytes.IndexByte(params[:n], ':') >= 0 {
		st.odd = true
	} else {
		st.attribute(params[:n])
	}
	return n
}

// fonts are the attributes for SGR 11 to 19.
const fonts = 1<<20 - 1<<11

// attribute applies one parameter, an extended colour counting as one.
func (st *style) attribute(p []byte) {
	code := leadingInt(p)
	switch {
	case code == 0:
		charset, odd := st.charset, st.odd
		*st = style{charset: charset, odd: odd}
	case code == 10:
		st.attributes &^= fonts
	case code == 22:
		st.attributes &^= 1<<1 | 1<<2
	case code == 23:
		st.attributes &^= 1<<3 | 1<<20
	case code == 24, string(p) == "4:0":
		st.attributes &^= 1<<4 | 1<<21
	case code == 25:
		st.attributes &^= 1<<5 | 1<<6
	case code >= 27 && code <= 29:
		st.attributes &^= 1 << (code - 20)
	case code >= 30 && code <= 38, code >= 90 && code <= 97:
		st.color(0, p)
	case code >= 40 && code <= 48, code >= 100 && code <= 107:
		st.color(1, p)
	case code == 58:
		st.color(2, p)
	case code == 39, code == 49, code == 59:
		st.colors[code/10-3].n = 0
	case code == 54:
		st.attributes &^= 1<<51 | 1<<52
	case code == 55:
		st.attributes &^= 1 << 53
	case code < 64:
		st.attributes |= 1 << code
	default:
		st.odd = true
	}
}

func (st *style) color(i int, p []byte) {
	c := &st.colors[i]
	if c.n = copy(c.text[:], p); c.n < len(p) {
		st.odd, c.n = true, 0
	}
}

// longestHeld is the longest escape sequence or control string that a line is not
// shown with before its end has come.
const longestHeld = 512

// unfinished gives the number of bytes at the end of p that begin an escape sequence
// or a control string and do not end it.
func unfinished(p []byte) int {
	i := bytes.LastIndexByte(p, esc)
	if i < 0 || len(p)-i > longestHeld {
		return 0
	}
	p = p[i:]
	n := sequence(p)
	if n > 0 && (bytes.IndexByte([]byte("]P^_X"), p[1]) < 0 || bytes.IndexByte(p[n:], bel) >= 0) {
		return 0
	}
	return len(p)
}

// sequence gives the length of the escape sequence that p begins with, of a control
// string only that of its introducer; 0: it has no end in p. What breaks a sequence
// off is not counted. Other control characters do not: terminals obey them and read
// on (https://vt100.net/emu/dec_ansi_parser).
func sequence(p []byte) int {
	begin, final := 1, byte(0x30)
	if len(p) > 1 && p[1] == '[' {
		begin, final = 2, 0x40
	}
	for i := begin; i < len(p); i++ {
		switch b := p[i]; {
		case b == esc, b == can, b == sub, b > 0x7f:
			return i
		case b >= final && b < 0x7f:
			return i + 1
		}
	}
	return 0
}

// leadingInt reads the number that p begins with.
func leadingInt(p []byte) int {
	n := 0
	for _, b := range p {
		if b < '0' || b > '9' || n > 1000 {
			break
		}
		n = n*10 + int(b-'0')
	}
	return n
}

func appendInt(out []byte, n int) []byte {
	if n >= 10 {
		out = append(out, byte('0'+n/10))
	}
	return append(out, byte('0'+n%10))
}
