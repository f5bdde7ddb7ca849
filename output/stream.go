package output

import (
	"regexp"
	"strconv"
	"time"

	"reeve/output/screen"
)

// Label says whose lines a stream's lines are.
type Label struct {
	Name string // "web.1"
	Type string // "web"
	// Place of the type in the Procfile, which decides its colour.
	Place int
}

// Stream is one descriptor that a run writes to. Its exported fields are set before
// [Mux.Open]; everything belongs to the mux afterwards.
type Stream struct {
	Label
	Pid      int
	Source   string // "stdout" or "stderr"; empty where the two cannot be told apart
	Terminal bool   // the descriptor is the master of a terminal: lines end in "\r\n"
	Quiet    bool   // read, and not shown
	// Without are lines that are not shown, nor in files. What the log's terminal belongs to has them.
	Without  []*regexp.Regexp
	Attached bool   // the log's terminal belongs to it: it writes there without a prefix
	Watch    *Watch // waits for a line; nil: for none

	fd      int
	tape    *tape        // what is kept of it; nil: nothing is
	filed   *filed       // what is in files of it; nil: nothing is
	sifted  *sifted      // the line that goes on, where not every line is shown; nil: it is
	partial []byte       // the line that has begun and is not written yet
	since   time.Time    // since when; zero: nothing to show
	shown   int          // how many bytes of the line a terminal has been shown
	cut     bool         // pieces of this line are written already
	style   screen.Style // what the process has made of its text's look
	// On a terminal: whether a control string goes on, of which nothing is shown, how far
	// the cursor can go back at least before it comes to the prefix, and what is right of it.
	inString bool
	back     int
	ahead    ahead

	lead  []byte // what stands in front of its lines, as it was at clock
	clock int
}

// ahead is what may stand right of the cursor in the row that a process writes.
type ahead byte

const (
	noText  ahead = iota
	older         // text that the process has gone back over
	foreign       // the same, but the process believes that the cursor is in another row by now
)

// stderrSource is the source of standard error.
const stderrSource = "stderr"

// NewStream makes a stream of a descriptor that is read without blocking. The stream
// closes it.
func NewStream(fd int, l Label) *Stream { return &Stream{Label: l, fd: fd} }

// Discard closes a stream that was never opened in a mux.
func (s *Stream) Discard() { s.close() }

// due says when the unfinished line should be shown; zero: there is none.
func (s *Stream) due() time.Time {
	if s.since.IsZero() {
		return time.Time{}
	}
	return s.since.Add(openAfter)
}

// hold appends to the unfinished line, which stays within maxLine. One that has become long may
// become as long as can be: by and by, its memory would cost four times that.
func (s *Stream) hold(p []byte) {
	if need := len(s.partial) + len(p); need > cap(s.partial) && need > longLine {
		s.partial = append(make([]byte, 0, maxLine), s.partial...)
	}
	s.partial = append(s.partial, p...)
}

// longLine is longer than lines are, in bytes.
const longLine = 128 << 10

// finished is called when a line has been written to its end. The memory of a very
// long one is given back: there may be hundreds of streams.
func (s *Stream) finished() {
	s.partial, s.since = s.partial[:0], time.Time{}
	s.cut, s.shown, s.inString = false, 0, false
	if cap(s.partial) > readSize {
		s.partial = nil
	}
}

func (s *Stream) close() {
	closeFD(s.fd)
	s.fd = -1
}

// Notice is a message of reeve's own.
type Notice struct {
	Label
	Pid    int
	Event  string  // "started", "exited", …
	Fields []Field // the event's facts
	Text   string  // the same for people
	// Failure says that something has gone wrong, and is to be seen.
	Failure bool
}

// Field is one fact of an event.
type Field struct {
	Key   string
	Value any // what [asjson.Append] has a form for
}

func lostNotice(n int) Notice {
	return Notice{
		Event:  "lost",
		Fields: []Field{{"messages", n}},
		Text:   strconv.Itoa(n) + " messages were dropped while nobody read the log",
	}
}

// lostLines says that whoever follows a history was too slow for it.
func lostLines(n int, l Label) Notice {
	return Notice{
		Label:  l,
		Event:  "lost",
		Fields: []Field{{"lines", n}},
		Text:   "lost " + countLines(n) + " of " + l.Name + ": they came faster than they were read",
	}
}

// leftLines says that whoever read a history was too slow for its end.
func leftLines(n int) Notice {
	return Notice{
		Event:  "lost",
		Fields: []Field{{"lines", n}},
		Text:   "lost " + countLines(n) + ": the formation has ended before they were read",
	}
}

func countLines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return strconv.Itoa(n) + " lines"
}
