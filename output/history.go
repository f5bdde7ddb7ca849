package output

import (
	"slices"
	"sync"
	"time"
)

// History keeps the last that every stream and reeve itself have written, as it came,
// in bounded memory, for others to read while the mux goes on.
//
// What the mux adds are records, numbered in the order of the live log. Whoever reads
// plays them to a [Format] again, in that order, so what comes out is what the log has
// or would have had: nobody cuts lines or makes prefixes before they are asked for.
//
// The mux never waits for a reader: one copies a record while it has the lock, and works on
// the copy. A reader that is too slow finds its place on the tape overwritten.
type History struct {
	limit int

	mu        sync.Mutex // guards what follows, and the tapes
	tapes     []*tape    // in the order in which they began
	byStream  map[streamKey]*tape
	notices   []said // a ring, once it is full
	noticed   int    // notices so far
	seq       uint64 // of the last record or notice
	followers int
	searches  []*Search
	over      bool
	news      bell

	copying sync.Mutex // whoever has it holds copies of tapes, see [replay.last]
	sifting sync.Mutex // and it compares lines, see [replay.play]
}

// streamKey is what a tape is kept by: it survives a run.
type streamKey struct{ name, source string }

// said is a notice, and when it was written.
type said struct {
	seq  uint64
	time time.Time
	Notice
}

const (
	maxNotices = 1000
	// terminalTape is what is always kept of a terminal, for those who attach to it: some
	// screens full.
	terminalTape = 64 << 10
)

// NewHistory makes a history of so many bytes for each instance, which are shared
// equally where its standard output and its standard error are told apart. 0 keeps
// nothing but the last of terminals, for [History.Raw].
func NewHistory(limit int) *History {
	return &History{limit: limit, byStream: map[streamKey]*tape{}}
}

// tapeOf finds or begins the tape of a stream; nil: it has none.
func (h *History) tapeOf(s *Stream) *tape {
	if h == nil {
		return nil
	}
	limit := h.limitOf(s)
	if limit == 0 {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	key := streamKey{s.Name, s.Source}
	t := h.byStream[key]
	if t == nil {
		t = &tape{Label: s.Label, source: s.Source, limit: limit, counted: h.followers > 0}
		h.byStream[key], h.tapes = t, append(h.tapes, t)
		for _, s := range h.searches {
			s.begin(t)
		}
	}
	return t
}

// Unfinished names the instances whose last line has no end yet, such as a prompt.
func (h *History) Unfinished() (names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.tapes {
		if t.end.open && !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	return names
}

func (h *History) limitOf(s *Stream) int {
	limit := h.limit
	switch {
	case s.Source != "":
		limit = (limit + 1) / 2 // one byte is not nothing
	case s.Terminal:
		limit = max(limit, terminalTape)
	}
	if limit <= 0 {
		return 0
	}
	return max(limit, leastTape)
}

// write keeps what a stream has brought.
func (h *History) write(s *Stream, now time.Time, p []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.tape.writer != s {
		h.breakLine(s.tape, now)
		s.tape.writer = s
		h.add(s.tape, record{kind: began, run: run{s.Pid, s.Terminal}}, nil)
	}
	for len(p) > 0 {
		n := min(len(p), s.tape.limit/longestOf)
		h.letSearch(s.tape, n)
		h.add(s.tape, record{kind: wrote, time: now.UnixNano()}, p[:n])
		p = p[n:]
	}
}

// finish ends a stream's unfinished line, if it has one.
func (h *History) finish(s *Stream, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.tape.writer == s {
		h.breakLine(s.tape, now)
	}
}

func (h *History) breakLine(t *tape, now time.Time) {
	if t.end.open {
		h.add(t, record{kind: broke, time: now.UnixNano()}, nil)
	}
}

func (h *History) add(t *tape, r record, text []byte) {
	h.seq++
	r.seq = h.seq
	t.add(r, text)
	t.news.ring()
	h.news.ring()
}

// notice keeps a message of reeve's own.
func (h *History) notice(n Notice, now time.Time) {
	if h == nil || h.limit <= 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	kept := said{h.seq, now, n}
	if len(h.notices) < maxNotices {
		h.notices = append(h.notices, kept)
	} else {
		h.notices[h.noticed%maxNotices] = kept
	}
	h.noticed++
	h.news.ring()
}

// from says whose lines a notice goes with.
func (n Notice) from() Label {
	if n.Name == "" {
		return Label{Name: System}
	}
	return n.Label
}

// Has reports whether anything is kept of what matches.
func (h *History) Has(match func(Label) bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.ContainsFunc(h.tapes, func(t *tape) bool { return match(t.Label) }) ||
		slices.ContainsFunc(h.notices, func(n said) bool { return match(n.from()) })
}

// TellsApart reports whether standard error is kept apart from standard output of what
// matches, as far as anything is kept of that.
func (h *History) TellsApart(match func(Label) bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	matching, apart := false, false
	for _, t := range h.tapes {
		if match == nil || match(t.Label) {
			matching, apart = true, apart || t.source != ""
		}
	}
	return apart || !matching
}

// close tells whoever follows that nothing more will come.
func (h *History) close() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = true
	h.news.ring()
	for _, t := range h.tapes {
		t.news.ring()
	}
}

// look gives the number of the last record, whether it is the last of all, and what is
// closed as soon as that is no longer so.
func (h *History) look() (seq uint64, over bool, news <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seq, h.over, h.news.wait()
}

// follow makes tapes count the lines that they lose, until it is called again with -1.
func (h *History) follow(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.followers += n
	for _, t := range h.tapes {
		t.counted = h.followers > 0
	}
}

// bell wakes whoever waits for it. It costs nothing while nobody does.
type bell struct{ rung chan struct{} }

// wait gives a channel that the next ring closes.
func (b *bell) wait() <-chan struct{} {
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	return b.rung
}

func (b *bell) ring() {
	if b.rung != nil {
		close(b.rung)
		b.rung = nil
	}
}
