package output

import (
	"bytes"
	"regexp"
)

// maxWatched is how much of a line is compared, in bytes.
const maxWatched = 64 << 10

// Watch waits for a line in what a stream brings. It belongs to the mux once the
// stream is open.
type Watch struct {
	Line  *regexp.Regexp
	Found func() // called once, from the mux's goroutine

	partial []byte
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
		if isNew && w.Line.Match(bytes.TrimSuffix(w.partial, []byte{'\r'})) {
			w.over, w.partial = true, nil
			w.Found()
			return
		}
		if whole {
			w.partial = w.partial[:0]
		}
	}
}
