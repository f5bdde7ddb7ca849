package ui

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"reeve/output/screen"
)

// follow goes to the end of the log, and stays there.
func (m *Model) follow() { m.view.hold, m.view.fresh = false, 0 }

// stand has the screen stand still, whatever comes.
func (m *Model) stand() {
	if v := &m.view; !v.hold {
		v.top = m.bottom()
		v.hold, v.fresh = true, 0
	}
}

// jump goes to the last match that is on the screen or above it.
func (m *Model) jump() {
	hits := m.search.hits
	if len(hits) == 0 {
		m.fail("nothing matches %s", m.search.pattern.text)
		return
	}
	at := len(hits) - 1
	if last := m.lastSeen(); last >= 0 {
		after, _ := slices.BinarySearchFunc(hits, m.view.lines[last].order+1, func(l *Line, order int) int { return l.order - order })
		at = max(after-1, 0)
	}
	m.goToHit(at)
}

// nextHit goes to the match before, or after, and around at the ends.
func (m *Model) nextHit(by int) {
	s := &m.search
	s.hits = present(s.hits)
	switch n := len(s.hits); {
	case s.pattern == nil:
		m.fail("search for something first: /")
	case n == 0:
		m.fail("nothing matches %s", s.pattern.text)
	default:
		to := m.hitNow() + by
		if to < 0 || to >= n {
			m.say("the search goes on at the other end")
		}
		m.goToHit((to + n) % n)
	}
}

// hitNow is the number of the match where one is; -1: nowhere.
func (m *Model) hitNow() int {
	if m.search.at == nil {
		return -1
	}
	at, found := slices.BinarySearchFunc(m.search.hits, m.search.at, inOrder)
	if !found {
		return -1
	}
	return at
}

func (m *Model) goToHit(n int) {
	m.search.at = m.search.hits[n]
	m.stand()
	if line := m.lineOf(m.search.at); line >= 0 {
		m.reveal(line)
		m.stand()
	}
}

// lineOf is where a line is among those that are shown; -1: nowhere.
func (m *Model) lineOf(l *Line) int {
	if l == nil {
		return -1
	}
	at, found := slices.BinarySearchFunc(m.view.lines, l, inOrder)
	if !found {
		return -1
	}
	return at
}

func inOrder(a, b *Line) int { return a.order - b.order }

// mark begins to select lines: at the match, if there is one on the screen, else at the last line.
func (m *Model) mark() {
	if len(m.view.lines) == 0 {
		m.fail("there are no lines to select")
		return
	}
	m.stand()
	at := m.lastSeen()
	if hit := m.lineOf(m.search.at); hit >= m.top().line && hit <= at {
		at = hit
	}
	m.marked = &marked{at, at}
}

// pressMarking takes a key while lines are selected, and reports whether it is one for that.
func (m *Model) pressMarking(k Key) bool {
	by := 0
	switch k {
	case "j", "down":
		by = 1
	case "k", "up":
		by = -1
	case "pgup", "ctrl-u", "ctrl-b":
		by = -max(m.logHeight()-1, 1)
	case "pgdn", "ctrl-d", "ctrl-f":
		by = max(m.logHeight()-1, 1)
	case "g", "home":
		by = -len(m.view.lines)
	case "G", "end":
		by = len(m.view.lines)
	case "esc", "V", "ctrl-c", "q":
		m.marked = nil
		return true
	default:
		return false
	}
	m.marked.to = min(max(m.marked.to+by, 0), len(m.view.lines)-1)
	m.reveal(m.marked.to)
	m.stand()
	return true
}

// copy puts lines into the clipboard.
func (m *Model) copy() []Effect {
	first, last := m.top().line, m.lastSeen()
	switch hit := m.lineOf(m.search.at); {
	case m.marked != nil:
		first, last = min(m.marked.from, m.marked.to), max(m.marked.from, m.marked.to)
	case m.search.at != nil && hit >= 0:
		first, last = hit, hit
	}
	m.marked = nil
	if last < first || len(m.view.lines) == 0 {
		m.fail("there is nothing to copy")
		return nil
	}
	var text bytes.Buffer
	n := 0
	for _, l := range m.view.lines[first : last+1] {
		if l.gone {
			continue
		}
		if n > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(m.leadText(l))
		text.Write(bytes.TrimRight(l.plain(), "\r"))
		n++
	}
	return []Effect{Copy{text.Bytes(), n}}
}

// copied says how much was copied, and what else helps where that may not be enough.
func (m *Model) copied(e Copied) {
	text := fmt.Sprintf("copied %s, %s", counted(e.Lines, "line"), counted(e.Bytes, "byte"))
	switch {
	case m.Clipboard == clipboardMissing:
		m.fail("%s, but this terminal may not take it: v shows the log in $PAGER, and z without a frame", text)
	case e.Bytes > mostCopied:
		m.fail("%s, which is more than many terminals take: v shows the log in $PAGER", text)
	case m.Clipboard == clipboardAsks:
		m.say("%s; if nothing has arrived: tmux set -s set-clipboard on, or v", text)
	default:
		m.say("%s", text)
	}
}

// mostCopied is what terminals take at once, in bytes.
const mostCopied = 74994

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// page shows the lines in $PAGER, with their colours.
func (m *Model) page() []Effect {
	var text bytes.Buffer
	for _, l := range m.view.lines {
		if l.gone {
			continue
		}
		text.WriteString(m.leadText(l))
		text.Write(colored(l, m.Bare))
		text.WriteByte('\n')
	}
	return []Effect{Page{text.Bytes()}}
}

// colored is the text of a line with its colours, and nothing else that a terminal would obey.
func colored(l *Line, bare bool) []byte {
	var out []byte
	look := ""
	for w := newWalker(l, bare); ; {
		c, ok := w.next()
		if !ok {
			break
		}
		if c.look != look {
			out = append(append(out, screen.Reset...), c.look...)
			look = c.look
		}
		out = append(out, c.text...)
	}
	if look != "" {
		out = append(out, screen.Reset...)
	}
	return out
}

// leadText is what stands in front of a line.
func (m *Model) leadText(l *Line) (lead string) {
	if m.times {
		lead = clockText(l.Milli)
	}
	if m.chosen == all {
		lead += l.Name + spaces(m.longestName()-len(l.Name)) + m.divider(l)
	}
	return lead
}

// divider stands between a name and a line, which may go on the one before.
func (m *Model) divider(l *Line) string {
	if l.goes {
		return " + "
	}
	return " | "
}

func clockText(milli int64) string { return time.UnixMilli(milli).Format("15:04:05 ") }
