package output

import (
	"reeve/output/screen"
)

// The terminal that belongs to a process is not always its own: Ctrl-Z gives it back to the
// shell, and another size makes the terminal lay out anew what stands on it.

// Suspend leaves the terminal as it was before the process came to it that it belongs to,
// until [Mux.Resume].
func (m *Mux) Suspend() { m.put(item{draw: (*screen.Attached).Suspend}) }

// Resume makes the terminal the process's again, with its line where the cursor is now.
func (m *Mux) Resume() { m.put(item{draw: (*screen.Attached).Resume}) }

// Resized draws that line again on a terminal that has another size.
func (m *Mux) Resized() { m.put(item{draw: (*screen.Attached).Redraw}) }

// draw has effect only where a process may have the terminal.
func (m *Mux) draw(how func(a *screen.Attached, out []byte) []byte) {
	f := m.Format
	if inner, ok := f.(withoutNotices); ok {
		f = inner.Format
	}
	if t, ok := f.(*text); ok && t.front != nil {
		m.batch = how(t.front.Attached, m.batch)
	}
}
