package ui

import (
	"strings"
	"unicode/utf8"
)

// Key is a key: a character, or the name of another key, such as "up" or "ctrl-c".
type Key string

// Pasted is a piece of a text that is pasted. It is no key: pasted by mistake, it would stop and
// restart things.
type Pasted string

// Mouse is what the mouse has done somewhere on the screen.
type Mouse struct {
	Kind MouseKind
	X, Y int
}

// MouseKind is what the mouse can do.
type MouseKind uint8

const (
	Click MouseKind = iota
	WheelUp
	WheelDown
)

// press takes a key.
func (m *Model) press(k Key) []Effect {
	if k == "ctrl-z" {
		return []Effect{Suspend{}}
	}
	if k == "ctrl-l" {
		return []Effect{Redraw{}}
	}
	switch {
	case m.prompt != nil:
		return m.edit(k)
	case m.confirm != nil:
		return m.decide(k)
	}
	m.message = message{}
	switch {
	case m.help > 0:
		return m.pressInHelp(k)
	case m.marked != nil && m.pressMarking(k):
		return nil
	case m.link.state == ended && leavesAtEnd(k):
		return []Effect{Leave{}}
	}
	for _, b := range bindings() {
		if b.has(k) {
			return b.do(m, k)
		}
	}
	return nil
}

// leavesAtEnd reports whether a key leaves when nothing runs any more, as most do: those that have
// something to do then are for looking at the log.
func leavesAtEnd(k Key) bool { return k == "enter" || k == "esc" || k == " " || k == "Q" }

// edit takes a key while something is typed after / or &.
func (m *Model) edit(k Key) []Effect {
	p := m.prompt
	switch k {
	case "esc", "ctrl-c":
		m.prompt = nil
	case "enter":
		m.prompt = nil
		m.enter(p)
	case "backspace":
		if p.text == "" {
			m.prompt = nil
			return nil
		}
		_, n := utf8.DecodeLastRuneInString(p.text)
		p.text = p.text[:len(p.text)-n]
	case "ctrl-u":
		p.text = ""
	case "ctrl-w":
		p.text = p.text[:strings.LastIndexByte(strings.TrimRight(p.text, " "), ' ')+1]
	default:
		if utf8.RuneCountInString(string(k)) == 1 {
			p.text += string(k)
		}
	}
	return nil
}

// enter does what was typed.
func (m *Model) enter(p *prompt) {
	if p.kind == toFilter {
		m.view.filter = newPattern(p.text)
		m.reset()
	} else {
		m.search = search{pattern: newPattern(p.text), jump: p.text != ""}
	}
	m.Work()
}

// decide takes the answer to a question.
func (m *Model) decide(k Key) []Effect {
	c := m.confirm
	m.confirm = nil
	if k != "y" && k != "Y" {
		m.say("nothing was done")
		return nil
	}
	var effects []Effect
	for _, e := range c.then {
		if a, ok := e.(Ask); ok {
			effects = append(effects, m.ask(a, doing(a))...)
		}
	}
	return effects
}

// pressInHelp leaves the help, or goes on in it.
func (m *Model) pressInHelp(k Key) []Effect {
	last := max(len(helpLines(m.Width))-m.Height+1, 1)
	switch k {
	case "j", "down", "pgdn", " ":
		m.help = min(m.help+max(m.Height/2, 1), last)
	case "k", "up", "pgup":
		m.help = max(m.help-max(m.Height/2, 1), 1)
	default:
		m.help = 0
	}
	return nil
}

// click takes what the mouse does.
func (m *Model) click(e Mouse) []Effect {
	switch {
	case e.Kind == WheelUp:
		m.scroll(-wheelRows)
	case e.Kind == WheelDown:
		m.scroll(wheelRows)
	case m.help > 0:
		m.help = 0
	case !m.alone && e.X < m.listWidth() && e.Y < m.listHeight():
		if i := m.firstRow() + e.Y; i < len(m.rows) {
			m.choose(m.rows[i].name)
			m.Work()
		}
	}
	return nil
}

// wheelRows is how far the wheel goes.
const wheelRows = 3
