package output

import (
	"bytes"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Search looks for a line in what every instance has written since its last start, and goes
// on looking while more comes. It belongs to one goroutine, and nobody waits for it, with one
// exception: what it has not read is not overwritten. In a flood that is faster than it is, the mux reads
// for it, see [History.letSearch].
type Search struct {
	history *History
	line    *regexp.Regexp
	match   func(Label) bool // whose lines; nil: everybody's
	end     string           // the event after which a run writes nothing more

	messages *messages
	ended    map[searchedKey]bool
	runs     []*searchedRun // the history's lock guards which there are

	reading sync.Mutex // guards what they have read; whoever has it may lock the history, but not the reverse
	record  []byte     // what one record holds
}

// searchedRun is the last run on a tape.
type searchedRun struct {
	*cursor
	search *Search
	of     run    // that watch is about
	watch  *Watch // for the line
	found  string // which it was
}

// searchedKey is a run.
type searchedKey struct {
	name string
	pid  int
}

// Search begins to look for a line. A notice with the event end says that a run has ended.
func (h *History) Search(line *regexp.Regexp, match func(Label) bool, end string) *Search {
	s := &Search{history: h, line: line, match: match, end: end, ended: map[searchedKey]bool{}}
	s.messages = h.messages(s.isEnd)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.searches = append(h.searches, s)
	for _, t := range h.tapes {
		s.begin(t)
	}
	return s
}

// Close ends the search.
func (s *Search) Close() {
	h := s.history
	h.mu.Lock()
	defer h.mu.Unlock()
	h.searches = slices.DeleteFunc(h.searches, func(other *Search) bool { return other == s })
	for _, r := range s.runs {
		// Another goroutine may be going through the slice.
		r.tape.searched = slices.DeleteFunc(slices.Clone(r.tape.searched), func(other *searchedRun) bool { return other == r })
	}
}

func (s *Search) isEnd(n Notice) bool {
	return n.Event == s.end && (s.match == nil || s.match(n.from()))
}

// begin begins to look on a tape, if its lines are asked for.
func (s *Search) begin(t *tape) {
	if s.match != nil && !s.match(t.Label) {
		return
	}
	c := &cursor{place: t.first, headless: t.first.open, tape: t, mu: &s.history.mu, text: &s.record}
	r := &searchedRun{cursor: c, search: s, of: c.run, watch: &Watch{Line: s.line}}
	s.runs, t.searched = append(s.runs, r), append(slices.Clip(t.searched), r)
}

// letSearch has those who search a tape read what a record of n bytes more would overwrite. It
// unlocks the history meanwhile.
func (h *History) letSearch(t *tape, n int) {
	for _, r := range t.searched {
		if int(t.end.at-r.at)+maxHead+n <= t.limit {
			continue
		}
		h.mu.Unlock()
		r.read()
		h.mu.Lock()
	}
}

// Look looks at all that has come. News is closed when there is more.
func (s *Search) Look() (news <-chan struct{}) {
	_, _, news = s.history.look()
	// First the ends: what was written before one is on the tapes already.
	for s.messages.look(); s.messages.any; s.messages.look() {
		n := s.messages.next
		s.ended[searchedKey{n.Name, n.Pid}] = true
		s.messages.at++
	}
	for _, r := range s.all() {
		r.read()
	}
	return news
}

func (s *Search) all() []*searchedRun {
	s.history.mu.Lock()
	defer s.history.mu.Unlock()
	return s.runs
}

// Found reports whether a run has written the line, which it gives as a person reads it.
func (s *Search) Found(instance string, pid int) (line string, ok bool) {
	runs := s.all()
	s.reading.Lock()
	defer s.reading.Unlock()
	i := slices.IndexFunc(runs, func(r *searchedRun) bool {
		return r.tape.Name == instance && r.of.pid == pid && r.watch.over
	})
	if i < 0 {
		return "", false
	}
	return runs[i].found, true
}

// HasEnded reports whether all has been looked at that a run has written.
func (s *Search) HasEnded(instance string, pid int) bool { return s.ended[searchedKey{instance, pid}] }

// read reads what is new on a tape. The last run counts, whatever those before it have written.
func (r *searchedRun) read() {
	r.search.reading.Lock()
	defer r.search.reading.Unlock()
	for r.look(); r.any; {
		record, ok := r.take()
		if r.gap {
			r.gap = false
			r.forgetLine()
		}
		switch {
		case r.run != r.of:
			r.of, r.watch, r.found = r.run, &Watch{Line: r.search.line}, ""
		case ok && record.kind == broke:
			r.headless = false
			r.forgetLine()
		case ok && record.kind == wrote && !r.watch.over:
			r.compare(*r.text)
		}
	}
}

// forgetLine makes the next text a line of its own.
func (r *searchedRun) forgetLine() { r.watch.partial = r.watch.partial[:0] }

// compare looks for the line in a text, without the rest of one whose beginning is not there.
func (r *searchedRun) compare(text []byte) {
	if r.headless {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return
		}
		text, r.headless = text[i+1:], false
	}
	r.watch.Found = func() { r.found = strings.ToValidUTF8(string(r.watch.plain), "\uFFFD") }
	sifting := &r.search.history.sifting
	sifting.Lock()
	defer runtime.Gosched()
	defer sifting.Unlock()
	r.watch.look(text)
}
