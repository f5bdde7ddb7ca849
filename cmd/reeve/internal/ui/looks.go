package ui

import "reeve/supervisor/control"

// Looks that reeve's own text has. The colours are those of the terminal's own palette.
const (
	bold     = "\x1b[1m"
	dim      = "\x1b[2m"
	reversed = "\x1b[7m"
	red      = "\x1b[31m"
	green    = "\x1b[32m"
	yellow   = "\x1b[33m"
)

// shape is what stands for a state, in a character, so that nobody has to tell colours apart.
type shape struct{ sign, color string }

var (
	shapeReady    = shape{"●", green}
	shapeStarting = shape{"◐", yellow}
	shapeWaiting  = shape{"○", yellow}
	shapeStopping = shape{"◌", yellow}
	shapeAgain    = shape{"↻", yellow}
	shapeStopped  = shape{"■", dim}
	shapeDone     = shape{"✓", green}
	shapeFailed   = shape{"✗", red}
	shapeDue      = shape{"◷", dim}
	shapeNone     = shape{"·", dim}
)

// shapeOf is the shape of an instance's state; nil: there is no instance.
func shapeOf(i *control.Instance) shape {
	switch {
	case i == nil:
		return shapeNone
	case i.State == "running" && (i.Ready || i.Task):
		return shapeReady
	case i.State == "running":
		return shapeStarting
	case i.State == "backoff":
		return shapeAgain
	case i.State == "stopping", i.State == "killing":
		return shapeStopping
	case i.State == "done", i.State == "stopped" && !i.Held && i.Exit != nil && *i.Exit == (control.Exit{}):
		return shapeDone
	case i.State == "stopped" && !i.Held && i.Exit != nil && i.Exit.Signal != "SIGTERM": // of one's own accord
		return shapeFailed
	case i.State == "stopped":
		return shapeStopped
	case i.State == "scheduled":
		return shapeDue
	}
	return shapeWaiting
}

// nameColors are the colours of names, in turn: those of the log.
var nameColors = [...]string{"\x1b[36m", "\x1b[33m", "\x1b[32m", "\x1b[35m", "\x1b[34m"}

// color is a look with a colour, where there are any.
func (m *Model) color(look string) string {
	if m.Bare && look != dim && look != bold {
		return ""
	}
	return look
}

// nameColor is that of an instance's name.
func (m *Model) nameColor(name string) string {
	place := m.placeOf(typeOf(name))
	if place < 0 {
		return dim
	}
	return m.color(nameColors[place%len(nameColors)])
}
