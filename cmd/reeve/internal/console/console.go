// Package console knows the terminal on which reeve itself runs: whether there is one, how
// wide it is, and which colours it has.
package console

import (
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"

	"reeve/output"
	"reeve/supervisor/terminal"
)

// Colored decides about colours: by the flag, else by the variables that users set
// for all programs (no-color.org, force-color.org), else by whether it is a terminal
// that has them.
func Colored(when string, screen bool) bool {
	switch {
	case when != "auto":
		return when == "always"
	case os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("FORCE_COLOR") != "":
		return !slices.Contains([]string{"0", "false"}, os.Getenv("FORCE_COLOR"))
	}
	return screen && os.Getenv("TERM") != "dumb"
}

// Columns is how wide the terminal is; 0: nobody knows.
func Columns() int { return int(terminal.SizeOf(int(os.Stdout.Fd())).Columns) }

// IsTerminal reports whether a file is a terminal.
func IsTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) }

// Palette is that of the terminal.
func Palette() output.Palette { return output.PaletteFor(os.Getenv("TERM"), os.Getenv("COLORTERM")) }

// Cut cuts a line to the width of a terminal; 0: there is none.
func Cut(line string, width int) string {
	runes := []rune(strings.TrimRight(line, " "))
	if width <= 0 || len(runes) <= width {
		return string(runes)
	}
	return string(runes[:max(width-1, 0)]) + "…"
}
