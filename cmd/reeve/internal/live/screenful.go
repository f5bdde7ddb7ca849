package live

import (
	"bytes"

	"reeve/internal/pattern"
	"reeve/output/screen"
)

// modeSequence matches a sequence that sets or resets private modes of a terminal.
var modeSequence = pattern.New(`\x1b\[\?([0-9;]+)([hl])`)

// cleared matches what empties the screen: ED 2 and 3, and RIS.
var cleared = pattern.New(`\x1b(\[[23]J|c)`)

// normalScreen leaves out what was written on the alternate screen, and what has been
// cleared since.
func normalScreen(written []byte) []byte {
	var kept []byte
	var m screen.Modes
	from := 0 // where what is not looked at yet begins
	for _, at := range modeSequence.Get().FindAllIndex(written, -1) {
		before := m.FullScreen()
		m.Follow(written[at[0]:at[1]])
		switch after := m.FullScreen(); {
		case after && !before:
			kept = append(kept, written[from:at[0]]...)
		case before && !after:
			from = at[1]
		case !before && !after && leavesFullScreen(written[at[0]:at[1]]):
			kept, from = nil, at[1] // it began before everything
		}
	}
	if !m.FullScreen() {
		kept = append(kept, written[from:]...)
	}
	if all := cleared.Get().FindAllIndex(kept, -1); len(all) > 0 {
		kept = kept[all[len(all)-1][1]:]
	}
	return kept
}

// leavesFullScreen reports whether a sequence leaves the alternate screen: what sets the same
// modes would switch to it.
func leavesFullScreen(sequence []byte) bool {
	sets, resets := bytes.CutSuffix(sequence, []byte{'l'})
	return resets && screen.ModesAfter(append(bytes.Clone(sets), 'h')).FullScreen()
}

// screenful gives what somebody sees who comes to a terminal: its last lines, or nothing
// where the program has to draw the whole screen.
func screenful(written []byte, rows int) []byte {
	m := screen.ModesAfter(written)
	if m.FullScreen() {
		return []byte(m.Enter() + "\x1b[H\x1b[2J")
	}
	written = normalScreen(written)
	rest := written
	for n := 0; n < max(rows, 1); n++ {
		at := bytes.LastIndexByte(rest, '\n')
		if at < 0 {
			return append([]byte(m.Enter()), written...)
		}
		rest = rest[:at]
	}
	return append([]byte(m.Enter()), written[len(rest)+1:]...)
}
