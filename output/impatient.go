package output

import (
	"bytes"
	"os"
	"sync"
	"time"
)

// longestWait is how long an [Impatient] writer waits for its reader.
const longestWait = 100 * time.Millisecond

// Impatient writes to a file that perhaps nobody reads, such as standard error. A write
// waits for 100 ms at most, and what has not been taken by then is dropped. While the reader
// takes nothing, further writes do not wait at all. So whoever writes here is never held up,
// whatever the file is: a full pipe, a stopped terminal, a disk that does not answer.
//
// The file's own mode stays as it is: it is shared with whoever has started reeve, and a
// shell does not expect its terminal to become non-blocking. So what the file does not take at once,
// or cannot be asked to, is written in a goroutine of its own.
//
// A write never fails. Nor does it raise SIGPIPE as one to [os.Stderr] does, and end the
// program, when the reader has gone: what nobody reads is no reason to end a formation.
type Impatient struct {
	file *os.File

	mu   sync.Mutex
	late bool            // the last write was given up
	busy <-chan struct{} // closed when a write that was given up has returned; nil: none was
}

// NewImpatient makes a writer to a file.
func NewImpatient(f *os.File) *Impatient { return &Impatient{file: f} }

// Write writes all of p, or drops what nobody takes.
func (w *Impatient) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	end := time.Now().Add(longestWait)
	if w.late {
		end = time.Now()
	}
	if w.late = !w.idle(end) || !writable(int(w.file.Fd()), time.Until(end)); w.late {
		return len(p), nil
	}
	whole := len(p)
	if n, _ := writeNow(int(w.file.Fd()), p); n > 0 {
		p = p[n:]
	}
	if len(p) == 0 {
		return whole, nil
	}
	done := make(chan struct{})
	go func(p []byte) {
		defer close(done)
		for len(p) > 0 {
			n, err := write(int(w.file.Fd()), p)
			if err != nil {
				return
			}
			p = p[n:]
		}
	}(bytes.Clone(p))
	w.busy = done
	w.late = !w.idle(end)
	return whole, nil
}

// A busy machine may hold up reeve for longer than that. Whoever is that late himself cannot tell
// whether the reader is: he waits again, but not for ever.
const (
	heldUp    = 10 * time.Millisecond
	mostWaits = 20
)

// idle waits until no write goes on, and reports false when it is too late for that.
func (w *Impatient) idle(end time.Time) bool {
	for range mostWaits {
		if w.busy == nil {
			return true
		}
		late := time.NewTimer(time.Until(end))
		select {
		case <-w.busy:
			w.busy = nil
		case <-late.C:
			if time.Since(end) < heldUp {
				return false
			}
			end = time.Now().Add(longestWait)
		}
		late.Stop()
	}
	return w.busy == nil
}
