package procfile

import "strings"

// Nearest returns the one of among that word was most likely meant to be, for
// "did you mean …?" messages, or "" when none is near. Upper and lower case
// count as equal; of equally near names the first wins.
//
// Near means: one edit, or one for every three characters of the longer word,
// where an edit inserts, drops or replaces a character or swaps two neighbours
// (the optimal string alignment distance).
func Nearest(word string, among []string) string {
	best, bestEdits := "", -1
	for _, name := range among {
		edits, near := edits(word, name)
		if near && (bestEdits < 0 || edits < bestEdits) {
			best, bestEdits = name, edits
		}
	}
	return best
}

// Suggest asks whether the nearest name was meant, and says what else to do where
// none is near.
func Suggest(word string, among []string, otherwise string) string {
	if near := Nearest(word, among); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}

// edits returns the distance of two words and whether that counts as near.
// Words that no one types are never near: the distance takes time that grows
// with the product of the lengths.
func edits(word, name string) (int, bool) {
	const longest = 100
	if len(word) > longest || len(name) > longest {
		return 0, false
	}
	a, b := []rune(strings.ToLower(word)), []rune(strings.ToLower(name))
	allowed := max(1, max(len(a), len(b))/3)
	if len(a)-len(b) > allowed || len(b)-len(a) > allowed {
		return 0, false
	}
	d := distance(a, b)
	// An edit for each character makes any word of any other: "w" is not "x".
	return d, d <= allowed && d < max(len(a), len(b), 1)
}

// distance fills the usual table row by row: row[j] is the distance of the
// first i runes of a to the first j of b.
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := above[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
