package watch

import "time"

// How long changes settle.
const (
	Quiet   = 100 * time.Millisecond // so long nothing more must have changed
	Longest = 2 * time.Second        // but after so long it is time in any case

	// A rebase pauses between its commits, and takes as long as it takes; but it may also have stopped and
	// wait for its user, who wants to see what comes of an edit.
	quietReplay   = 2 * time.Second
	longestReplay = 30 * time.Second

	lockLook    = 50 * time.Millisecond // how often to look whether git has finished
	lockLongest = time.Minute           // a lock that is older was left by a git that has crashed
)

// settling is when the changes that have been seen are to be told. Its zero value has seen none.
type settling struct {
	first, last time.Time
}

// note takes notice of a change.
func (s *settling) note(now time.Time) {
	if s.first.IsZero() {
		s.first = now
	}
	s.last = now
}

func (s *settling) idle() bool { return s.first.IsZero() }

// git is what a repository is doing.
type git struct{ locked, replaying bool }

// due gives the time until the changes can be told; 0: now. The second result says that git's
// lock is disregarded.
func (s *settling) due(now time.Time, g git) (wait time.Duration, stale bool) {
	if g.locked {
		if now.Sub(s.first) < lockLongest {
			return lockLook, false
		}
		stale = true
	}
	left := func(quiet, longest time.Duration) time.Duration {
		return max(0, min(s.last.Add(quiet).Sub(now), s.first.Add(longest).Sub(now)))
	}
	if g.replaying {
		return min(left(quietReplay, longestReplay), lockLook), stale
	}
	return left(Quiet, Longest), stale
}
