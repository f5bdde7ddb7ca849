package screen

import (
	"encoding/binary"
	"unicode/utf8"
)

// Printable gives the length of the text that p begins with: all up to the next control
// character, of which only the tab counts as text.
func Printable(p []byte) (n int) {
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

// PlainEnd gives the number of characters at the end of p, but at most eight, that
// certainly take a column each.
func PlainEnd(p []byte) (n int) {
	if len(p) >= 8 && printable8(p[len(p)-8:]) {
		return 8
	}
	for n < min(len(p), 8) && p[len(p)-1-n] >= ' ' && p[len(p)-1-n] < 0x7f {
		n++
	}
	return n
}

// longestSGR is the longest SGR sequence that passes: more than any real one.
const longestSGR = 128

// SGR gives the length of the SGR sequence that p begins with, as most sequences are; 0: it
// begins with none.
func SGR(p []byte) int {
	if len(p) < len("\x1b[m") || p[0] != esc || p[1] != '[' {
		return 0
	}
	for i, b := range p[2:min(len(p), longestSGR)] {
		switch {
		case b == 'm':
			return 2 + i + 1
		case b < '0' || b > ';':
			return 0
		}
	}
	return 0
}

// Control is a control character or sequence.
type Control struct {
	Kind  byte // the character, or the second byte of a sequence
	Final byte // of a control sequence; 0: it has none
	Ended bool // of a control string: its end has come
	Size  int  // of all of it
}

// c1 is what to add to a C1 character's last byte for the second byte of the sequence
// that means the same (ECMA-48, 5.3).
const c1 = 0x40

// Read reads what p begins with, which is not printable.
func Read(p []byte) Control {
	k, head := Control{Kind: p[0], Size: 1}, 2
	switch {
	case p[0] == 0xc2 && len(p) > 1:
		k.Kind = p[1] - c1
	case p[0] == esc && len(p) > 1 && p[1] >= ' ' && p[1] <= '~':
		k.Kind = p[1]
	default:
		return k
	}
	switch {
	case k.Kind == '[':
		if k.Size = sequenceEnd(p, head, 0x40); k.Size == 0 {
			k.Size = len(p)
		} else if last := p[k.Size-1]; k.Size > head && last >= 0x40 && last < 0x7f {
			k.Final = last
		}
	case introducesString(k.Kind):
		n, ended := StringEnd(p[head:])
		k.Size, k.Ended = head+n, ended
	case p[0] == esc:
		if k.Size = sequenceEnd(p, 1, 0x30); k.Size == 0 {
			k.Size = len(p)
		}
	default:
		k.Size = head
	}
	return k
}

// IsString reports whether it is a control string.
func (k Control) IsString() bool { return introducesString(k.Kind) && k.Size > 1 }

// Parameter gives the first number of the control sequence that was read from p. Not ok: its
// parameters are not numbers, which make another sequence of it.
func (k Control) Parameter(p []byte) (n int, ok bool) {
	params := p[len("\x1b[") : k.Size-1]
	return leadingInt(params), isParams(params)
}
