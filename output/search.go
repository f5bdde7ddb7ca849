package output

import (
	"bytes"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Search looks for a line in what every instance has written since its last start, and goes
// on looking while more comes. It belongs to one goroutine, and nobody waits for it.
type Search struct {
	history *History
	line    *regexp.Regexp
	match   func(Label) bool // whose lines; nil: everybody's
	end     string           // the event after which a run writes nothing more

	known    int // tapes that have been looked at
	runs     []*searchedRun
	messages *messages
	ended    map[searchedKey]bool
	record   []byte // what one record holds
}

// searchedRun is the last run on a tape.
type searchedRun struct {
	*cursor
	history *History
	of      run    // that watch is about
	watch   *Watch // for the line
	found   string // which it was
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
	return s
}

func (s *Search) isEnd(n Notice) bool {
	return n.Event == s.end && (s.match == nil || s.match(n.from()))
}

// Look looks at all that has come. News is closed when there is more.
func (s *Search) Look() (news <-chan struct{}) {
	_, _, news = s.history.look()
	s.history.mu.Lock()
	all := s.history.tapes[s.known:]
	s.history.mu.Unlock()
	s.known += len(all)
	for _, t := range all {
		if s.match == nil || s.match(t.Label) {
			s.history.mu.Lock()
			c := &cursor{place: t.first, headless: t.first.open, tape: t, mu: &s.history.mu, text: &s.record}
			s.history.mu.Unlock()
			s.runs = append(s.runs, &searchedRun{cursor: c, history: s.history, of: c.run, watch: &Watch{Line: s.line}})
		}
	}
	// First the ends: what was written before one is on the tapes already.
	for s.messages.look(); s.messages.any; s.messages.look() {
		n := s.messages.next
		s.ended[searchedKey{n.Name, n.Pid}] = true
		s.messages.at++
	}
	for _, r := range s.runs {
		r.read(s.line)
	}
	return news
}

// Found reports whether a run has written the line, which it gives as a person reads it.
func (s *Search) Found(instance string, pid int) (line string, ok bool) {
	i := slices.IndexFunc(s.runs, func(r *searchedRun) bool {
		return r.tape.Name == instance && r.of.pid == pid && r.watch.over
	})
	if i < 0 {
		return "", false
	}
	return s.runs[i].found, true
}

// HasEnded reports whether all has been looked at that a run has written.
func (s *Search) HasEnded(instance string, pid int) bool { return s.ended[searchedKey{instance, pid}] }

// read reads what is new on a tape. The last run counts, whatever those before it have written.
func (r *searchedRun) read(line *regexp.Regexp) {
	for r.look(); r.any; {
		record, ok := r.take()
		if r.gap {
			r.gap = false
			r.forgetLine()
		}
		switch {
		case r.run != r.of:
			r.of, r.watch, r.found = r.run, &Watch{Line: line}, ""
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
	sifting := &r.history.sifting
	sifting.Lock()
	defer runtime.Gosched()
	defer sifting.Unlock()
	r.watch.look(text)
}
