package watch

import (
	"slices"
	"time"
)

// A loop is more than so many restarts within such a time, each by the same file, which changed
// after the restart before had begun: what is restarted writes what it is restarted for.
const (
	loopRestarts = 5
	loopWithin   = 10 * time.Second
)

// Loops finds loops among the restarts of one name. Its zero value has seen none.
type Loops struct {
	last []restart // the latest, at most as many as make no loop
}

type restart struct {
	at    time.Time
	files []string
}

// Restart takes notice of a restart that begins now, because of files that have changed. It
// gives a file that has caused too many in a row; empty: there is none.
func (l *Loops) Restart(now time.Time, files []File) (culprit string) {
	r := restart{at: now}
	for _, f := range files {
		if len(l.last) == 0 || f.At.After(l.last[len(l.last)-1].at) {
			r.files = append(r.files, f.Path)
		}
	}
	l.last = append(l.last, r)
	if len(l.last) <= loopRestarts {
		return ""
	}
	last := l.last
	l.last = l.last[1:]
	if now.Sub(last[0].at) > loopWithin {
		return ""
	}
	for _, file := range r.files {
		if !slices.ContainsFunc(last, func(r restart) bool { return !slices.Contains(r.files, file) }) {
			return file
		}
	}
	return ""
}
