package ui

import (
	"cmp"
	"slices"
	"strings"

	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor/control"
)

// Model is all that the screen shows, and what the next key would do. It is changed by
// [Model.Update] alone, and drawn by [Model.View]; neither does anything else.
type Model struct {
	Width, Height int
	Bare          bool // no colours
	Clipboard     clipboard

	link      link
	formation control.Formation
	used      map[string]usage // by instances
	rows      []row
	chosen    string // whose log is shown: an instance's, that of a type of which none runs, or all
	log       Log
	noLog     string // why there is none
	view      view   // the lines of it that are shown
	search    search
	layout    layout

	prompt  *prompt   // what is being typed
	confirm *confirm  // what is asked
	message message   // what has happened
	asked   []request // what has not been answered
	marked  *marked   // lines that are being selected
	help    int       // 0: none; else the first row of it that is shown, counted from 1

	wrap, times, alone, mouse bool
	figures                   figures
}

// all is the row, and the choice, of everything.
const all = "all"

// row is one of the list on the left.
type row struct {
	name string
	of   *control.Instance // nil: of all, or of a type of which none runs
}

// link is what is known of the connection to the formation.
type link struct {
	state     linkState
	suspended int    // pid of reeve; 0: it is not
	end       string // how the formation has ended
}

type linkState uint8

const (
	connecting linkState = iota
	connected
	ended
)

// view are the lines that are shown, one after the other, and where among them the screen is.
type view struct {
	filter *pattern
	lines  []*Line
	next   int   // the first line of the log that has not been looked at
	hold   bool  // it stands still at top, and does not follow what comes
	top    place // of the screen
	fresh  int   // lines that have come since it stands still
}

// place is a row among the lines that are shown.
type place struct{ line, row int }

// search is what is looked for among the lines that are shown.
type search struct {
	pattern *pattern
	hits    []*Line
	next    int   // the first line that has not been looked at
	at      *Line // where one is; nil: nowhere yet
	jump    bool  // go to the last one above the end of the screen, when all have been found
}

// prompt is a line that is typed.
type prompt struct {
	kind promptKind
	text string
}

type promptKind rune

const (
	toSearch promptKind = '/'
	toFilter promptKind = '&'
)

// confirm is a question, and what is done if it is answered with y.
type confirm struct {
	text string
	then []Effect
}

// message tells of something that has happened.
type message struct {
	text   string
	failed bool
}

// request is one that waits for its answer.
type request struct {
	id   int
	text string // what it does, as in "restarting web.1"
	slow bool
}

// marked are the lines that are being selected: from one to another, whichever is first.
type marked struct{ from, to int }

// New makes a model.
func New() *Model { return &Model{chosen: all, Width: 80, Height: 24} }

// setFormation takes what runs, and has the list show it. Types of which nothing runs have a row,
// too, so that they can be started.
func (m *Model) setFormation(f control.Formation) {
	before := slices.IndexFunc(m.rows, m.isChosen)
	m.formation = f
	m.rows = []row{{name: all}}
	for _, t := range f.Types {
		own := false
		for i := range f.Instances {
			if of := &f.Instances[i]; of.Type == t.Name {
				own = true
				m.rows = append(m.rows, row{of.Name, of})
			}
		}
		if !own && t.Name != procfile.Release {
			m.rows = append(m.rows, row{name: t.Name})
		}
	}
	if !slices.ContainsFunc(m.rows, m.isChosen) {
		m.choose(m.successor(before))
	}
}

func (m *Model) isChosen(r row) bool { return r.name == m.chosen }

// successor is the row to go to when the chosen one is gone: another of its type, else the one in
// its place.
func (m *Model) successor(place int) string {
	typ := typeOf(m.chosen)
	for _, r := range slices.Backward(m.rows) {
		if typeOf(r.name) == typ {
			return r.name
		}
	}
	return m.rows[min(max(place, 0), len(m.rows)-1)].name
}

// typeOf is the type of an instance, or of a row that is one.
func typeOf(name string) string {
	if typ, number := procfile.ParseInstance(name); number > 0 {
		return typ
	}
	return name
}

// current is the row that is chosen.
func (m *Model) current() row {
	if i := slices.IndexFunc(m.rows, m.isChosen); i >= 0 {
		return m.rows[i]
	}
	return row{name: m.chosen}
}

// choose shows another log.
func (m *Model) choose(name string) {
	m.chosen = name
	m.reset()
}

// chooseBy goes up or down in the list.
func (m *Model) chooseBy(n int) {
	if len(m.rows) > 0 {
		i := slices.IndexFunc(m.rows, m.isChosen)
		if to := min(max(i+n, 0), len(m.rows)-1); to != i {
			m.choose(m.rows[to].name)
		}
	}
}

// reset looks at all lines again for those that are shown.
func (m *Model) reset() {
	m.view = view{filter: m.view.filter}
	m.marked = nil
	m.layout.forget()
	m.search = search{pattern: m.search.pattern}
}

// concerns reports whether a line belongs to the log that is shown.
func (m *Model) concerns(l *Line) bool {
	return m.chosen == all || l.About == m.chosen || l.Name == m.chosen || typeOf(l.About) == m.chosen && m.current().of == nil
}

// stepCost is how much text is looked at in one go, in bytes: not so much that a key would have to
// wait.
const stepCost = 256 << 10

// Busy reports whether there are lines that have not been looked at.
func (m *Model) Busy() bool {
	return m.view.next < len(m.log.lines) || m.search.pattern != nil && m.search.next < len(m.view.lines) || m.search.jump
}

// Work looks at some of them.
func (m *Model) Work() {
	m.forget()
	cost := 0
	for v := &m.view; v.next < len(m.log.lines) && cost < stepCost; v.next++ {
		l := m.log.lines[v.next]
		if cost++; l.gone || !m.concerns(l) {
			continue
		}
		if v.filter != nil {
			cost += 20 + len(l.Text)
			if !v.filter.matches(l) {
				continue
			}
		}
		if v.lines = append(v.lines, l); v.hold {
			v.fresh++
		}
	}
	s := &m.search
	if s.pattern == nil {
		return
	}
	for ; s.next < len(m.view.lines) && cost < stepCost; s.next++ {
		l := m.view.lines[s.next]
		if cost += 20 + len(l.Text); !l.gone && s.pattern.matches(l) {
			s.hits = append(s.hits, l)
		}
	}
	if s.jump && m.view.next == len(m.log.lines) && s.next == len(m.view.lines) {
		s.jump = false
		m.jump()
	}
}

// forget forgets lines that are kept no longer. What is shown stays where it is.
func (m *Model) forget() {
	if !m.log.sparse() {
		return
	}
	v, s := &m.view, &m.search
	v.next -= goneBefore(m.log.lines, v.next)
	v.top.line -= goneBefore(v.lines, min(v.top.line, len(v.lines)))
	s.next -= goneBefore(v.lines, s.next)
	if m.marked != nil {
		m.marked.from -= goneBefore(v.lines, m.marked.from)
		m.marked.to -= goneBefore(v.lines, m.marked.to)
	}
	m.log.forget()
	v.lines, s.hits = present(v.lines), present(s.hits)
	m.layout.forget()
}

// counts tells how many instances there are, how many run, and how many have failed.
func (m *Model) counts() (total, running, failed int) {
	for i := range m.formation.Instances {
		of := &m.formation.Instances[i]
		total++
		switch shapeOf(of) {
		case shapeReady, shapeDone:
			running++
		case shapeFailed:
			failed++
		}
	}
	return total, running, failed
}

// longestName is how wide names are.
func (m *Model) longestName() int {
	width := len(output.System)
	for _, r := range m.rows {
		width = max(width, len(r.name))
	}
	return width
}

// place of a type, which its colour depends on.
func (m *Model) placeOf(typ string) int {
	return slices.IndexFunc(m.formation.Types, func(t control.Type) bool { return t.Name == typ })
}

// sizeOf is how many instances there are of a type.
func (m *Model) sizeOf(typ string) (n int) {
	for _, i := range m.formation.Instances {
		if i.Type == typ {
			n++
		}
	}
	return n
}

// title of the app: the name of its directory.
func (m *Model) title() string {
	root := strings.TrimRight(m.formation.Root, `/\`)
	return cmp.Or(root[strings.LastIndexAny(root, `/\`)+1:], root)
}
