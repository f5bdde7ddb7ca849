package screen

import (
	"bytes"
	"slices"
)

// Reset is SGR 0: the default look (ECMA-48, 8.3.117).
const Reset = "\x1b[0m"

// Style follows what the escape sequences of a text do to the look of what comes
// after them (SGR, ECMA-48 8.3.117, with the colours of ITU T.416), so that a line's
// look can be ended with the line and taken up again on the process's next one.
type Style struct {
	attributes uint64           // one bit for each SGR code from 1 to 63 that is in force
	colors     [3]colorSequence // foreground, background, underline
	link       []byte           // the hyperlink that has begun, as OSC 8 has it: "8;id=a;https://…"
	charset    bool             // another character set than ASCII may be in use
	region     bool             // so may a part of the screen that scrolls alone
	inString   bool             // in a control string (OSC, DCS, …) or a sequence that has no end yet
	broken     bool             // there was a sequence that terminals end in different places
	odd        bool             // there was a colour of which terminals make different things
}

// colorSequence is the part of an SGR sequence that sets a colour, such as
// "38;2;255;128;0"; empty: the default colour.
type colorSequence struct {
	text [24]byte
	n    int
}

// Plain reports whether text looks as the terminal makes it look by itself.
func (st *Style) Plain() bool {
	return st.attributes == 0 && !st.charset && !st.region && !st.inString && !st.broken && !st.odd &&
		st.colors[0].n+st.colors[1].n+st.colors[2].n+len(st.link) == 0
}

// AppendTo takes the look up again.
func (st *Style) AppendTo(out []byte) []byte {
	if st.Plain() {
		return out
	}
	if len(st.link) > 0 {
		out = append(append(append(out, "\x1b]"...), st.link...), stringTerminator...)
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

// What ends all that escape sequences can have done to text, besides colours.
const (
	stringTerminator = "\x1b\\"
	linkEnd          = "\x1b]8;;" + stringTerminator
	usualCharset     = "\x0f\x1b(B\x1b)B"
	// Neither way to do that alone leaves the cursor where it is.
	usualRegion = "\x1b7\x1b[?6l\x1b[r\x1b8"
	// usualFont is what SGR 0 does not include in the Linux console.
	usualFont = "\x1b[10m"
)

// AppendEnd ends the look, so that what follows is plain. A control string, a character
// set or a region ends for good; the rest is still known to AppendTo.
func (st *Style) AppendEnd(out []byte) []byte {
	if st.Plain() {
		return out
	}
	if st.inString || st.broken {
		out = append(out, stringTerminator...)
	}
	if st.inString || st.broken || st.charset {
		out = append(out, usualCharset...)
	}
	if st.region {
		out = append(out, usualRegion...)
	}
	if len(st.link) > 0 {
		out = append(out, linkEnd...)
	}
	if st.attributes&fonts != 0 {
		out = append(out, usualFont...)
	}
	st.inString, st.broken, st.odd, st.charset, st.region = false, false, false, false, false
	return append(out, Reset...)
}

// MayStyle reports whether there may be anything in p that changes the look of text.
func MayStyle(p []byte) bool { return bytes.IndexByte(p, esc) >= 0 || bytes.IndexByte(p, so) >= 0 }

// Follow reads text for the sequences that change its look.
func (st *Style) Follow(p []byte) {
	st.charset = st.charset || bytes.IndexByte(p, so) >= 0
	for {
		i := bytes.IndexByte(p, esc)
		if st.inString {
			st.leaveString(p, i)
		}
		if i < 0 {
			return
		}
		p = p[i:]
		st.noteLink(p)
		n := sequence(p)
		if n == 0 {
			st.inString, st.broken = true, true // AppendEnd will break it off
			return
		}
		st.obey(p[:n])
		p = p[n:]
	}
}

// leaveString ends a control string where terminals do: at BEL or at the next ESC,
// which p has at next. It should be that of ESC \.
func (st *Style) leaveString(p []byte, next int) {
	if next < 0 {
		st.inString = bytes.IndexByte(p, bel) < 0
		return
	}
	st.inString = false
	st.broken = st.broken || !bytes.HasPrefix(p[next+1:], []byte{'\\'}) && bytes.IndexByte(p[:next], bel) < 0
}

// noteLink records the hyperlink that p begins or ends with, if it does.
func (st *Style) noteLink(p []byte) {
	if !bytes.HasPrefix(p, []byte("\x1b]8;")) {
		return
	}
	n, ended := StringEnd(p[2:])
	if link, ok := linkIn(p[:2+n]); ok && ended {
		st.setLink(link)
	} else {
		st.broken = true
	}
}

// linkIn gives what stands in a control string that begins a hyperlink or, with an empty
// address, ends one.
func linkIn(seq []byte) (link []byte, ok bool) {
	link, withBell := bytes.CutSuffix(seq[2:], []byte{bel})
	link, withST := bytes.CutSuffix(link, []byte(stringTerminator))
	return link, withBell != withST && isASCII(link) && bytes.Count(link, []byte{';'}) >= 2
}

// Link begins or ends the hyperlink that a control string is, and reports whether it is one.
func (st *Style) Link(seq []byte) bool {
	if !bytes.HasPrefix(seq, []byte("\x1b]8;")) {
		return false
	}
	link, ok := linkIn(seq)
	if ok {
		st.setLink(link)
	}
	return ok
}

// setLink begins or ends a hyperlink. Styles are copied, so it shares no memory.
func (st *Style) setLink(link []byte) {
	_, link, _ = bytes.Cut(link, []byte{';'})
	params, address, _ := bytes.Cut(link, []byte{';'})
	if st.link = nil; len(address) > 0 {
		st.link = slices.Concat([]byte("8;"), params, []byte{';'}, address)
	}
}

// obey applies one escape sequence.
func (st *Style) obey(seq []byte) {
	last := seq[len(seq)-1]
	switch {
	case !wellFormed(seq):
		st.broken = true
	case seq[1] == '[':
		st.control(seq[2:len(seq)-1], last)
	case seq[1] == ']':
		st.inString = true
	case bytes.IndexByte([]byte(stringKinds), seq[1]) >= 0:
		// BEL ends these in some terminals only.
		st.inString, st.broken = true, true
	case seq[1] == '(':
		st.charset = st.charset || len(seq) != 3 || last != 'B'
	case bytes.IndexByte([]byte(")*+-./no|}~"), seq[1]) >= 0:
		st.charset = true // designates or shifts another set
	case seq[1] == '8':
		st.broken = true // takes back what was saved at some time
	case seq[1] == 'c':
		*st = Style{} // RIS, the terminal's reset
	}
}

// control applies a control sequence.
func (st *Style) control(params []byte, final byte) {
	switch {
	case final == 'm':
		st.sgr(params)
	case final == 'r', (final == 'h' || final == 'l') && bytes.HasPrefix(params, []byte("?6")):
		st.region = true
	case final == 'u' && len(params) == 0:
		st.broken = true
	}
}

// maxParams is how many parameters of one sequence every terminal reads.
const maxParams = 16

// sgr applies the parameters of one SGR sequence.
func (st *Style) sgr(params []byte) {
	if !isParams(params) {
		st.odd = true // something else that ends in "m", such as "ESC[>4;2m"
		return
	}
	st.Render(params)
}

// Render applies parameters that are numbers.
func (st *Style) Render(params []byte) {
	if len(params) >= maxParams && bytes.Count(params, []byte{';'}) >= maxParams {
		st.odd = true
		return
	}
	only := len(params) == 0
	if only || string(params) == "0" {
		st.odd = false // whatever it was, this ends it
	}
	for more := true; more; {
		n := bytes.IndexByte(params, ';')
		if n < 0 {
			n = len(params)
		}
		st.odd = st.odd || n == 0 && !only // some terminals read no further
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

// extended applies a colour that is given in the old way, "38;5;n" or "38;2;r;g;b",
// and gives the length of its parameters.
func (st *Style) extended(params []byte) int {
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
func (st *Style) attribute(p []byte) {
	if bytes.IndexByte(p, ':') >= 0 {
		st.odd = true // some terminals read no further
	}
	code := leadingInt(p)
	switch {
	case code == 0:
		st.attributes, st.colors = 0, [3]colorSequence{}
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

func (st *Style) color(i int, p []byte) {
	c := &st.colors[i]
	if c.n = copy(c.text[:], p); c.n < len(p) {
		st.odd, c.n = true, 0
	}
}

func appendInt(out []byte, n int) []byte {
	if n >= 10 {
		out = append(out, byte('0'+n/10))
	}
	return append(out, byte('0'+n%10))
}
