package ui

import (
	"fmt"
	"strings"

	"reeve/cmd/reeve/internal/instances"
)

// drawTitle says whose log it is, how that is, and what is special about the view.
func (m *Model) drawTitle(g *Grid, x int) {
	about, special := m.aboutText(), m.specialText()
	begin := max(g.width-widthOf(special)-1, x)
	g.write(x, 0, begin-1, " "+about, "")
	g.write(begin, 0, g.width, special, "")
	g.fill(x, 0, g.width, reversed)
}

func (m *Model) aboutText() string {
	r := m.current()
	switch {
	case m.chosen == all:
		return strings.TrimSpace(m.title() + "  all")
	case r.of == nil:
		return r.name + "  has no instances"
	}
	text := r.name + "  " + instances.State(*r.of)
	if r.of.Pid != 0 {
		text += fmt.Sprintf(", pid %d", r.of.Pid)
	}
	if r.of.Pid != 0 && r.of.Started != nil {
		text += ", since " + r.of.Started.Local().Format("15:04:05")
	}
	return text
}

// specialText says what is not as usual about the lines that are shown.
func (m *Model) specialText() string {
	var texts []string
	if m.marked != nil {
		n := m.marked.to - m.marked.from
		texts = append(texts, counted(max(n, -n)+1, "line")+" selected")
	}
	if f := m.view.filter; f != nil {
		texts = append(texts, fmt.Sprintf("&%s (%d)", f.text, len(m.view.lines)))
	}
	if s := &m.search; s.pattern != nil && (s.jump || s.next < len(m.view.lines)) {
		texts = append(texts, fmt.Sprintf("/%s (searching…)", s.pattern.text))
	} else if s.pattern != nil {
		texts = append(texts, fmt.Sprintf("/%s (%d of %d)", s.pattern.text, m.hitNow()+1, len(s.hits)))
	}
	if m.view.hold {
		texts = append(texts, fmt.Sprintf("↓%d new", m.view.fresh))
	}
	return strings.Join(texts, "  ")
}

// hasWords reports whether there is something to say even where there is no frame.
func (m *Model) hasWords() bool {
	return m.prompt != nil || m.confirm != nil || m.message.text != "" || m.link.state == ended || m.link.suspended != 0 ||
		m.marked != nil || len(m.asked) > 0
}

// drawStatus draws the last row: what is typed, asked or said, else the keys that matter now.
func (m *Model) drawStatus(g *Grid) {
	y := g.height - 1
	g.put(0, y, g.width, cellsOf(spaces(g.width), ""))
	if p := m.prompt; p != nil {
		typed := cellsOf(string(p.kind)+p.text, "")
		for columnsIn(typed) > g.width-1 && len(typed) > 0 {
			typed = typed[1:]
		}
		x := g.put(0, y, g.width, typed)
		g.cursor = &[2]int{min(x, g.width-1), y}
		return
	}
	text, look := m.statusText()
	g.write(0, y, g.width, text, look)
}

func (m *Model) statusText() (text, look string) {
	switch {
	case m.confirm != nil:
		return m.confirm.text + " y n", bold
	case m.message.failed:
		return shapeFailed.sign + " " + m.message.text, bold + m.color(red)
	case m.message.text != "":
		return m.message.text, bold
	case m.link.suspended != 0:
		return fmt.Sprintf("reeve is suspended (pid %d), and nothing is done: fg in its terminal, or kill -CONT %d", m.link.suspended, m.link.suspended), bold + m.color(yellow)
	case len(m.asked) > 0:
		return m.askedText(), bold
	case m.link.state == ended:
		return m.link.end + " (q leaves)", bold
	}
	return m.hintText(), dim
}

// askedText says what has not been answered yet.
func (m *Model) askedText() string {
	r := m.asked[len(m.asked)-1]
	if r.slow {
		return r.text + "… (no answer yet)"
	}
	return r.text + "…"
}

// hintText has the few keys that matter now.
func (m *Model) hintText() string {
	switch {
	case m.marked != nil:
		return "j k select  y copy  Esc leave"
	case m.search.pattern != nil:
		return "n N older, newer match  y copy  f follow  Esc end search  ? keys"
	case m.view.hold:
		return "f follow  / search  V select  v $PAGER  ? keys  q leave"
	}
	return "? keys  q leave  " + m.steerHint() + "j k choose  / search  & filter  V select  v $PAGER"
}

// steerHint has the keys that do something with what is chosen.
func (m *Model) steerHint() string {
	switch r := m.current(); {
	case r.name == all:
		return ""
	case r.of == nil:
		return "+ start one  "
	case r.of.Pid == 0:
		return "S start  "
	}
	return "Enter attach  r restart  s stop  "
}

// helpLines are all keys, with what they do broken into lines where it is too long.
func helpLines(width int) (lines []string) {
	for _, k := range Keys() {
		line := fmt.Sprintf(" %-9s", k[0])
		for word := range strings.FieldsSeq(k[1]) {
			if widthOf(line)+1+len(word) > width && widthOf(line) > helpColumn {
				lines, line = append(lines, line), spaces(helpColumn-1)
			}
			line += " " + word
		}
		lines = append(lines, line)
	}
	return lines
}

// helpColumn is where it begins that says what keys do.
const helpColumn = 11

func (m *Model) drawHelp(g *Grid) {
	for y, line := range helpLines(m.Width)[min(m.help-1, len(helpLines(m.Width))):] {
		if y == g.height-1 {
			break
		}
		g.write(0, y, g.width, line, "")
	}
	g.write(0, g.height-1, g.width, " j k go on  any other key goes back", dim)
}
