package output

import (
	"fmt"
	"strings"

	"github.com/fatih/color"
)

// Palette is the escape sequences that the process types are coloured with.
type Palette []string

// of gives the colour of the process type at a place in the Procfile, so that a type
// keeps its colour whatever else runs, and neighbours never look alike.
func (p Palette) of(place int) string { return p[place%len(p)] }

// Basic is for terminals with the eight colours of ECMA-48. The dark blue and the
// black and white that many themes make unreadable on one background are left out.
var Basic = Palette{
	sgr(color.FgCyan), sgr(color.FgYellow), sgr(color.FgGreen), sgr(color.FgMagenta), sgr(color.FgRed),
}

// Rich is for terminals with 256 colours: from the middle of the colour cube, where
// every one can be read on white as on black.
var Rich = Palette{
	indexed(37), indexed(136), indexed(71), indexed(133), indexed(68),
	indexed(166), indexed(30), indexed(99), indexed(106), indexed(168),
}

// What failures are coloured with.
var (
	failureColor = sgr(color.FgRed)
	usualColor   = sgr(39) // the terminal's own, see ECMA-48
)

// PaletteFor gives the colours that a terminal can show, by the values of its TERM
// and COLORTERM.
func PaletteFor(term, colorterm string) Palette {
	if colorterm != "" || strings.Contains(term, "256color") || strings.Contains(term, "direct") {
		return Rich
	}
	return Basic
}

func sgr(a color.Attribute) string { return fmt.Sprintf("\x1b[%dm", a) }

func indexed(n int) string { return fmt.Sprintf("\x1b[38;5;%dm", n) }
