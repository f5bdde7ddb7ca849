package output

import (
	"strings"
)

// Palette is the escape sequences that the process types are coloured with.
type Palette []string

// of gives the colour of the process type at a place in the Procfile, so that a type
// keeps its colour whatever else runs, and neighbours never look alike.
func (p Palette) of(place int) string { return p[place%len(p)] }

// Basic is for terminals with the eight colours of ECMA-48. The dark blue and the
// black and white that many themes make unreadable on one background are left out.
var Basic = Palette{
	sgr + "36m", sgr + "33m", sgr + "32m", sgr + "35m", red, // cyan, yellow, green, magenta
}

// Rich is for terminals with 256 colours: from the middle of the colour cube, where
// every one can be read on white as on black.
var Rich = Palette{
	indexed + "37m", indexed + "136m", indexed + "71m", indexed + "133m", indexed + "68m",
	indexed + "166m", indexed + "30m", indexed + "99m", indexed + "106m", indexed + "168m",
}

// What failures are coloured with.
const (
	failureColor = red
	usualColor   = sgr + "39m" // the terminal's own
)

// PaletteFor gives the colours that a terminal can show, by the values of its TERM
// and COLORTERM.
func PaletteFor(term, colorterm string) Palette {
	if colorterm != "" || strings.Contains(term, "256color") || strings.Contains(term, "direct") {
		return Rich
	}
	return Basic
}

// Colours of the foreground, see ECMA-48 (Select Graphic Rendition), and of a palette of
// 256. All of them are constants, so that nothing is put together when reeve starts.
const (
	sgr     = "\x1b["
	indexed = "\x1b[38;5;"
	red     = sgr + "31m"
)
