package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"reeve/internal/asjson"
	"reeve/output/screen"
)

// jsonFormat is the format for machines: one JSON object a line.
type jsonFormat struct {
	now   []byte // `{"time":"…"`
	plain bool   // messages have no escape sequences
	text  []byte // one of which they were taken out
}

// NewJSON makes the format for machines. A line of a process is
//
//	{"time":"…","process":"web.1","type":"web","pid":1,"stream":"stdout","message":"…"}
//
// where time is RFC 3339 with nanoseconds, and a message that is itself a JSON object
// stands there as an object. A piece of a line that is longer than 1 MiB has
// "partial":true, except the last. Everything else has "event" instead of "stream".
func NewJSON() Format { return &jsonFormat{} }

// NewPlainJSON makes the same format without the escape sequences of processes.
func NewPlainJSON() Format { return &jsonFormat{plain: true} }

func (j *jsonFormat) tick(now time.Time) {
	j.now = append(j.now[:0], `{"time":"`...)
	j.now = now.AppendFormat(j.now, "2006-01-02T15:04:05.000000000Z07:00")
	j.now = append(j.now, '"')
}

func (j *jsonFormat) lines(out []byte, s *Stream, p []byte) []byte {
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			return j.hold(out, s, p)
		}
		line := p[:i]
		if len(s.partial) > 0 {
			out = j.hold(out, s, line)
			line = s.partial
		}
		out = j.line(out, s, line)
		s.finished()
		p = p[i+1:]
	}
}

// hold keeps p as the unfinished line, and writes what would be too long in pieces.
func (j *jsonFormat) hold(out []byte, s *Stream, p []byte) []byte {
	for len(s.partial)+len(p) > maxLine {
		n := maxLine - len(s.partial)
		s.hold(p[:n])
		p = p[n:]
		n = screen.CompleteRunes(s.partial)
		if j.plain {
			n = screen.Complete(s.partial)
		}
		out = append(j.head(out, s), `,"partial":true,"message":`...)
		out = append(asjson.AppendText(out, j.show(s.partial[:n])), "}\n"...)
		s.partial, s.cut = append(s.partial[:0], s.partial[n:]...), true
	}
	s.hold(p)
	return out
}

func (j *jsonFormat) head(out []byte, s *Stream) []byte {
	if s.lead == nil {
		s.lead = appendLabel(nil, s.Label, s.Pid)
		if s.Source != "" {
			s.lead = append(append(append(s.lead, `,"stream":"`...), s.Source...), '"')
		}
	}
	return append(append(out, j.now...), s.lead...)
}

func (j *jsonFormat) line(out []byte, s *Stream, p []byte) []byte {
	if s.Terminal && len(p) > 0 && p[len(p)-1] == '\r' {
		p = p[:len(p)-1]
	}
	p = j.show(p)
	out = append(j.head(out, s), `,"message":`...)
	if !s.cut && isObject(p) {
		out = appendObject(out, p)
	} else {
		out = asjson.AppendText(out, p)
	}
	return append(out, "}\n"...)
}

// show gives what of a text is to be seen, until it is called again.
func (j *jsonFormat) show(p []byte) []byte {
	if !j.plain || !screen.MayEscape(p) {
		return p
	}
	if j.text = screen.AppendPlain(j.text[:0], p); cap(j.text) > readSize {
		defer func() { j.text = nil }()
	}
	return j.text
}

// open shows nothing: half an object would help nobody.
func (j *jsonFormat) open(out []byte, _ *Stream) []byte { return out }

func (j *jsonFormat) finish(out []byte, s *Stream) []byte {
	if len(s.partial) == 0 {
		return out
	}
	out = j.line(out, s, s.partial)
	s.finished()
	return out
}

func (j *jsonFormat) notice(out []byte, n Notice) []byte {
	if n.Name == "" {
		n.Name = System
	}
	out = appendLabel(append(out, j.now...), n.Label, n.Pid)
	out = append(append(out, `,"event":`...), quoted(n.Event)...)
	for _, f := range n.Fields {
		out = append(append(append(out, ','), quoted(f.Key)...), ':')
		out = asjson.Append(out, f.Value)
	}
	if n.Text != "" {
		out = append(append(out, `,"text":`...), quoted(n.Text)...)
	}
	return append(out, "}\n"...)
}

func (j *jsonFormat) settle(out []byte) []byte { return out }

func (j *jsonFormat) end(out []byte) []byte { return out }

// appendLabel appends what says whose line it is.
func appendLabel(out []byte, l Label, pid int) []byte {
	out = append(append(out, `,"process":`...), quoted(l.Name)...)
	if l.Type != "" {
		out = append(append(out, `,"type":`...), quoted(l.Type)...)
	}
	if pid > 0 {
		out = strconv.AppendInt(append(out, `,"pid":`...), int64(pid), 10)
	}
	return out
}

func quoted(s string) []byte { return asjson.AppendText(nil, []byte(s)) }

// isObject reports whether a line is a JSON object (RFC 8259, so in UTF-8), and can
// stand in another one as it is, for every reader.
func isObject(p []byte) bool {
	for len(p) > 0 && (p[0] == ' ' || p[0] == '\t') {
		p = p[1:]
	}
	return len(p) > 0 && p[0] == '{' && !mayBeDeep(p) && json.Valid(p) && utf8.Valid(p) && !hasLoneSurrogate(p)
}

// appendObject appends an object as it is, apart from what would not be safe in a line on a
// terminal: a carriage return, which can only be white space (and ends a line for some
// readers), and the control characters of C1, which can only stand in strings.
func appendObject(out, p []byte) []byte {
	begin := 0
	for i := 0; i < len(p); i++ {
		switch {
		case p[i] == '\r':
			out = append(append(out, p[begin:i]...), ' ')
			begin = i + 1
		case p[i] == 0xc2 && p[i+1] < 0xa0: // valid UTF-8 goes on after this byte
			out = fmt.Appendf(append(out, p[begin:i]...), `\u%04x`, p[i+1])
			begin = i + 2
		}
	}
	return append(out, p[begin:]...)
}

// hasLoneSurrogate reports whether valid JSON has an escape that is half of a character,
// such as \ud83d with nothing after it. The grammar has it, jq and others refuse it.
func hasLoneSurrogate(p []byte) bool {
	escaped := func() (r rune) {
		n, _ := strconv.ParseUint(string(p[2:6]), 16, 16)
		p = p[6:]
		return rune(n)
	}
	for {
		i := bytes.IndexByte(p, '\\')
		if i < 0 {
			return false
		}
		p = p[i:]
		if p[1] != 'u' {
			p = p[2:]
			continue
		}
		high := escaped()
		if !utf16.IsSurrogate(high) {
			continue
		}
		if p[0] != '\\' || p[1] != 'u' || utf16.DecodeRune(high, escaped()) == utf8.RuneError {
			return true
		}
	}
}

// mayBeDeep reports whether an object may be nested so deeply that, with one more object
// around it, encoding/json and others would refuse it.
func mayBeDeep(p []byte) bool {
	const deep = 10000
	return len(p) > deep && bytes.Count(p, []byte{'{'})+bytes.Count(p, []byte{'['}) >= deep
}
