package procfile

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Word is one word of a command, in pieces.
type Word []Piece

// Piece is plain text, or, if Variable is not empty, the value of that variable.
type Piece struct {
	Text     string
	Variable string
}

// References returns the names of the variables in some words, sorted.
func References(words []Word) []string {
	var names []string
	for _, piece := range slices.Concat(words...) {
		if piece.Variable != "" {
			names = append(names, piece.Variable)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// The marks around a variable's name in what stands for its value. Both are of
// the private use area, and plain characters for sh.
const (
	nameBegins = '\uE0B0'
	nameEnds   = '\uE0B1'
)

// Words takes a command apart that can be executed without a shell, and leaves
// its references as they are: for somebody else, who puts in the values that
// hold then. It returns nil where that would not be what [Argv] does: where
// a shell is needed, where a variable is not set, where its value is now split
// into several words or vanishes, or where NAME=value words refer to variables.
func Words(command string, lookup func(name string) (string, bool)) (words []Word, assign []string) {
	if strings.ContainsAny(command, string([]rune{nameBegins, nameEnds})) {
		return nil, nil
	}
	known := true
	invocation := Argv(command, func(name string) (string, bool) {
		value, ok := lookup(name)
		known = known && ok && utf8.ValidString(value)
		return string(nameBegins) + name + string(nameEnds), true
	})
	now := Argv(command, lookup)
	if !known || now.Shell || invocation.Shell {
		return nil, nil
	}
	for _, entry := range invocation.Assign {
		if strings.ContainsRune(entry, nameBegins) {
			return nil, nil
		}
	}
	for _, arg := range invocation.Args {
		words = append(words, pieces(arg))
	}
	if !slices.EqualFunc(words, now.Args, func(w Word, arg string) bool { return w.Expand(lookup) == arg }) {
		return nil, nil
	}
	return words, invocation.Assign
}

// Expand puts values in.
func (w Word) Expand(lookup func(name string) (string, bool)) string {
	var b strings.Builder
	for _, piece := range w {
		if piece.Variable != "" {
			piece.Text, _ = lookup(piece.Variable)
		}
		b.WriteString(piece.Text)
	}
	return b.String()
}

// pieces finds the marked names in a word.
func pieces(arg string) Word {
	word := Word{}
	for arg != "" {
		text, rest, found := strings.Cut(arg, string(nameBegins))
		if text != "" {
			word = append(word, Piece{Text: text})
		}
		if !found {
			break
		}
		var name string
		name, arg, _ = strings.Cut(rest, string(nameEnds))
		word = append(word, Piece{Variable: name})
	}
	return word
}
