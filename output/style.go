package output

import "bytes"

const esc = 0x1b

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
}

// colorSequence is the part of an SGR sequence that sets a colour, such as
// "38;2;255;128;0"; empty: the default colour.
type colorSequence struct {
	text [24]byte
	n    int
}

func (c *colorSequence) set(p []byte) { c.n = copy(c.text[:], p) }

// plain says whether text looks as the terminal makes it look by itself.
func (st *style) plain() bool {
	return st.attributes == 0 && !st.charset && !st.inString &&
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
	if st.plain() {
		return out
	}
	if st.inString {
		out = append(out, "\x1b\\"...)
		st.inString = false
	}
	if st.charset {
		out = append(out, "\x1b(B"...)
		st.charset = false
	}
	if !st.plain() {
		out = append(out, reset...)
	}
	return out
}

// follow reads text for the sequences that change its look.
func (st *style) follow(p []byte) {
	for len(p) > 0 {
		if st.inString {
			n := stringEnd(p)
			if n == 0 {
				return
			}
			st.inString, p = false, p[n:]
		}
		i := bytes.IndexByte(p, esc)
		if i < 0 {
			return
		}
		p = p[i:]
		n := sequence(p)
		if n == 0 {
			st.inString = true // appendEnd will break it off
			return
		}
		st.obey(p[:n])
		p = p[n:]
	}
}

// obey applies one escape sequence.
func (st *style) obey(seq []byte) {
	switch {
	case len(seq) < 2:
	case seq[1] == '[' && seq[len(seq)-1] == 'm':
		st.sgr(seq[2 : len(seq)-1])
	case bytes.IndexByte([]byte("]P^_X"), seq[1]) >= 0:
		st.inString = true
	case seq[1] == '(' && len(seq) == 3:
		st.charset = seq[2] != 'B'
	case seq[1] == 'c':
		*st = style{} // RIS, the terminal's reset
	}
}

// sgr applies the parameters of one SGR sequence.
func (st *style) sgr(params []byte) {
	for first := true; first || len(params) > 0; first = false {
		n := bytes.IndexByte(params, ';')
		if n < 0 {
			n = len(params)
		}
		if w := colorWidth(params, n); w > n {
			n = w
		}
		st.attribute(params[:n])
		params = params[min(n+1, len(params)):]
	}
}

// colorWidth gives the length of an extended colour's parameters, "38;5;n" or
// "38;2;r;g;b", if params begins with one.
func colorWidth(params []byte, n int) int {
	switch string(params[:n]) {
	case "38", "48", "58":
	default:
		return n
	}
	more := 2 // ";5;n"
	if bytes.HasPrefix(params[n:], []byte(";2")) {
		more = 4 // ";2;r;g;b"
	}
	for ; more > 0 && n < len(params); more-- {
		if next := bytes.IndexByte(params[n+1:], ';'); next >= 0 {
			n += 1 + next
		} else {
			n = len(params)
		}
	}
	return n
}

// attribute applies one parameter, an extended colour counting as one.
func (st *style) attribute(p []byte) {
	code := leadingInt(p)
	switch {
	case code == 0:
		charset, inString := st.charset, st.inString
		*st = style{charset: charset, inString: inString}
	case code == 22:
		st.attributes &^= 1<<1 | 1<<2
	case code == 24:
		st.attributes &^= 1<<4 | 1<<21
	case code == 25:
		st.attributes &^= 1<<5 | 1<<6
	case code == 23, code >= 27 && code <= 29:
		st.attributes &^= 1 << (code - 20)
	case code >= 30 && code <= 38, code >= 90 && code <= 97:
		st.colors[0].set(p)
	case code >= 40 && code <= 48, code >= 100 && code <= 107:
		st.colors[1].set(p)
	case code == 58:
		st.colors[2].set(p)
	case code == 39, code == 49, code == 59:
		st.colors[code/10-3].n = 0
	case code == 55:
		st.attributes &^= 1 << 53
	case code < 64:
		st.attributes |= 1 << code
	}
}

// unfinished gives the number of bytes at the end of p that begin an escape sequence
// and do not end it.
func (st *style) unfinished(p []byte) int {
	i := bytes.LastIndexByte(p, esc)
	if i < 0 || len(p)-i > 64 || sequence(p[i:]) > 0 {
		return 0
	}
	return len(p) - i
}

// sequence gives the length of the escape sequence that p begins with, of a control
// string only that of its introducer; 0: it has no end in p.
func sequence(p []byte) int {
	if len(p) < 2 {
		return 0
	}
	if p[1] != '[' {
		return escapeLength(p)
	}
	for i := 2; i < len(p); i++ {
		if p[i] >= 0x40 && p[i] <= 0x7e {
			return i + 1
		}
		if p[i] < 0x20 || p[i] > 0x7e {
			return i // not a sequence after all
		}
	}
	return 0
}

// escapeLength is sequence for those that are not CSI: intermediate bytes, then one
// final byte (ECMA-35, 13.2).
func escapeLength(p []byte) int {
	for i := 1; i < len(p); i++ {
		if p[i] < 0x20 || p[i] > 0x2f {
			return i + 1
		}
	}
	return 0
}

// stringEnd gives the length of p up to and with the end of a control string: BEL
// or ESC \; 0: it has none.
func stringEnd(p []byte) int {
	for i, b := range p {
		if b == 0x07 {
			return i + 1
		}
		if b == esc && i+1 < len(p) && p[i+1] == '\\' {
			return i + 2
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
