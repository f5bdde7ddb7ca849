package output

import (
	"bytes"
	"math"
	"sync"
)

// The last lines of a history cannot be read backwards: an instance's lines stand among those of others,
// and which are wanted may depend on their text. So all are read, and the last ones kept.

// last finds where the last lines begin, and has them ready to be written, unless they are too
// many to be held. They are read from copies, which last for no longer than that takes and
// are made for one reader after the other: else a flood would have overwritten them by then.
func (r *replay) last(until uint64) (held bool) {
	r.history.copying.Lock()
	defer r.history.copying.Unlock()
	r.sources = []source{r.history.messages(r.hasMessage)}
	for _, t := range r.newTapes() {
		r.history.mu.Lock()
		c := t.copy()
		r.history.mu.Unlock()
		r.add(&cursor{place: c.first, headless: c.first.open, tape: c, mu: &sync.Mutex{}})
	}
	held = r.seek(until)
	for i, c := range r.cursors {
		r.cursors[i] = c.goOn(&r.history.mu)
		r.sources[i+1] = r.cursors[i]
	}
	return held
}

// heldLines is how many bytes of last lines are held, rather than read a second time.
const heldLines = 256 << 10

// seek finds where the last lines begin, and puts them into the batch if it can.
func (r *replay) seek(until uint64) (held bool) {
	type part struct {
		seq   uint64
		lines int
		text  []byte // no more of it than may be among the last lines
	}
	var last []part
	total, size := 0, 0
	_ = r.all(until, func(seq uint64, text []byte) error {
		if n := bytes.Count(text, []byte{'\n'}); n > 0 {
			p := part{seq: seq, lines: n}
			if size <= heldLines {
				p.text = bytes.Clone(lastLines(text, r.Lines))
			}
			last, total, size = append(last, p), total+n, size+len(p.text)
		}
		for len(last) > 0 && total-last[0].lines >= r.Lines {
			if size <= heldLines {
				size -= len(last[0].text)
			}
			last, total = last[1:], total-last[0].lines
		}
		return nil
	})
	r.from = math.MaxUint64
	if len(last) == 0 {
		return true
	}
	r.from, r.skip = last[0].seq, max(0, total-r.Lines)
	if size > heldLines {
		return false
	}
	last[0].text = lastLines(last[0].text, last[0].lines-r.skip)
	for _, p := range last {
		r.out = append(r.out, p.text...)
	}
	return true
}

// lastLines gives the last n lines of a text that ends with one.
func lastLines(text []byte, n int) []byte {
	for i := len(text); i > 0 && n > 0; n-- {
		if i = bytes.LastIndexByte(text[:i-1], '\n') + 1; n == 1 || i == 0 {
			return text[i:]
		}
	}
	return nil
}
