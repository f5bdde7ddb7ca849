package ui

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"reeve/output"
	"reeve/output/screen"
	"reeve/procfile"
)

// Line is one line of the log.
type Line struct {
	Name  string // of the instance that has written it, or [output.System]
	About string // of the instance that it is about
	Milli int64  // when that was, in milliseconds since 1970
	Text  []byte // with all its escape sequences
	look  string // what it begins with: the look that the line before has left
	goes  bool   // it goes on the line before, which was too long
	gone  bool   // it is not kept any longer
	order int    // in the log
}

// reader makes lines of the log as it comes: "1764367643.123 web.1  | text".
type reader struct {
	styles map[string]*screen.Style // that each process has left its text in
	rest   []byte                   // a line that has no end yet
}

// lines takes the next piece of the log. The lines share no memory with it.
func (r *reader) lines(p []byte) (lines []*Line) {
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			r.rest = append(r.rest, p...)
			return lines
		}
		line := p[:i]
		if len(r.rest) > 0 {
			line = append(r.rest, line...)
			r.rest = nil
		}
		if l, ok := r.line(line); ok {
			lines = append(lines, l)
		}
		p = p[i+1:]
	}
}

// line takes a line apart. Not ok: it is none of the log.
func (r *reader) line(p []byte) (*Line, bool) {
	when, rest, _ := bytes.Cut(p, []byte{' '})
	name, rest, ok := bytes.Cut(rest, []byte{' '})
	rest = bytes.TrimLeft(rest, " ")
	if !ok || len(rest) < 2 || rest[0] != '|' && rest[0] != '+' {
		return nil, false
	}
	l := &Line{Name: string(name), Milli: milliseconds(when), goes: rest[0] == '+', Text: bytes.Clone(rest[2:])}
	if l.About = l.Name; l.Name == output.System {
		l.About = subject(l.Text)
	}
	r.style(l)
	return l, true
}

// milliseconds reads a time in seconds, with three digits after the point.
func milliseconds(p []byte) int64 {
	seconds, milli, _ := bytes.Cut(p, []byte{'.'})
	n, _ := strconv.ParseInt(string(seconds)+string(milli), 10, 64)
	return n
}

// subject is the instance that one of reeve's own messages begins with.
func subject(text []byte) string {
	word, _, _ := bytes.Cut(text, []byte{' '})
	name := string(bytes.TrimRight(word, ":"))
	if typ, number := procfile.ParseInstance(name); number > 0 && procfile.InstanceName(typ, number) == name {
		return name
	}
	return output.System
}

// style has a line begin in the look in which the process has left the one before, and leaves out
// what a progress bar has overwritten in it.
func (r *reader) style(l *Line) {
	style := r.styles[l.Name]
	if style == nil {
		style = &screen.Style{}
		if r.styles == nil {
			r.styles = map[string]*screen.Style{}
		}
		r.styles[l.Name] = style
	}
	if at := overwritten(l.Text); at > 0 {
		follow(style, l.Text[:at])
		l.Text = bytes.Clone(l.Text[at:])
	}
	l.look = lookOf(style)
	follow(style, l.Text)
}

// overwritten gives how much of a text has been written over: all up to the last carriage return
// that something comes after.
func overwritten(text []byte) int {
	for end := len(text); ; {
		at := bytes.LastIndexByte(text[:end], '\r')
		if at < 0 || visible(text[at+1:end]) {
			return at + 1
		}
		end = at
	}
}

// visible reports whether there is anything to see in a text.
func visible(text []byte) bool {
	w := walker{text: text}
	_, ok := w.next()
	return ok
}

// follow has a style follow the SGR sequences of a text, and nothing else.
func follow(style *screen.Style, text []byte) {
	for {
		i := bytes.IndexByte(text, '\x1b')
		if i < 0 {
			return
		}
		text = text[i:]
		if n := screen.SGR(text); n > 0 {
			style.Render(text[len("\x1b[") : n-1])
			text = text[n:]
		} else {
			text = text[screen.Read(text).Size:]
		}
	}
}

// lookOf is what makes a terminal show text in a style, from the default; empty: nothing does.
func lookOf(style *screen.Style) string { return string(style.AppendTo(nil)) }

// plain is the text of a line as a person reads it, and as a [walker] counts it.
func (l *Line) plain() []byte {
	if screen.Printable(l.Text) == len(l.Text) {
		return l.Text
	}
	var out []byte
	for p := l.Text; len(p) > 0; {
		n := screen.Printable(p)
		out = append(out, p[:n]...)
		if p = p[n:]; len(p) == 0 {
			break
		}
		size, isText := sequence(p)
		if isText {
			out = utf8.AppendRune(out, utf8.RuneError)
		}
		p = p[size:]
	}
	return out
}

// sequence gives the length of the control sequence that p begins with, and whether it is none but
// a byte that is no text in UTF-8.
func sequence(p []byte) (size int, isText bool) {
	k := screen.Read(p)
	return k.Size, k.Kind >= utf8.RuneSelf && k.Size == 1
}
