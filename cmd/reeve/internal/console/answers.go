package console

import (
	"bytes"
	"os"
	"sync/atomic"
	"time"

	"reeve/output"
)

// A terminal answers what a program asks as if somebody had typed that. If the program has
// ended meanwhile, the answer would be typed at the shell's prompt. So whoever has given a
// program the terminal waits for the answers before the shell has it again: terminals answer
// one question after the other, so one more question tells when the others have been answered.

// The last question, and its answer.
const (
	LastQuestion = "\x1b[5n" // DSR: is everything in order?
	LastAnswer   = "\x1b[0n" // it is

	// answersTake bounds how long that may take: there are terminals that answer nothing.
	answersTake = 500 * time.Millisecond
)

// Answers are what a program waits for, or no longer waits for. The zero value expects none.
type Answers struct {
	expected atomic.Bool
	awaited  atomic.Pointer[chan struct{}] // closed when the last one has come; nil: nobody waits
	tail     []byte                        // of what was typed; it belongs to whoever calls Hear
}

// Expect records that the terminal was asked something.
func (a *Answers) Expect() { a.expected.Store(true) }

// Hear looks for the last answer in what was typed.
func (a *Answers) Hear(typed []byte) {
	a.tail = append(a.tail, typed...)
	if bytes.Contains(a.tail, []byte(LastAnswer)) {
		if last := a.awaited.Swap(nil); last != nil {
			close(*last)
		}
	}
	a.tail = a.tail[max(0, len(a.tail)-len(LastAnswer)+1):]
}

// Await waits until everything has been answered that the terminal was asked. Until then
// somebody has to read the terminal and to call [Answers.Hear].
func (a *Answers) Await() {
	if !a.expected.Swap(false) || !IsTerminal(os.Stdin) {
		return
	}
	last := make(chan struct{})
	a.awaited.Store(&last)
	_, _ = output.NewImpatient(os.Stdout).Write([]byte(LastQuestion))
	select {
	case <-last:
	case <-time.After(answersTake):
	}
}
