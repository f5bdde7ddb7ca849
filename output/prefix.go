package output

import (
	"bytes"
	"time"
	"unicode/utf8"

	"reeve/output/screen"
)

// prefix puts the lead in front of a line, and takes up the look that the process
// has left its text in.
func (t *text) prefix(out []byte, s *Stream) []byte {
	lead := t.lead(s)
	out, s.back, s.ahead = append(out, lead...), 0, noText
	if s.cut {
		out = t.markContinued(out, len(lead))
	}
	if t.styled() {
		out = s.style.AppendTo(out)
	}
	return out
}

// markContinued turns the separator of a lead that was just appended into a "+".
func (t *text) markContinued(out []byte, lead int) []byte {
	if t.NoPrefix {
		return append(out, "+ "...)
	}
	at := bytes.LastIndexByte(out[len(out)-lead:], '|')
	out[len(out)-lead+at] = '+'
	return out
}

// margin is how many columns the prefix takes.
func (t *text) margin(s *Stream) int {
	if t.NoPrefix && s.cut {
		return len("+ ")
	}
	return t.prefixColumns(utf8.RuneCount(t.now))
}

// PrefixColumns tells how many columns the prefix takes in front of every line.
func (o *TextOptions) PrefixColumns(now time.Time) int {
	if o.Timestamps == nil {
		return o.prefixColumns(0)
	}
	return o.prefixColumns(utf8.RuneCount(o.Timestamps(nil, now)))
}

func (o *TextOptions) prefixColumns(time int) int {
	switch {
	case o.NoPrefix:
		return 0
	case o.Timestamps != nil:
		time += len(" ")
	}
	return time + max(o.Width, len(System)) + len(" | ")
}

// lead is what stands in front of a stream's lines.
func (t *text) lead(s *Stream) []byte {
	if s.clock == t.clock {
		return s.lead
	}
	if len(s.Name) > t.Width {
		t.Width = len(s.Name)
		t.clock++ // the others' leads get wider as well
	}
	s.clock, s.lead = t.clock, s.lead[:0]
	if t.NoPrefix {
		return s.lead
	}
	color := t.color(s)
	s.lead = append(s.lead, color...)
	if t.Timestamps != nil {
		s.lead = append(append(s.lead, t.now...), ' ')
	}
	s.lead = append(s.lead, s.Name...)
	for range t.Width - len(s.Name) + 1 {
		s.lead = append(s.lead, ' ')
	}
	s.lead = append(s.lead, "| "...)
	if color != "" {
		s.lead = append(s.lead, screen.Reset...)
	}
	return s.lead
}

func (t *text) color(s *Stream) string {
	if !t.Color || s.Place < 0 {
		return ""
	}
	return t.Palette.of(s.Place)
}
