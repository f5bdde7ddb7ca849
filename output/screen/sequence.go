package screen

import (
	"bytes"
	"unicode/utf8"
)

// Control characters that begin or end sequences.
const (
	bel = 0x07
	so  = 0x0e
	can = 0x18
	sub = 0x1a
	esc = 0x1b
)

// longestHeld is the longest escape sequence or control string that a line is not
// shown with before its end has come.
const longestHeld = 4 << 10

// stringKinds are the second bytes of the sequences that introduce control strings: DCS,
// SOS, PM, APC, and the title of screen(1). OSC is one as well.
const stringKinds = "PX^_k"

func introducesString(kind byte) bool {
	return kind == ']' || bytes.IndexByte([]byte(stringKinds), kind) >= 0
}

// unfinished gives the number of bytes at the end of p that begin an escape sequence
// or a control string and do not end it.
func unfinished(p []byte) int {
	i := bytes.LastIndexByte(p, esc)
	if i < 0 {
		return 0
	}
	if before := bytes.LastIndexByte(p[:i], esc); i == len(p)-1 && before >= 0 && unendedString(p[before:i]) {
		i = before // the ESC may become the string's end
	}
	if p = p[i:]; len(p) <= longestHeld && (sequence(p) == 0 || unendedString(p) || p[len(p)-1] == esc) {
		return len(p)
	}
	return 0
}

// unendedString reports whether p begins with a control string whose end has not come.
func unendedString(p []byte) bool {
	return len(p) > 1 && introducesString(p[1]) && !bytes.ContainsAny(p[2:], "\a\x18\x1a\x1b")
}

// sequence gives the length of the escape sequence that p begins with, of a control
// string only that of its introducer; 0: it has no end in p. What breaks a sequence
// off is not counted. Other control characters do not: terminals obey them and read
// on (https://vt100.net/emu/dec_ansi_parser).
func sequence(p []byte) int {
	if len(p) > 1 && p[1] == '[' {
		return sequenceEnd(p, 2, 0x40)
	}
	return sequenceEnd(p, 1, 0x30)
}

// sequenceEnd looks for the final byte of a sequence, whose first possible value is given.
func sequenceEnd(p []byte, from int, final byte) int {
	for i := from; i < len(p); i++ {
		switch b := p[i]; {
		case b == esc, b == can, b == sub, b > 0x7f:
			return i
		case b >= final && b < 0x7f:
			return i + 1
		}
	}
	return 0
}

// StringEnd gives the length of the rest of a control string with what ends it, and whether
// that has come. An ESC that does not begin ESC \ ends the string as well, and is left.
func StringEnd(p []byte) (n int, ended bool) {
	i := bytes.IndexAny(p, "\a\x18\x1a\x1b")
	switch {
	case i < 0:
		return len(p), false
	case p[i] != esc:
		return i + 1, true
	case bytes.HasPrefix(p[i+1:], []byte{'\\'}):
		return i + 2, true
	}
	return i, true
}

// wellFormed reports whether all terminals make the same of an escape sequence: it has
// its final byte, and nothing in between that does not belong there.
func wellFormed(seq []byte) bool {
	least, final := len("\x1bM"), byte(0x30)
	if len(seq) > 1 && seq[1] == '[' {
		least, final = len("\x1b[m"), 0x40
	}
	return len(seq) >= least && isASCII(seq[1:]) && seq[len(seq)-1] >= final
}

// isASCII reports whether p is printable ASCII alone.
func isASCII(p []byte) bool {
	for _, b := range p {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return true
}

// isParams reports whether p is numbers, with ":" and ";" between them.
func isParams(p []byte) bool {
	for _, b := range p {
		if b < '0' || b > ';' {
			return false
		}
	}
	return true
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

// Complete gives the length of p without a character or an escape sequence at its end that
// has only begun.
func Complete(p []byte) int { return CompleteRunes(p[:len(p)-unfinished(p)]) }

// CompleteRunes gives the length of p without a character at its end that has only begun.
func CompleteRunes(p []byte) int {
	for i := len(p) - 1; i >= 0 && len(p)-i < utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			if utf8.FullRune(p[i:]) {
				break
			}
			return i
		}
	}
	return len(p)
}
