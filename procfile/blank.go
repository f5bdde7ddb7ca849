package procfile

import (
	"fmt"
	"strings"
	"unicode"
)

// OddBlank names the first character of a command that looks like a blank and is not
// to a shell, or is "". In quotes it may be meant, so there it does not count. Such
// characters come from web pages and word processors.
func OddBlank(command string) string {
	quote := rune(0)
	for i, r := range command {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"') && (i == 0 || command[i-1] != '\\'):
			quote = r
		case quote == 0 && isOddBlank(r):
			return blankName(r)
		}
	}
	return ""
}

func isOddBlank(r rune) bool {
	return r > 0x7f && unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff'
}

func blankName(r rune) string {
	if r == '\u00a0' {
		return "a no-break space (U+00A0)"
	}
	return fmt.Sprintf("a character that only looks like a space (%U)", r)
}

// blankHint adds to the error about a line that has such a character.
func blankHint(text string) string {
	at := strings.IndexFunc(text, isOddBlank)
	if at < 0 {
		return ""
	}
	for _, r := range text[at:] {
		return ": there is " + blankName(r) + " in it"
	}
	return ""
}
