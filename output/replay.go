package output

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"reeve/internal/sorting"
)

// followRest is how long a follower rests between two looks at what is new, so that a
// flood comes in batches.
const followRest = 10 * time.Millisecond

func (r *replay) run(ctx context.Context) error {
	until, over, news := r.history.look()
	if err := r.past(until); err != nil || !r.Follow {
		return err
	}
	for !over && ctx.Err() == nil {
		select {
		case <-news:
		case <-ctx.Done():
			return nil
		}
		until, over, news = r.history.look()
		if err := r.present(until); err != nil {
			return err
		}
		select {
		case <-time.After(followRest):
		case <-ctx.Done():
		}
	}
	return nil
}

// replay is one reading of the history.
type replay struct {
	Query
	history *History
	format  Format
	write   func([]byte) error
	gone    <-chan struct{} // closed when nobody reads any longer
	sieve   *sieve          // nil: every line is wanted

	sources []source
	cursors []*cursor // those of them that read tapes
	known   int       // tapes that have been looked at
	from    uint64    // the first record that is shown
	skip    int       // and how many of its lines are not
	record  []byte    // what one record holds
	text    []byte    // and what it has brought
	out     []byte    // what is to be written
}

// past writes what there is. It is read from the tapes themselves, as what comes later is.
func (r *replay) past(until uint64) error {
	if r.Lines < 0 || !r.last(until) {
		r.begin()
		if err := r.all(until, r.show); err != nil {
			return err
		}
	}
	r.from, r.skip = 0, 0
	return r.flush()
}

// newTapes gives the matching tapes that have come since it was asked last.
func (r *replay) newTapes() (tapes []*tape) {
	r.history.mu.Lock()
	all := r.history.tapes[r.known:]
	r.history.mu.Unlock()
	r.known += len(all)
	for _, t := range all {
		if r.history.limit > 0 && (r.Match == nil || r.Match(t.Label)) && (!r.Stderr || t.source == stderrSource) {
			tapes = append(tapes, t)
		}
	}
	return tapes
}

// hasMessage reports whether a message of reeve's own is asked for.
func (r *replay) hasMessage(n Notice) bool {
	return !r.Stderr && (r.Match == nil || r.Match(n.from())) && (r.sieve == nil || r.sieve.passes([]byte(n.Text)))
}

// begin goes to the beginning of all that is to be read.
func (r *replay) begin() {
	r.sources, r.cursors, r.known = []source{r.history.messages(r.hasMessage)}, nil, 0
	for _, t := range r.newTapes() {
		r.history.mu.Lock()
		c := &cursor{place: t.first, headless: t.first.open, tape: t, mu: &r.history.mu}
		r.history.mu.Unlock()
		r.add(c)
	}
}

func (r *replay) add(c *cursor) {
	c.text = &r.record
	if r.sieve != nil {
		c.sifted = &sifted{sieve: r.sieve}
	}
	r.cursors, r.sources = append(r.cursors, c), append(r.sources, c)
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
			if r.isGone() {
				return errGone
			}
			seq, time := s.ahead(), s.time()
			if r.play(s); !r.inTime(time) {
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

// play has a source bring its next record. Looking for lines takes time, so those who do take
// turns, and let others go on in between: all of them together use one processor at most.
func (r *replay) play(s source) {
	if r.sieve != nil {
		r.history.sifting.Lock()
		defer runtime.Gosched()
		defer r.history.sifting.Unlock()
	}
	r.text = s.play(r.text[:0], r.format)
}

// errGone ends a reading that nobody waits for any longer.
var errGone = errors.New("the reader is gone")

// isGone reports whether nobody reads any longer, which a search that finds nothing would not
// notice by itself.
func (r *replay) isGone() bool {
	select {
	case <-r.gone:
		return true
	default:
		return false
	}
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
	sorting.Stable(cursors, func(a, b *cursor) int { return cmp.Compare(a.place.seq, b.place.seq) })
	for i, c := range cursors {
		if !r.inTime(time.Unix(0, c.place.time)) {
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
	if r.out = append(r.out, text...); len(r.out) < replayBatch {
		return nil
	}
	return r.flush()
}

// replayBatch is how much is written in one go, unless a line is longer: small enough for
// whoever writes to find room for all of it or for nothing.
const replayBatch = 32 << 10

// flush writes the batch, in whole lines.
func (r *replay) flush() error {
	for rest := r.out; len(rest) > 0; {
		n := bytes.LastIndexByte(rest[:min(len(rest), replayBatch)], '\n') + 1
		if n == 0 {
			n = bytes.IndexByte(rest, '\n') + 1
		}
		if err := r.write(rest[:n]); err != nil {
			r.out = rest
			return err
		}
		rest = rest[n:]
	}
	r.out = r.out[:0]
	return nil
}

// sayLeft says how many lines have not been written.
func (r *replay) sayLeft() error {
	n := bytes.Count(r.out, []byte{'\n'})
	for _, t := range r.newTapes() {
		r.add(&cursor{tape: t, mu: &r.history.mu})
	}
	for _, s := range r.sources {
		n += s.left()
	}
	if n == 0 {
		return nil
	}
	return r.write(r.format.notice(nil, leftLines(n)))
}
