package output

import (
	"bytes"
	"regexp"
)

// maxWatched is how much of a line is compared, in bytes.
const maxWatched = 64 << 10

// Watch waits for a line in what a stream brings, which is compared as a person reads it. It
// belongs to the mux once the stream is open.
type Watch struct {
	Line  *regexp.Regexp
	Found func() // called once, from the mux's goroutine

	partial []byte
	plain   []byte
	over    bool
}

// look compares the lines of p, and the unfinished one with every piece that it gets.
func (w *Watch) look(p []byte) {
	for len(p) > 0 && !w.over {
		line, rest, whole := bytes.Cut(p, []byte{'\n'})
		news := line[:min(len(line), maxWatched-len(w.partial))]
		isNew := len(news) > 0 || whole && len(w.partial) == 0
		w.partial = append(w.partial, news...)
		p = rest
		if w.plain = plainLine(w.plain[:0], w.partial); isNew && w.Line.Match(w.plain) {
			w.over, w.partial = true, nil
			w.Found()
			return
		}
		if whole {
			w.partial = w.partial[:0]
		}
	}
}
