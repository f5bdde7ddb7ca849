package output

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// The log on a terminal is shared, so not everything that processes write may reach it.
// Text does, with its colours and links, and what keeps a progress bar on its line: going
// back in that, and erasing the rest of it. Whatever would move the cursor elsewhere, clear
// or scroll the screen, switch a mode of the terminal or make it answer is left out. Nothing
// passes because it is not known: what passes is what [text.show] names.

// A process that moves the cursor to another row stays in its row of the log, so what it
// writes next replaces what that row had: "Done" does not end in the rest of a longer
// progress bar.

// show writes text of a line to a terminal.
func (t *text) show(out []byte, s *Stream, p []byte) []byte {
	if s.inString {
		n, ended := stringEnd(p)
		s.inString, p = !ended, p[n:]
	}
	for len(p) > 0 {
		n := printable(p)
		if n > 0 && s.behind == foreign {
			out = s.eraseRest(out)
		}
		out = append(out, p[:n]...)
		s.back += plainEnd(p[:n])
		if p = p[n:]; len(p) == 0 {
			break
		}
		switch n = lookIn(p); {
		case n > 0:
			s.style.render(p[len("\x1b[") : n-1])
			out = append(out, p[:n]...)
		case p[0] == '\r':
			if n = returns(p); n < len(p) {
				out = t.goBack(out, s)
			}
		default:
			k := readControl(p)
			n, out = k.size, t.obey(out, s, k, p)
		}
		p = p[n:]
	}
	return out
}

// longestLook is the longest sequence about the look of text that passes: more than any
// real one.
const longestLook = 128

// lookIn gives the length of the sequence about the look of text that p begins with, as
// most sequences are; 0: it begins with none.
func lookIn(p []byte) int {
	if len(p) < len("\x1b[m") || p[0] != esc || p[1] != '[' {
		return 0
	}
	for i, b := range p[2:min(len(p), longestLook)] {
		switch {
		case b == 'm':
			return 2 + i + 1
		case b < '0' || b > ';':
			return 0
		}
	}
	return 0
}

// returns counts the carriage returns at the beginning of p.
func returns(p []byte) (n int) {
	for n < len(p) && p[n] == '\r' {
		n++
	}
	return n
}

// control is a control character or sequence.
type control struct {
	kind  byte // the character, or the second byte of a sequence
	final byte // of a control sequence; 0: it has none
	ended bool // of a control string: its end has come
	size  int  // of all of it
}

// c1 is what to add to a C1 character's last byte for the second byte of the sequence
// that means the same (ECMA-48, 5.3).
const c1 = 0x40

// readControl reads what p begins with, which is not printable.
func readControl(p []byte) control {
	k, head := control{kind: p[0], size: 1}, 2
	switch {
	case p[0] == 0xc2 && len(p) > 1:
		k.kind = p[1] - c1
	case p[0] == esc && len(p) > 1 && p[1] >= ' ' && p[1] <= '~':
		k.kind = p[1]
	default:
		return k
	}
	switch {
	case k.kind == '[':
		if k.size = sequenceEnd(p, head, 0x40); k.size == 0 {
			k.size = len(p)
		} else if last := p[k.size-1]; k.size > head && last >= 0x40 && last < 0x7f {
			k.final = last
		}
	case introducesString(k.kind):
		n, ended := stringEnd(p[head:])
		k.size, k.ended = head+n, ended
	case p[0] == esc:
		if k.size = sequenceEnd(p, 1, 0x30); k.size == 0 {
			k.size = len(p)
		}
	default:
		k.size = head
	}
	return k
}

// obey writes what a control may do to a line of the log.
func (t *text) obey(out []byte, s *Stream, k control, p []byte) []byte {
	switch {
	case k.final != 0:
		return t.obeySequence(out, s, p[2:k.size])
	case introducesString(k.kind) && k.size > 1:
		return t.obeyString(out, s, k, p)
	case k.kind == 'c' && k.size == len("\x1bc"):
		out = s.style.appendEnd(out)
		s.style = style{}
		s.leaveRow()
	case bytes.IndexByte([]byte("DEM\v\f"), k.kind) >= 0:
		s.leaveRow()
	case k.kind == '\b' && s.back > 0:
		s.back--
		s.behind = max(s.behind, older)
		return append(out, '\b')
	case k.kind == bel:
		return append(out, bel)
	case k.kind >= utf8.RuneSelf:
		return utf8.AppendRune(out, utf8.RuneError) // as terminals show what is not UTF-8
	}
	return out
}

// goBack goes to the beginning of the text, which is behind the prefix.
func (t *text) goBack(out []byte, s *Stream) []byte {
	was := s.behind
	out = t.prefix(append(s.style.appendEnd(out), '\r'), s)
	s.behind = max(was, older)
	return out
}

// leaveRow takes note that the process has moved the cursor to another row.
func (s *Stream) leaveRow() {
	if s.behind == older {
		s.behind = foreign
	}
}

// eraseRest erases what is behind the cursor, in no colour.
func (s *Stream) eraseRest(out []byte) []byte {
	out = append(s.style.appendEnd(out), eraseRest...)
	s.behind = noText
	return s.style.appendTo(out)
}

// obeySequence writes what a control sequence may do, of which seq is without ESC [. Params
// that are not numbers make another sequence of it.
func (t *text) obeySequence(out []byte, s *Stream, seq []byte) []byte {
	params, final := seq[:len(seq)-1], seq[len(seq)-1]
	if !isParams(params) {
		return out
	}
	switch n := leadingInt(params); {
	case (final == 'G' || final == '`') && n <= 1:
		return t.goBack(out, s)
	case final == 'G', final == '`':
		s.back, s.behind = 0, max(s.behind, older)
		return appendMove(out, t.margin(s)+n, 'G')
	case final == 'K' && n > 0:
		out = append(t.goBack(out, s), eraseRest...)
		s.behind = noText
	case final == 'K', final == 'J' && n == 0:
		out = append(out, eraseRest...)
		s.behind = noText
	case bytes.IndexByte([]byte("ABEFHJdef"), final) >= 0:
		s.leaveRow()
	}
	return out
}

// eraseRest erases what is behind the cursor in its row.
const eraseRest = "\x1b[K"

// obeyString lets hyperlinks pass. Of every other string nothing is shown, be it even
// longer than what is here of it.
func (t *text) obeyString(out []byte, s *Stream, k control, p []byte) []byte {
	s.inString = !k.ended
	if k.kind != ']' || p[0] != esc || !k.ended {
		return out
	}
	seq := p[:k.size]
	if link, ok := linkIn(seq); ok && len(link) > 1 && link[0] == '8' && link[1] == ';' {
		s.style.setLink(link)
		return append(out, seq...)
	}
	return out
}

// visible reports whether there is anything to see in p, so that a line begins.
func visible(p []byte) bool {
	for len(p) > 0 {
		if p[0] == '\r' || printable(p) > 0 {
			return true
		}
		k := readControl(p)
		p = p[k.size:]
	}
	return false
}

// printable gives the length of the text that p begins with: all up to the next control
// character, of which only the tab counts as text.
func printable(p []byte) (n int) {
	for n < len(p) {
		for n+8 <= len(p) && printable8(p[n:]) {
			n += 8
		}
		for end := min(n+8, len(p)); n < end; {
			switch b := p[n]; {
			case b >= ' ' && b < 0x7f, b == '\t':
				n++
			case b < utf8.RuneSelf:
				return n
			default:
				size := character(p[n:])
				if size == 0 {
					return n
				}
				n += size
			}
		}
	}
	return n
}

// printable8 reports whether the first eight bytes are printable ASCII. Where one is not,
// it has, or gets, its highest bit.
func printable8(p []byte) bool {
	const each = 0x0101010101010101
	x := binary.LittleEndian.Uint64(p)
	return (x|(x-0x20*each)|(x+each))&(0x80*each) == 0
}

// character gives the length of the character that p begins with; 0: it is a control
// character of C1. A byte that is no UTF-8 may be a letter of an older character set, but
// one of 0x80 to 0x9f may be taken for a control character.
func character(p []byte) int {
	r, size := utf8.DecodeRune(p)
	switch {
	case r == utf8.RuneError && size == 1 && p[0] < 0xa0, r < 0xa0:
		return 0
	}
	return size
}

// plainEnd gives the number of characters at the end of p, but at most eight, that
// certainly take a column each.
func plainEnd(p []byte) (n int) {
	if len(p) >= 8 && printable8(p[len(p)-8:]) {
		return 8
	}
	for n < min(len(p), 8) && p[len(p)-1-n] >= ' ' && p[len(p)-1-n] < 0x7f {
		n++
	}
	return n
}
