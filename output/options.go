package output

import (
	"regexp"
	"time"
)

// Options say where the log goes and what it looks like.
type Options struct {
	Out      int    // the descriptor that is written to; it may be non-blocking; negative: none
	Format   Format // [NewText] or [NewJSON]
	Terminal bool   // Out is a terminal: unfinished lines are shown
	// Closed is called once, from the mux's goroutine, when nobody reads Out any
	// more, also if nothing is written just then. Everything written afterwards is
	// dropped.
	Closed func()
	// Failed is called once, likewise, when Out cannot be written for another reason.
	// The formation runs on; what cannot be written is dropped.
	Failed func(error)
	// Lifelines are other descriptors than Out. HungUp is called, likewise, when the other
	// end of one of them is gone.
	Lifelines []int
	HungUp    func()
	// Apart is told of every notice, likewise, when all that came before it has been written;
	// nil: nobody is. It is for a log in which there are none.
	Apart func(Notice)
	// Flooded is called once, likewise, when the processes have written much; nil: nobody is told.
	Flooded func()
	// Columns tells how wide the terminal is; nil: nobody knows.
	Columns func() int
	// History keeps what is written, also what Out never gets; nil: nothing is kept.
	History *History
	// Files also get the log; nil: there are none. The caller closes them, after the mux.
	Files *Files
	// Without are messages of reeve's own that are not shown, nor in files.
	Without []*regexp.Regexp
}

// Format turns what processes write into bytes of the log. Its methods append to out
// and return it. They are called from the mux's goroutine only.
type Format interface {
	// tick tells the time of everything that follows.
	tick(now time.Time)
	// lines cuts p, what a stream has just written, into lines. The unfinished last
	// line stays with the stream.
	lines(out []byte, s *Stream, p []byte) []byte
	// open shows a stream's unfinished line.
	open(out []byte, s *Stream) []byte
	// finish ends a stream's unfinished line, if it has one.
	finish(out []byte, s *Stream) []byte
	// notice appends a message of reeve's own.
	notice(out []byte, n Notice) []byte
	// settle completes what is written in one go.
	settle(out []byte) []byte
	// end closes what is still open when the log ends.
	end(out []byte) []byte
}
