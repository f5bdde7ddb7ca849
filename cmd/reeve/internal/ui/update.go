package ui

import (
	"fmt"
	"slices"

	"reeve/supervisor/control"
)

// Event is something that has happened: one of the types below, or a [Key].
type Event any

type (
	// Resized is a new size of the screen.
	Resized struct{ Width, Height int }
	// Found is a formation. Suspended is the pid of reeve if it does not answer for now.
	Found struct{ Suspended int }
	// Changed is what runs, whenever that has changed.
	Changed struct{ control.Formation }
	// Used is what the processes use, and how many seconds it is since that was asked last.
	Used struct {
		control.Formation
		Since float64
	}
	// Arrived are lines of the log: those that reeve had kept, or new ones.
	Arrived struct {
		Lines   []*Line
		History bool
	}
	// NoLog says why there is no log.
	NoLog struct{ Why string }
	// Ended says how the formation has ended.
	Ended struct{ How string }
	// Answered is what has come of a request, for one instance.
	Answered struct{ control.Outcome }
	// Done is the end of a request; Err says that it has failed.
	Done struct {
		ID  int
		Err error
	}
	// Slow says that a request has not been answered for a while, and perhaps why: reeve is
	// suspended.
	Slow struct{ ID, Suspended int }
	// Back says that the screen is reeve's own again, and what somebody else had to say.
	Back struct{ Said string }
	// Copied says what has been written for the clipboard.
	Copied struct{ Lines, Bytes int }
)

// Effect is something that the model wants to be done: one of the types below.
type Effect any

type (
	// Leave ends it.
	Leave struct{}
	// Suspend stops it, as Ctrl-Z does.
	Suspend struct{}
	// Attach gives the screen to a process.
	Attach struct{ Name string }
	// Page gives the screen to $PAGER, which shows a text.
	Page struct{ Text []byte }
	// Copy puts a text into the clipboard.
	Copy struct {
		Text  []byte
		Lines int
	}
	// SetMouse has the terminal tell what the mouse does.
	SetMouse struct{ On bool }
	// Redraw draws everything anew.
	Redraw struct{}
	// Ask asks something of the formation.
	Ask struct {
		ID    int
		What  string // "restart", "stop", "scale" or "quit"
		Names []string
		Scale map[string]int
	}
)

// Update takes an event, and gives what is to be done.
func (m *Model) Update(e Event) []Effect {
	switch e := e.(type) {
	case Key:
		return m.press(e)
	case Pasted:
		if m.prompt != nil {
			m.prompt.text += string(e)
		}
	case Mouse:
		return m.click(e)
	case Resized:
		m.resize(e)
	case Arrived:
		m.link.suspended = 0
		for _, l := range e.Lines {
			m.log.Add(l, e.History)
		}
		m.Work()
	case Answered:
		m.answered(e.Outcome)
	case Done:
		m.done(e)
	case Back:
		if e.Said != "" {
			m.message = message{text: e.Said}
		}
	case Copied:
		m.copied(e)
	default:
		m.hear(e)
	}
	return nil
}

// hear takes what there is to be known of the formation.
func (m *Model) hear(e Event) {
	switch e := e.(type) {
	case Found:
		m.found(e)
	case Changed:
		m.link.state, m.link.suspended = connected, 0
		m.setFormation(e.Formation)
	case Used:
		m.use(e.Formation, e.Since)
	case NoLog:
		m.noLog = e.Why
	case Ended:
		m.link = link{state: ended, end: e.How}
		m.used, m.asked, m.confirm, m.message = nil, nil, nil, message{}
	case Slow:
		m.slow(e)
	}
}

// found takes note of a formation, which may be another one than before.
func (m *Model) found(e Found) {
	if m.link.state == ended {
		m.message = message{text: "another formation runs now"}
	}
	m.link = link{state: connecting, suspended: e.Suspended}
	m.noLog = ""
}

// resize keeps what is in the middle of what one looks at.
func (m *Model) resize(e Resized) {
	m.Width, m.Height = max(e.Width, 1), max(e.Height, 1)
	m.layout.forget()
	if v := &m.view; v.hold {
		v.top.row = 0
	}
}

// ask asks something of the formation.
func (m *Model) ask(a Ask, text string) []Effect {
	if m.link.state == ended {
		m.fail("nothing runs any more: %s", m.link.end)
		return nil
	}
	a.ID = 1
	for _, r := range m.asked {
		a.ID = max(a.ID, r.id+1)
	}
	m.asked = append(m.asked, request{id: a.ID, text: text})
	m.message = message{}
	return []Effect{a}
}

// answered says what has come of a request.
func (m *Model) answered(o control.Outcome) {
	if o.OK && m.message.failed {
		return // a failure stays
	}
	m.message = message{text: o.Instance + " " + o.Text, failed: !o.OK}
}

func (m *Model) done(e Done) {
	m.asked = slices.DeleteFunc(m.asked, func(r request) bool { return r.id == e.ID })
	if e.Err != nil && m.link.state != ended {
		m.fail("%v", e.Err)
	}
}

func (m *Model) slow(e Slow) {
	if m.link.state != ended {
		m.link.suspended = e.Suspended
	}
	for i := range m.asked {
		if m.asked[i].id == e.ID {
			m.asked[i].slow = true
		}
	}
}

func (m *Model) say(format string, a ...any) {
	m.message = message{text: fmt.Sprintf(format, a...)}
}

func (m *Model) fail(format string, a ...any) {
	m.message = message{fmt.Sprintf(format, a...), true}
}
