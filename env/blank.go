package env

import (
	"fmt"
	"strings"
)

// oddBlanks look like blanks and are not, neither to a shell nor to a reader of env
// files. They come from web pages and word processors.
var oddBlanks = map[rune]string{
	'\u00a0': "no-break space (U+00A0)",
	'\u2007': "figure space (U+2007)",
	'\u202f': "narrow no-break space (U+202F)",
	'\u3000': "ideographic space (U+3000)",
	'\u200b': "zero-width space (U+200B)",
	'\ufeff': "byte order mark (U+FEFF)",
}

const blankInside = "there is a %s in this value: write a plain space, or put the value in quotes if you mean it"

// oddBlank names the first of them in a text, or is empty.
func oddBlank(text string) string {
	for _, r := range text {
		if name := oddBlanks[r]; name != "" {
			return name
		}
	}
	return ""
}

// named is what to add to the error about a line that has one of them.
func named(line string) string {
	if name := oddBlank(line); name != "" {
		return fmt.Sprintf(" (there is a %s in this line)", name)
	}
	return ""
}

// atEnds leaves of a text what stands at its ends and looks like a blank.
func atEnds(text string) string {
	odd := func(r rune) bool { return oddBlanks[r] != "" }
	inside := strings.TrimFunc(text, odd)
	if inside == "" {
		return text
	}
	before, after, _ := strings.Cut(text, inside)
	return before + after
}
