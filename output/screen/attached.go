package screen

import "bytes"

// Attached is the line of the process that a terminal belongs to. What the process writes goes
// there as it is and at once. Before others' lines its unfinished line is wiped away, and
// after the batch of them it is written again, so that they appear above it.
type Attached struct {
	canvas
	// Columns tells how wide the terminal is; nil or 0: nobody knows.
	Columns func() int
	// Kept counts others' lines that were kept off the screen. Whoever has told of them
	// sets it back.
	Kept int

	begun []byte // a character or a sequence that has only begun
	wiped bool
}

// Attach begins with a terminal on which the process has written nothing yet.
func Attach() *Attached { return &Attached{canvas: newCanvas()} }

// Write writes what the process has written.
func (a *Attached) Write(out, p []byte) []byte {
	a.measure()
	p = append(a.begun, p...)
	n := Complete(p)
	out = a.write(out, p[:n])
	a.begun = append(a.begun[:0], p[n:]...)
	return out
}

// measure asks how wide the terminal is.
func (a *Attached) measure() {
	columns := 0
	if a.Columns != nil {
		columns = a.Columns()
	}
	a.resize(columns)
}

// Asked reports whether the process has asked the terminal something since this was called last.
func (a *Attached) Asked() bool { return a.modes.Asked() }

// Away reports whether the process has left its line: nothing can be put above it.
func (a *Attached) Away() bool { return a.away() }

// Row tells in which of its rows the process is; it may still change those above that.
func (a *Attached) Row() int { return a.cursor.row }

// Above has others' lines written above that of the process, or keeps them off the screen
// while the process does something else with it.
func (a *Attached) Above(out []byte, write func(out []byte) []byte) []byte {
	begin := len(out)
	if !a.away() && !a.wiped {
		a.measure()
		out = a.appendWipe(out)
	}
	wiped := len(out)
	out = write(out)
	switch {
	case len(out) == wiped:
		return out[:begin]
	case a.away():
		a.Kept += bytes.Count(out[begin:], []byte{'\n'})
		return out[:begin]
	}
	a.wiped = true
	return out
}

// Show writes a line that was wiped away again, when the others have had their say.
func (a *Attached) Show(out []byte) []byte {
	if !a.wiped {
		return out
	}
	a.wiped = false
	return a.appendShow(out)
}

// Suspend leaves the terminal as it was before the process came to it.
func (a *Attached) Suspend(out []byte) []byte {
	out = a.Show(out)
	out = append(a.appendPlain(out), a.modes.Leave()...)
	return append(out, "\r\n"...)
}

// Resume makes the terminal the process's again, with its line where the cursor is now.
func (a *Attached) Resume(out []byte) []byte {
	out = append(out, a.modes.Enter()...)
	if !a.away() {
		a.measure()
		a.wiped = true // by what the shell has written
	}
	return a.Show(out)
}

// Redraw writes the line again on a terminal that has another size.
func (a *Attached) Redraw(out []byte) []byte {
	if a.away() || a.wiped {
		return out
	}
	a.measure()
	out = a.appendWipe(out)
	a.wiped = true
	return a.Show(out)
}

// Leave ends the process's line, and what it has left behind of how it used the terminal.
func (a *Attached) Leave(out []byte) []byte {
	out = a.Show(out)
	a.style.broken = a.style.broken || a.text
	out = append(a.appendPlain(out), a.modes.Leave()...)
	if a.alternate {
		a.cursor.row = min(a.cursor.row, len(a.rows)-1)
	}
	out = AppendMove(out, len(a.rows)-1-a.cursor.row, 'B')
	out = append(out, '\r')
	if a.cursor.lost || len(a.rows[len(a.rows)-1].cells) > 0 {
		out = append(out, '\n')
	}
	return out
}
