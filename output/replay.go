package output

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// Query says which part of a [History] is asked for.
type Query struct {
	// Match says which instances; nil: all of them, and reeve itself. What reeve has to
	// say about an instance goes with the instance, and everything else with [System].
	Match  func(Label) bool
	Lines  int       // at most the last so many lines; negative: all there are
	Since  time.Time // nothing older; zero: no limit
	Follow bool      // wait for more
}

// followRest is how long a follower rests between two looks at what is new, so that a
// flood comes in batches.
const followRest = 10 * time.Millisecond

// Write hands over the lines that are asked for, in the order in which they were
// finished and as f has them; f must not be in use elsewhere. A line whose beginning has
// been overwritten is left out. Lines that have begun and are not finished come last,
// unless more is waited for.
//
// With q.Follow, Write returns when ctx or the mux has ended. Until then it goes on over
// the ends of runs, and with new instances. If write is so slow that lines are
// overwritten before they have been read, a notice says how many. Nobody else ever waits
// for write.
func (h *History) Write(ctx context.Context, q Query, f Format, write func([]byte) error) error {
	if q.Follow {
		h.follow(1)
		defer h.follow(-1)
	}
	r := &replay{Query: q, history: h, format: f, write: write}
	until, over, news := h.look()
	if err := r.past(until); err != nil || !q.Follow {
		return err
	}
	for !over {
		select {
		case <-news:
		case <-ctx.Done():
			return nil
		}
		until, over, news = h.look()
		if err := r.present(until); err != nil {
			return err
		}
		pause(ctx, followRest)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// replay is one reading of the history.
type replay struct {
	Query
	history *History
	format  Format
	write   func([]byte) error

	sources []source
	cursors []*cursor // those of them that read tapes
	known   int       // tapes that have been looked at
	from    uint64    // the first record that is shown
	skip    int       // and how many of its lines are not
	text    []byte    // what one record has brought
	out     []byte    // what is to be written
}

// past writes what there is. It is read from copies: otherwise a flood would overwrite
// the end of what is asked for while its beginning is being read.
func (r *replay) past(until uint64) error {
	copies := r.copies()
	if r.Lines >= 0 {
		r.begin(copies)
		r.seek(until)
	}
	r.begin(copies)
	if err := r.all(until, r.show); err != nil {
		return err
	}
	for _, c := range r.cursors {
		c.tape, c.mu = c.tape.original, &r.history.mu
	}
	r.from = 0
	return r.flush()
}

// copies copies every tape that matches.
func (r *replay) copies() (copies []*tape) {
	for _, t := range r.newTapes() {
		r.history.mu.Lock()
		copies = append(copies, t.copy())
		r.history.mu.Unlock()
	}
	return copies
}

// newTapes gives the matching tapes that have come since it was asked last.
func (r *replay) newTapes() (tapes []*tape) {
	r.history.mu.Lock()
	all := r.history.tapes[r.known:]
	r.history.mu.Unlock()
	r.known += len(all)
	for _, t := range all {
		if r.history.limit > 0 && (r.Match == nil || r.Match(t.Label)) {
			tapes = append(tapes, t)
		}
	}
	return tapes
}

// begin goes to the beginning of all that is to be read.
func (r *replay) begin(copies []*tape) {
	r.sources, r.cursors = []source{r.history.messages(r.Match)}, nil
	for _, t := range copies {
		r.add(&cursor{place: t.first, headless: t.first.open, tape: t, mu: &sync.Mutex{}})
	}
}

func (r *replay) add(c *cursor) {
	r.cursors, r.sources = append(r.cursors, c), append(r.sources, c)
}

// seek finds where the last lines begin.
func (r *replay) seek(until uint64) {
	type part struct {
		seq   uint64
		lines int
	}
	var last []part
	total := 0
	_ = r.all(until, func(seq uint64, text []byte) error {
		if n := bytes.Count(text, []byte{'\n'}); n > 0 {
			last, total = append(last, part{seq, n}), total+n
		}
		for len(last) > 0 && total-last[0].lines >= r.Lines {
			last, total = last[1:], total-last[0].lines
		}
		return nil
	})
	r.from = math.MaxUint64
	if len(last) > 0 {
		r.from, r.skip = last[0].seq, max(0, total-r.Lines)
	}
}

// present writes what has come since.
func (r *replay) present(until uint64) error {
	for _, t := range r.newTapes() {
		r.add(&cursor{tape: t, mu: &r.history.mu})
	}
	if err := r.all(until, r.show); err != nil {
		return err
	}
	return r.flush()
}

// all plays everything up to a record, in order, and shows what each record brings, then
// what has no end yet, if nothing more is waited for.
func (r *replay) all(until uint64, show func(seq uint64, text []byte) error) error {
	for _, s := range r.sources {
		s.look()
	}
	for {
		s, limit := r.earliest(until)
		if s == nil {
			break
		}
		for s.ahead() <= limit {
			seq, time := s.ahead(), s.time()
			if r.text = s.play(r.text[:0], r.format); time.Before(r.Since) {
				continue
			}
			if err := show(seq, r.text); err != nil {
				return err
			}
		}
	}
	if r.Follow {
		return nil
	}
	return r.unfinished(until, show)
}

// earliest finds the source whose turn it is, and the last record of its turn.
func (r *replay) earliest(until uint64) (first source, limit uint64) {
	least, second := uint64(nothing), uint64(nothing)
	for _, s := range r.sources {
		switch seq := s.ahead(); {
		case seq < least:
			first, least, second = s, seq, least
		case seq < second:
			second = seq
		}
	}
	if least > until {
		return nil, 0
	}
	return first, min(until, second-1)
}

// unfinished shows the lines that have no end yet.
func (r *replay) unfinished(until uint64, show func(seq uint64, text []byte) error) error {
	cursors := slices.Clone(r.cursors)
	slices.SortFunc(cursors, func(a, b *cursor) int { return cmp.Compare(a.place.seq, b.place.seq) })
	for i, c := range cursors {
		if time.Unix(0, c.place.time).Before(r.Since) {
			continue
		}
		r.text = c.finish(r.text[:0], r.format)
		if err := show(until+1+uint64(i), r.text); err != nil {
			return err
		}
	}
	return nil
}

// show puts what a record has brought into the batch.
func (r *replay) show(seq uint64, text []byte) error {
	if seq < r.from {
		return nil
	}
	for ; r.skip > 0; r.skip-- {
		text = text[bytes.IndexByte(text, '\n')+1:]
	}
	if r.out = append(r.out, text...); len(r.out) < batchSize {
		return nil
	}
	return r.flush()
}

// flush writes the batch.
func (r *replay) flush() error {
	if len(r.out) == 0 {
		return nil
	}
	err := r.write(r.out)
	r.out = r.out[:0]
	return err
}
