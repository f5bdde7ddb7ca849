package output

import (
	"bytes"
	"unicode/utf8"

	"reeve/output/screen"
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
		n, ended := screen.StringEnd(p)
		s.inString, p = !ended, p[n:]
	}
	for len(p) > 0 {
		n := screen.Printable(p)
		if n > 0 && s.ahead == foreign {
			out = s.eraseRest(out)
		}
		out = append(out, p[:n]...)
		s.back += screen.PlainEnd(p[:n])
		if p = p[n:]; len(p) == 0 {
			break
		}
		switch n = screen.SGR(p); {
		case n > 0:
			s.style.Render(p[len("\x1b[") : n-1])
			out = append(out, p[:n]...)
		case p[0] == '\r':
			if n = returns(p); n < len(p) {
				out = t.goBack(out, s)
			}
		default:
			k := screen.Read(p)
			n, out = k.Size, t.obey(out, s, k, p)
		}
		p = p[n:]
	}
	return out
}

// returns counts the carriage returns at the beginning of p.
func returns(p []byte) (n int) {
	for n < len(p) && p[n] == '\r' {
		n++
	}
	return n
}

// obey writes what a control may do to a line of the log.
func (t *text) obey(out []byte, s *Stream, k screen.Control, p []byte) []byte {
	switch {
	case k.Final != 0:
		return t.obeySequence(out, s, k, p)
	case k.IsString():
		return t.obeyString(out, s, k, p)
	case k.Kind == 'c' && k.Size == len("\x1bc"):
		out = s.style.AppendEnd(out)
		s.style = screen.Style{}
		s.leaveRow()
	case bytes.IndexByte([]byte("DEM\v\f"), k.Kind) >= 0:
		s.leaveRow()
	case k.Kind == '\b' && s.back > 0:
		s.back--
		s.ahead = max(s.ahead, older)
		return append(out, '\b')
	case k.Kind == '\a':
		return append(out, '\a')
	case k.Kind >= utf8.RuneSelf:
		return utf8.AppendRune(out, utf8.RuneError) // as terminals show what is not UTF-8
	}
	return out
}

// goBack goes to the beginning of the text, which is after the prefix.
func (t *text) goBack(out []byte, s *Stream) []byte {
	was := s.ahead
	out = t.prefix(append(s.style.AppendEnd(out), '\r'), s)
	s.ahead = max(was, older)
	return out
}

// leaveRow records that the process has moved the cursor to another row.
func (s *Stream) leaveRow() {
	if s.ahead == older {
		s.ahead = foreign
	}
}

// eraseRest erases what is right of the cursor, in no colour.
func (s *Stream) eraseRest(out []byte) []byte {
	out = append(s.style.AppendEnd(out), eraseRest...)
	s.ahead = noText
	return s.style.AppendTo(out)
}

// obeySequence writes what a control sequence may do.
func (t *text) obeySequence(out []byte, s *Stream, k screen.Control, p []byte) []byte {
	n, ok := k.Parameter(p)
	if !ok {
		return out
	}
	switch final := k.Final; {
	case (final == 'G' || final == '`') && n <= 1:
		return t.goBack(out, s)
	case final == 'G', final == '`':
		s.back, s.ahead = 0, max(s.ahead, older)
		return screen.AppendMove(out, t.margin(s)+n, 'G')
	case final == 'K' && n > 0:
		out = append(t.goBack(out, s), eraseRest...)
		s.ahead = noText
	case final == 'K', final == 'J' && n == 0:
		out = append(out, eraseRest...)
		s.ahead = noText
	case bytes.IndexByte([]byte("ABEFHJdef"), final) >= 0:
		s.leaveRow()
	}
	return out
}

// eraseRest erases what is right of the cursor in its row.
const eraseRest = "\x1b[K"

// obeyString lets hyperlinks pass. Of every other string nothing is shown, be it even
// longer than what is here of it.
func (t *text) obeyString(out []byte, s *Stream, k screen.Control, p []byte) []byte {
	s.inString = !k.Ended
	if k.Ended && s.style.Link(p[:k.Size]) {
		return append(out, p[:k.Size]...)
	}
	return out
}

// visible reports whether there is anything to see in p, so that a line begins.
func visible(p []byte) bool {
	for len(p) > 0 {
		if p[0] == '\r' || screen.Printable(p) > 0 {
			return true
		}
		k := screen.Read(p)
		p = p[k.Size:]
	}
	return false
}
