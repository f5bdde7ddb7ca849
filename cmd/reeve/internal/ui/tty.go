package ui

import (
	"os"
	"syscall"
	"time"

	"reeve/output/screen"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// enter makes the terminal a screen: the alternate one, without a cursor, on which the last column
// scrolls nothing, and which tells what is pasted. leave takes that back.
const (
	enter     = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h"
	leave     = screen.Reset + "\x1b[2J\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
	mouseOn   = "\x1b[?1000h\x1b[?1006h"
	mouseOff  = "\x1b[?1006l\x1b[?1000l"
	escWithin = 50 * time.Millisecond // what else belongs to a key that begins with Esc comes
)

// tty is the terminal, which is ours or, for a while, somebody else's.
type tty struct {
	keys     chan []Event // what is typed; closed when the terminal is gone
	restore  func()       // nil: it is not ours
	guardian *supervisor.Guardian
	input    input
	paused   chan struct{} // the reading of keys does
	resumed  chan struct{}
	gone     chan struct{} // closed when there is no terminal any longer
}

// happening is what has come of waiting for keys.
type happening uint8

const (
	nothing happening = iota // in time
	keysCame
	woken // the reading is to pause
)

// openTerminal takes the terminal. If reeve is killed, its guardian gives it back.
func openTerminal() (*tty, error) {
	t := &tty{keys: make(chan []Event), paused: make(chan struct{}), resumed: make(chan struct{}), gone: make(chan struct{})}
	if err := t.input.open(); err != nil {
		return nil, err
	}
	t.guardian, _ = supervisor.StartGuardian("") // nil: then nothing restores the terminal
	t.guardian.KeepTerminal(stdin, screen.UsualModes)
	if err := t.take(); err != nil {
		t.guardian.Close()
		return nil, err
	}
	go t.read()
	return t, nil
}

// take makes the terminal ours.
func (t *tty) take() (err error) {
	t.restore, err = terminal.TakeKeys(stdin, terminal.AllKeys)
	if err == nil {
		_, _ = os.Stdout.WriteString(enter)
	}
	return err
}

// give makes it as it was.
func (t *tty) give() {
	if t.restore != nil {
		writeSoon(mouseOff + leave)
		t.restore()
		t.restore = nil
	}
}

// writeSoon writes to the terminal, but does not wait if nobody reads it.
func writeSoon(text string) {
	done := make(chan struct{})
	go func() {
		_, _ = os.Stdout.WriteString(text)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(giveWithin):
	}
}

// giveWithin bounds how long the last words to the terminal may take.
const giveWithin = 300 * time.Millisecond

// close gives it back for good.
func (t *tty) close() {
	t.give()
	t.guardian.Close()
}

// lend gives the terminal to somebody else, who then reads what is typed. Take it back with
// takeBack.
func (t *tty) lend() {
	t.input.wake()
	for paused := false; !paused; {
		select {
		case <-t.paused:
			paused = true
		case _, more := <-t.keys: // typed too early
			paused = !more
		}
	}
	t.give()
}

func (t *tty) takeBack() error {
	err := t.take()
	select {
	case t.resumed <- struct{}{}:
	case <-t.gone:
	}
	return err
}

// read reads what is typed, unless it is somebody else's.
func (t *tty) read() {
	defer close(t.keys)
	defer close(t.gone)
	var d decoder
	for buf := make([]byte, 4096); ; {
		n, err := t.readSome(buf, &d)
		switch {
		case err != nil:
			return
		case n == 0:
			t.keys <- d.flush()
		default:
			if events := d.take(buf[:n]); len(events) > 0 {
				t.keys <- events
			}
		}
	}
}

// readSome waits for what is typed. Nothing: nothing has come after what has only begun.
func (t *tty) readSome(buf []byte, d *decoder) (n int, err error) {
	for {
		wait := time.Duration(-1)
		if d.pending() {
			wait = escWithin
		}
		what, err := t.input.await(wait)
		switch {
		case err != nil, what == nothing:
			return 0, err
		case what == woken:
			t.paused <- struct{}{}
			<-t.resumed
			continue
		}
		if n, err := t.input.read(buf); n > 0 || err != nil {
			return n, err
		}
	}
}

// size is that of the terminal.
func size() Resized {
	s := terminal.SizeOf(stdout)
	if s.Columns == 0 || s.Rows == 0 {
		return Resized{80, 24}
	}
	return Resized{int(s.Columns), int(s.Rows)}
}

// isResize reports whether a signal tells of a new size.
func isResize(sig os.Signal) bool { return sig == terminal.ResizeSignal }

// endCode is the exit code after a signal.
func endCode(sig os.Signal) int {
	n, _ := sig.(syscall.Signal)
	return 128 + int(n)
}
