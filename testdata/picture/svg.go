package main

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// span is text of one look.
type span struct {
	class string // of the style below; empty: plain
	text  string
}

// sgr matches what changes the look of text, other what does anything else to a
// terminal.
var (
	sgr   = regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	other = regexp.MustCompile(`\x1b(?:\[[0-9;?]*[A-Za-ln-z]|\][^\a]*\a|[=>])`)
)

// parse takes the lines of a terminal apart.
func parse(screen string) (lines [][]span) {
	class := ""
	for _, text := range strings.Split(other.ReplaceAllString(screen, ""), "\n") {
		var line []span
		add := func(text string) {
			if text != "" {
				line = append(line, span{class, text})
			}
		}
		last := 0
		for _, at := range sgr.FindAllStringSubmatchIndex(text, -1) {
			add(text[last:at[0]])
			class = classOf(class, text[at[2]:at[3]])
			last = at[1]
		}
		add(text[last:])
		lines = append(lines, line)
	}
	return lines
}

// classOf is the look after an escape code. The colours are those that every terminal
// has.
func classOf(class, code string) string {
	for _, word := range strings.Split(code, ";") {
		switch n, _ := strconv.Atoi(word); {
		case n == 0, n == 39:
			class = ""
		case n >= 30 && n <= 37:
			class = fmt.Sprintf("c%d", n)
		}
	}
	return class
}

// Sizes, in pixels.
const (
	advance = 8.4 // of a character
	leading = 20.0
	margin  = 20.0
	bar     = 34.0 // of the window, with its three buttons
)

// style has a light and a dark look; whoever shows the picture chooses.
const style = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #24292f }
.window { fill: #ffffff; stroke: #d0d7de } .behind { fill: #24292f } .reversed { fill: #ffffff } .button { fill: #d0d7de }
.c31 { fill: #b3261e } .c32 { fill: #1a7f37 } .c33 { fill: #8a5b00 } .c34 { fill: #0550ae } .c35 { fill: #8250df } .c36 { fill: #0e7490 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .window { fill: #0d1117; stroke: #30363d } .behind { fill: #e6edf3 } .reversed { fill: #0d1117 } .button { fill: #30363d }
  .c31 { fill: #ff8f87 } .c32 { fill: #56d364 } .c33 { fill: #e3b341 } .c34 { fill: #79c0ff } .c35 { fill: #d2a8ff } .c36 { fill: #56d4dd }
}
`

// draw makes the picture.
func draw(title string, lines [][]span) string {
	var svg strings.Builder
	width, height := 2*margin+advance*columns, bar+margin+leading*float64(len(lines))
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">`, width, height, width, height)
	fmt.Fprintf(&svg, "\n<title>%s</title>\n<style>%s</style>\n", html.EscapeString(title), style)
	fmt.Fprintf(&svg, `<rect class="window" x="0.5" y="0.5" width="%.0f" height="%.0f" rx="8"/>`+"\n", width-1, height-1)
	for i := range 3 {
		fmt.Fprintf(&svg, `<circle class="button" cx="%.0f" cy="18" r="5.5"/>`+"\n", margin+float64(i)*18)
	}
	for i, line := range lines {
		drawReversed(&svg, i, line)
		fmt.Fprintf(&svg, `<text x="%.0f" y="%.0f" xml:space="preserve">`, margin, bar+leading*(float64(i)+0.75))
		for _, s := range line {
			svg.WriteString(s.markup())
		}
		svg.WriteString("</text>\n")
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

// reversed is the class of text that is turned around.
const reversed = "reversed"

// drawReversed draws what is behind the text of a line that is turned around.
func drawReversed(svg *strings.Builder, row int, line []span) {
	column := 0
	for _, s := range line {
		width := utf8.RuneCountInString(s.text)
		if s.class == reversed {
			fmt.Fprintf(svg, `<rect class="behind" x="%.1f" y="%.0f" width="%.1f" height="%.0f"/>`+"\n",
				margin+advance*float64(column), bar+leading*float64(row), advance*float64(width), leading)
		}
		column += width
	}
}

func (s span) markup() string {
	text := html.EscapeString(s.text)
	if s.class == "" {
		return text
	}
	return fmt.Sprintf(`<tspan class="%s">%s</tspan>`, s.class, text)
}
