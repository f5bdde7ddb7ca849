package output

import (
	"context"
	"io"
	"sync"
)

// RawReader reads what one instance writes as it comes, byte for byte, for somebody who
// has attached to it. It belongs to one goroutine.
type RawReader struct {
	history *History
	key     streamKey
	cursor  *cursor // nil: the instance has written nothing yet
	out     []byte
	text    []byte // of one record
}

// Raw begins to read what an instance writes to its terminal or, if it has none, to
// standard output and standard error together. The reader stands before everything.
func (h *History) Raw(name string) *RawReader {
	r := &RawReader{history: h, key: streamKey{name: name}}
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := h.byStream[r.key]; t != nil {
		r.cursor = &cursor{place: t.first, tape: t, mu: &h.mu, text: &r.text}
	}
	return r
}

// Tail gives the last bytes that there are, at most so many, and goes past them.
func (r *RawReader) Tail(limit int) []byte {
	if r.cursor == nil {
		return nil
	}
	r.history.mu.Lock()
	c := &cursor{tape: r.cursor.tape.copy(), mu: &sync.Mutex{}, text: &r.text}
	r.history.mu.Unlock()
	var all []byte
	for c.look(); c.any; {
		if record, _ := c.take(); record.kind == wrote {
			all = append(all, *c.text...)
		}
	}
	r.cursor.place = c.place
	return all[len(all)-min(len(all), limit):]
}

// Next waits for more. The bytes are good until it is called again; lost says that
// others came before them, faster than they were read. When the mux has ended the error
// is [io.EOF], and when ctx has, it is that of ctx.
func (r *RawReader) Next(ctx context.Context) (p []byte, lost bool, err error) {
	for {
		over, news := r.look()
		if p, lost = r.read(); len(p) > 0 {
			return p, lost, nil
		}
		if over {
			return nil, false, io.EOF
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

// look reports whether nothing more will come, and gives what is closed when that, or what
// is there, is no longer so.
func (r *RawReader) look() (over bool, news <-chan struct{}) {
	h := r.history
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.byStream[r.key]
	if t == nil {
		return h.over, h.news.wait()
	}
	if r.cursor == nil {
		r.cursor = &cursor{tape: t, mu: &h.mu, text: &r.text}
	}
	return h.over, t.news.wait()
}

// read takes what is there, up to some buffer's worth and to the next gap.
func (r *RawReader) read() (p []byte, lost bool) {
	c := r.cursor
	if c == nil {
		return nil, false
	}
	r.out = r.out[:0]
	for c.look(); c.any && len(r.out) < readSize && !(c.gap && len(r.out) > 0); {
		lost, c.gap = lost || c.gap, false
		if record, ok := c.take(); ok && record.kind == wrote {
			r.out = append(r.out, *c.text...)
		}
	}
	return r.out, lost
}
