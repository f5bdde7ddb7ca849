package output

import (
	"bytes"
	"regexp"
	"slices"

	"reeve/output/screen"
)

// sieve lets lines pass by what is written in them, as a person reads it: without escape
// sequences, and without the end of the line.
type sieve struct {
	grep  *regexp.Regexp   // nil: every line matches
	not   []*regexp.Regexp // none of which must
	plain []byte           // the line that is compared
}

// maxSifted is how much of a line is held to find out whether it is wanted. One that is
// longer is judged by its beginning.
const maxSifted = 4 << 20

// passes reports whether a line is wanted.
func (s *sieve) passes(line []byte) bool {
	s.plain = plainLine(s.plain[:0], line)
	passes := (s.grep == nil || s.grep.Match(s.plain)) &&
		!slices.ContainsFunc(s.not, func(not *regexp.Regexp) bool { return not.Match(s.plain) })
	if cap(s.plain) > readSize {
		s.plain = nil // there is hardly another line as long
	}
	return passes
}

// plainLine appends a line as it is read.
func plainLine(out, line []byte) []byte {
	return screen.AppendPlain(out, bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'}))
}

// verdict is whether the line that goes on in a cursor is wanted.
type verdict uint8

const (
	unknown verdict = iota // it is held
	wanted
	unwanted
)

// sifted is the line of a cursor that goes through a sieve.
type sifted struct {
	*sieve
	verdict verdict
	held    []byte
}

// take judges the lines of a text, and gives those that are wanted to pass on. A line is held
// until that is known.
func (s *sifted) take(text []byte, pass func([]byte)) {
	for len(text) > 0 {
		n := bytes.IndexByte(text, '\n') + 1
		ends := n > 0
		if !ends {
			n = len(text)
		}
		s.part(text[:n], ends, pass)
		text = text[n:]
	}
}

// part takes a part of a line, to its end or not.
func (s *sifted) part(p []byte, ends bool, pass func([]byte)) {
	switch {
	case s.verdict == wanted:
		pass(p)
	case s.verdict == unwanted:
	case ends && len(s.held) == 0:
		if s.passes(p) {
			pass(p)
		}
	default:
		s.held = append(s.held, p...)
		if ends || len(s.held) >= maxSifted {
			s.judge(pass)
		}
	}
	if ends {
		s.verdict = unknown
	}
}

// judge decides on the line by what is held of it.
func (s *sifted) judge(pass func([]byte)) {
	if s.verdict = unwanted; s.passes(s.held) {
		s.verdict = wanted
		pass(s.held)
	}
	if s.held = s.held[:0]; cap(s.held) > readSize {
		s.held = nil
	}
}

// end decides on a line that will have no end.
func (s *sifted) end(pass func([]byte)) {
	if len(s.held) > 0 {
		s.judge(pass)
	}
	s.verdict = unknown
}

// forget forgets a line whose rest is not there.
func (s *sifted) forget() {
	if s != nil {
		s.verdict, s.held = unknown, nil
	}
}
