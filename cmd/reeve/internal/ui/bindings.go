package ui

import (
	"fmt"
	"slices"
)

// binding is what a key does, in a place of its own: help, the status line and what happens are
// made from it.
type binding struct {
	keys  []Key
	shown string // as help has them
	text  string
	do    func(m *Model, k Key) []Effect
}

func (b binding) has(k Key) bool { return slices.Contains(b.keys, k) }

// simply makes what needs no key and has no effect.
func simply(do func(*Model)) func(*Model, Key) []Effect {
	return func(m *Model, _ Key) []Effect {
		do(m)
		return nil
	}
}

// bindings are all keys, in the order in which help has them. It is a function so that nothing is
// made at the start of the program.
func bindings() []binding {
	return []binding{
		{[]Key{"j", "down", "k", "up"}, "j k ↑ ↓", "choose whose log is shown; with z: go down and up in it", upOrDown},
		{[]Key{"enter"}, "Enter", "attach to the process; Ctrl-] twice comes back", func(m *Model, _ Key) []Effect { return m.attach() }},
		{[]Key{"r"}, "r", "restart", func(m *Model, _ Key) []Effect { return m.steer("restart") }},
		{[]Key{"s"}, "s", "stop", func(m *Model, _ Key) []Effect { return m.steer("stop") }},
		{[]Key{"S"}, "S", "start what is stopped", func(m *Model, _ Key) []Effect { return m.start() }},
		{[]Key{"+", "="}, "+", "one instance more", func(m *Model, _ Key) []Effect { return m.scale(1) }},
		{[]Key{"-"}, "-", "one less", func(m *Model, _ Key) []Effect { return m.scale(-1) }},
		{[]Key{"pgup", "ctrl-b"}, "PgUp", "go up a page in the log", simply(func(m *Model) { m.scroll(-max(m.logHeight()-1, 1)) })},
		{[]Key{"pgdn", "ctrl-f"}, "PgDn", "go down a page", simply(func(m *Model) { m.scroll(max(m.logHeight()-1, 1)) })},
		{[]Key{"ctrl-u"}, "Ctrl-U", "go up half a page", simply(func(m *Model) { m.scroll(-max(m.logHeight()/2, 1)) })},
		{[]Key{"ctrl-d"}, "Ctrl-D", "go down half a page", simply(func(m *Model) { m.scroll(max(m.logHeight()/2, 1)) })},
		{[]Key{"ctrl-y", "K"}, "K", "go up a row", simply(func(m *Model) { m.scroll(-1) })},
		{[]Key{"ctrl-e", "J"}, "J", "go down a row", simply(func(m *Model) { m.scroll(1) })},
		{[]Key{"g", "home"}, "g Home", "go to the first line", simply(func(m *Model) { m.goTo(place{}) })},
		{[]Key{"f", "G", "end"}, "f G End", "go to the end, and follow what comes", simply((*Model).follow)},
		{[]Key{"/"}, "/", "search in all of the log", simply(func(m *Model) { m.prompt = &prompt{kind: toSearch} })},
		{[]Key{"n"}, "n", "go to the match before (older)", simply(func(m *Model) { m.nextHit(-1) })},
		{[]Key{"N"}, "N", "go to the match after (newer)", simply(func(m *Model) { m.nextHit(1) })},
		{[]Key{"&"}, "&", "show only lines that match; & Enter shows all again", simply(func(m *Model) { m.prompt = &prompt{kind: toFilter} })},
		{[]Key{"V"}, "V", "select lines: j k go on, y copies, Esc leaves", simply((*Model).mark)},
		{[]Key{"y"}, "y", "copy what is selected, else the match, else what is seen", func(m *Model, _ Key) []Effect { return m.copy() }},
		{[]Key{"v"}, "v", "view the log in $PAGER", func(m *Model, _ Key) []Effect { return m.page() }},
		{[]Key{"z"}, "z", "the log alone, without a frame", simply(func(m *Model) { m.alone = !m.alone })},
		{[]Key{"w"}, "w", "wrap long lines", simply(func(m *Model) {
			m.wrap, m.view.top.row = !m.wrap, 0
			m.switched("long lines are wrapped", "long lines are cut", m.wrap)
		})},
		{[]Key{"t"}, "t", "show times", simply(func(m *Model) { m.times = !m.times })},
		{[]Key{"c"}, "c", "show CPU and memory", simply((*Model).toggleFigures)},
		{[]Key{"m"}, "m", "use the mouse here, or in the terminal as usual", func(m *Model, _ Key) []Effect { return m.toggleMouse() }},
		{[]Key{"esc"}, "Esc", "end a selection, a search or a filter", simply((*Model).escape)},
		{[]Key{"ctrl-l"}, "Ctrl-L", "draw everything anew", nil},
		{[]Key{"ctrl-z"}, "Ctrl-Z", "back to the shell; fg comes back", nil},
		{[]Key{"?"}, "?", "show these keys", simply(func(m *Model) { m.help = 1 })},
		{[]Key{"q", "ctrl-c"}, "q", "leave; everything keeps running", func(*Model, Key) []Effect { return []Effect{Leave{}} }},
		{[]Key{"Q"}, "Q", "stop the formation", simply((*Model).askToQuit)},
	}
}

// Keys has each key, and what it does, for the manual.
func Keys() (keys [][2]string) {
	for _, b := range bindings() {
		keys = append(keys, [2]string{b.shown, b.text})
	}
	return keys
}

func upOrDown(m *Model, k Key) []Effect {
	n := 1
	if k == "k" || k == "up" {
		n = -1
	}
	if m.alone {
		m.scroll(n)
		return nil
	}
	m.chooseBy(n)
	m.Work()
	return nil
}

func (m *Model) switched(on, off string, is bool) {
	if is {
		m.say("%s", on)
	} else {
		m.say("%s", off)
	}
}

func (m *Model) toggleFigures() {
	if m.hasFigures() {
		m.figures = figuresHidden
		return
	}
	if m.figures = figuresShown; !m.hasFigures() {
		m.fail("there is no room for CPU and memory: they need %d columns", roomForFigures)
	}
}

func (m *Model) toggleMouse() []Effect {
	m.mouse = !m.mouse
	m.switched("the mouse chooses and scrolls here; m gives it back to the terminal", "the mouse is the terminal's: it selects as usual", m.mouse)
	return []Effect{SetMouse{m.mouse}}
}

// escape ends what can be ended, one after the other.
func (m *Model) escape() {
	switch {
	case m.search.pattern != nil:
		m.search = search{}
	case m.view.filter != nil:
		m.view.filter = nil
		m.reset()
		m.Work()
	}
}

// attach gives the screen to the process that is chosen.
func (m *Model) attach() []Effect {
	switch r := m.current(); {
	case r.name == all:
		m.fail("choose a process to attach to: j k")
	case r.of == nil || r.of.Pid == 0:
		m.fail("%s does not run: S starts it", r.name)
	default:
		return []Effect{Attach{r.name}}
	}
	return nil
}

// steer restarts or stops what is chosen. Before that is done to everything, it asks.
func (m *Model) steer(what string) []Effect {
	r := m.current()
	switch {
	case m.link.state == ended:
		return m.ask(Ask{}, "")
	case r.name == all:
		var names []string
		for _, i := range m.formation.Instances {
			names = append(names, i.Name)
		}
		if len(names) > 0 {
			m.confirm = &confirm{fmt.Sprintf("%s all %d instances?", what, len(names)), []Effect{Ask{What: what, Names: names}}}
		}
		return nil
	case r.of == nil:
		m.fail("%s has no instances: + starts one", r.name)
		return nil
	}
	a := Ask{What: what, Names: []string{r.name}}
	return m.ask(a, doing(a))
}

// start starts what is stopped.
func (m *Model) start() []Effect {
	r := m.current()
	switch {
	case r.name != all && r.of == nil:
		return m.scale(1)
	case r.name != all && r.of.Pid != 0:
		m.fail("%s runs: r restarts it", r.name)
		return nil
	}
	var names []string
	for _, i := range m.formation.Instances {
		if i.Pid == 0 && (r.name == all || i.Name == r.name) {
			names = append(names, i.Name)
		}
	}
	if len(names) == 0 {
		m.fail("nothing is stopped")
		return nil
	}
	return m.ask(Ask{What: "restart", Names: names}, "starting "+listed(names))
}

// scale changes how many instances there are of the type that is chosen.
func (m *Model) scale(by int) []Effect {
	if m.chosen == all {
		m.fail("choose a process to scale: j k")
		return nil
	}
	typ := typeOf(m.chosen)
	n := m.sizeOf(typ) + by
	if n < 0 {
		m.fail("%s has no instances", typ)
		return nil
	}
	return m.ask(Ask{What: "scale", Scale: map[string]int{typ: n}}, fmt.Sprintf("scaling %s to %d", typ, n))
}

func (m *Model) askToQuit() {
	if m.link.state != ended {
		m.confirm = &confirm{"stop the formation and everything in it?", []Effect{Ask{What: "quit"}}}
	}
}

// doing says what a request does.
func doing(a Ask) string {
	switch a.What {
	case "restart":
		return "restarting " + listed(a.Names)
	case "stop":
		return "stopping " + listed(a.Names)
	}
	return "stopping the formation"
}

// listed names instances, if they are not too many.
func listed(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%d instances", len(names))
}
