package output

// The terminal that belongs to a process is not always its own: Ctrl-Z gives it back to the
// shell, and another size makes the terminal lay out anew what stands on it.

// Suspend leaves the terminal as it was before the process came to it that it belongs to,
// until [Mux.Resume].
func (m *Mux) Suspend() { m.put(item{draw: (*text).suspend}) }

// Resume makes the terminal the process's again, with its line where the cursor is now.
func (m *Mux) Resume() { m.put(item{draw: (*text).resume}) }

// Resized draws that line again on a terminal that has another size.
func (m *Mux) Resized() { m.put(item{draw: (*text).resized}) }

// draw has effect only where a process may have the terminal.
func (m *Mux) draw(how func(t *text, out []byte) []byte) {
	f := m.Format
	if inner, ok := f.(withoutNotices); ok {
		f = inner.Format
	}
	if t, ok := f.(*text); ok && t.front != nil {
		m.batch = how(t, m.batch)
	}
}

func (t *text) suspend(out []byte) []byte {
	out = t.settle(out)
	out = append(t.front.appendPlain(out), t.front.modes.Leave()...)
	return append(out, "\r\n"...)
}

func (t *text) resume(out []byte) []byte {
	out = append(out, t.front.modes.Enter()...)
	if !t.front.away() {
		t.measure()
		t.front.wiped = true // by what the shell has written
	}
	return t.settle(out)
}

func (t *text) resized(out []byte) []byte {
	if t.front.away() || t.front.wiped {
		return out
	}
	t.measure()
	out = t.front.appendWipe(out)
	t.front.wiped = true
	return t.settle(out)
}
