package output

import (
	"context"
	"errors"
	"regexp"
	"time"
)

// Query says which part of a [History] is asked for.
type Query struct {
	// Match says which instances; nil: all of them, and reeve itself. What reeve has to
	// say about an instance goes with the instance, and everything else with [System].
	Match  func(Label) bool
	Lines  int       // at most the last so many lines; negative: all there are
	Since  time.Time // nothing older; zero: no limit
	Until  time.Time // and nothing newer
	Follow bool      // wait for more

	// Of those, only lines in which Grep matches and Not does not, where they are set, and
	// which were written to standard error, where that is known.
	Grep, Not *regexp.Regexp
	Stderr    bool
}

// inTime reports whether a time is one that is asked for.
func (q Query) inTime(t time.Time) bool {
	return !t.Before(q.Since) && (q.Until.IsZero() || !t.After(q.Until))
}

// ErrEnough is what a write of [History.Write] returns that has taken nothing, because there
// is no time left for more than a last word.
var ErrEnough = errors.New("no time is left")

// Write hands over the lines that are asked for, in the order in which they were
// finished and as f has them; f must not be in use elsewhere. A line whose beginning has
// been overwritten is left out. Lines that have begun and are not finished come last,
// unless more is waited for. What write gets are whole lines, if they are not too long.
//
// With q.Follow, Write returns when ctx or the mux has ended. Until then it goes on over
// the ends of runs, and with new instances.
//
// Nobody ever waits for write, and nothing is kept for it. If it is so slow that lines are
// overwritten before they have been read, a notice says how many; and if it returns
// [ErrEnough], the notice says how many it has not taken.
func (h *History) Write(ctx context.Context, q Query, f Format, write func([]byte) error) error {
	h.follow(1)
	defer h.follow(-1)
	r := &replay{Query: q, history: h, format: f, write: write, gone: ctx.Done()}
	if q.Grep != nil || q.Not != nil {
		r.sieve = &sieve{grep: q.Grep}
		if q.Not != nil {
			r.sieve.not = []*regexp.Regexp{q.Not}
		}
	}
	err := r.run(ctx)
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.Is(err, ErrEnough):
		return r.sayLeft()
	}
	return err
}
