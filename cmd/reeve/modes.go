package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// modes are the private modes that a program has set in its terminal and not reset (ECMA-48
// SM and RM with "?", as xterm's ctlseqs has them): the alternate screen, the mouse,
// bracketed paste and so on. Whoever comes to the terminal later has to set them, and
// whoever leaves has to reset them.
type modes struct {
	set     map[int]bool
	hidden  bool   // the cursor, whose mode is set in every terminal to begin with
	pending string // an escape sequence that is not finished yet
}

// cursorMode is set while the cursor is shown.
const cursorMode = 25

// alternate are the modes that switch to the alternate screen.
var alternate = []int{47, 1047, 1049}

// modeSequence matches a sequence that sets or resets private modes.
var modeSequence = pattern(`\x1b\[\?([0-9;]+)([hl])`)

// unfinishedMode matches the beginning of one at the end.
var unfinishedMode = pattern(`\x1b(\[(\?[0-9;]{0,32})?)?$`)

// follow takes note of what a program writes.
func (m *modes) follow(p []byte) {
	text := m.pending + string(p)
	for _, found := range modeSequence().FindAllStringSubmatch(text, -1) {
		for number := range strings.SplitSeq(found[1], ";") {
			mode, _ := strconv.Atoi(number)
			m.note(mode, found[2] == "h")
		}
	}
	m.pending = unfinishedMode().FindString(text)
}

// modesAfter gives the modes of a terminal on which something was written.
func modesAfter(written []byte) *modes {
	m := &modes{}
	m.follow(written)
	return m
}

func (m *modes) note(mode int, on bool) {
	switch {
	case mode == cursorMode:
		m.hidden = !on
	case on:
		if m.set == nil {
			m.set = map[int]bool{}
		}
		m.set[mode] = true
	default:
		delete(m.set, mode)
	}
}

// fullScreen says whether the program uses the alternate screen.
func (m *modes) fullScreen() bool {
	return slices.ContainsFunc(alternate, func(mode int) bool { return m.set[mode] })
}

// enter is what makes a terminal as the program has left it.
func (m *modes) enter() string { return m.sequence('h', 'l') }

// leave is what makes a terminal as it was before.
func (m *modes) leave() string { return m.sequence('l', 'h') + "\x1b[0m" }

func (m *modes) sequence(set, cursor rune) string {
	var out strings.Builder
	for _, mode := range slices.Sorted(maps.Keys(m.set)) {
		fmt.Fprintf(&out, "\x1b[?%d%c", mode, set)
	}
	if m.hidden {
		fmt.Fprintf(&out, "\x1b[?%d%c", cursorMode, cursor)
	}
	return out.String()
}

// cleared matches what empties the screen: ED 2 and 3, and RIS.
var cleared = pattern(`\x1b(\[[23]J|c)`)

// normalScreen leaves out what was written on the alternate screen, and what has been
// cleared since.
func normalScreen(written []byte) []byte {
	var kept []byte
	var m modes
	from := 0 // where what is not looked at yet begins
	for _, at := range modeSequence().FindAllIndex(written, -1) {
		before := m.fullScreen()
		m.follow(written[at[0]:at[1]])
		switch after := m.fullScreen(); {
		case after && !before:
			kept = append(kept, written[from:at[0]]...)
		case before && !after:
			from = at[1]
		case !before && !after && m.leaves(written[at[0]:at[1]]):
			kept, from = nil, at[1] // it began before all there is
		}
	}
	if !m.fullScreen() {
		kept = append(kept, written[from:]...)
	}
	if all := cleared().FindAllIndex(kept, -1); len(all) > 0 {
		kept = kept[all[len(all)-1][1]:]
	}
	return kept
}

// leaves says whether a sequence leaves the alternate screen.
func (modes) leaves(sequence []byte) bool {
	return slices.ContainsFunc(alternate, func(mode int) bool {
		return string(sequence) == fmt.Sprintf("\x1b[?%dl", mode)
	})
}

// screenful gives what somebody sees who comes to a terminal: its last lines, or nothing
// where the program has to draw the whole screen.
func screenful(written []byte, rows int) []byte {
	m := modesAfter(written)
	if m.fullScreen() {
		return []byte(m.enter() + "\x1b[H\x1b[2J")
	}
	written = normalScreen(written)
	rest := written
	for n := 0; n < max(rows, 1); n++ {
		at := bytes.LastIndexByte(rest, '\n')
		if at < 0 {
			return append([]byte(m.enter()), written...)
		}
		rest = rest[:at]
	}
	return append([]byte(m.enter()), written[len(rest)+1:]...)
}
