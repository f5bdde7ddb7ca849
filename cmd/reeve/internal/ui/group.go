package ui

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Characters that stand in one place are told apart as terminals do, which look at one after the
// other: by what each is, and not by the language. (UAX #29 in full takes tables of 70 KB.)

const (
	joiner       = '\u200d' // joins the emoji around it, but no character of ASCII, such as a tab
	asEmoji      = '\ufe0f' // has what is before it shown as one, which is wide
	firstSkin    = '\U0001f3fb'
	lastSkin     = '\U0001f3ff'
	firstFlag    = '\U0001f1e6' // two letters of these are a flag
	lastFlag     = '\U0001f1ff'
	firstVowel   = '\u1160' // and final consonants of Hangul, which combine
	lastVowel    = '\u11ff'
	firstSymbol  = '\u2000' // what asEmoji can change comes after this, digits apart
	longestGroup = 128      // bytes of a character, with what combines with it
)

// group gives the length of the character that p begins with, which must be UTF-8, along with what
// combines with it, and how many columns that takes.
func group(p []byte) (size, columns int) {
	p = p[:min(len(p), longestGroup)]
	first, size := utf8.DecodeRune(p)
	columns = columnsOf(first)
	for before := first; size < len(p); {
		r, n := utf8.DecodeRune(p[size:])
		switch {
		case r == utf8.RuneError && n <= 1:
			return size, columns
		case r == asEmoji && first > firstSymbol:
			columns = 2
		case isFlag(r) && isFlag(before) && before == first && size == n:
			columns = 2
		case before == joiner && r >= utf8.RuneSelf, isCombining(r), r >= firstSkin && r <= lastSkin && columns == 2:
		default:
			return size, columns
		}
		before = r
		size += n
	}
	return size, columns
}

// columnsOf is how many columns a character takes by itself.
func columnsOf(r rune) int {
	if isCombining(r) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// isCombining reports whether a character has no place of its own.
func isCombining(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || r >= firstVowel && r <= lastVowel
}

func isFlag(r rune) bool { return r >= firstFlag && r <= lastFlag }
