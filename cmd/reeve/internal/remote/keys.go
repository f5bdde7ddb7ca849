package remote

import (
	"bytes"
	"time"
)

// leaveKey is Ctrl-]. Twice, it leaves, if the second one comes within leaveWithin: alone it is
// a key like any other.
const (
	leaveKey    = 0x1d
	leaveWithin = 500 * time.Millisecond
)

// sendKeys sends what is typed, until somebody leaves.
func (v *view) sendKeys(left chan struct{}) {
	defer close(left)
	typed := make(chan []byte)
	go v.readKeys(typed, left)
	var l leaver
	var late <-chan time.Time
	for {
		var keys []byte
		var leaves bool
		select {
		case p, more := <-typed:
			keys, leaves = l.take(p)
			leaves = leaves || !more
		case <-late:
			keys = l.release()
		}
		if len(keys) > 0 && v.Type(keys) != nil || leaves {
			return
		}
		if late = nil; l.held {
			late = time.After(leaveWithin)
		}
	}
}

// readKeys reads what is typed, also when nothing of it is sent any longer.
func (v *view) readKeys(typed chan<- []byte, left <-chan struct{}) {
	defer close(typed)
	for {
		buf := make([]byte, 4096)
		n, err := readTyped(buf)
		if err != nil {
			return
		}
		v.answers.Hear(buf[:n])
		select {
		case typed <- buf[:n]:
		case <-left:
		}
	}
}

// leaver finds the two keys that leave among what is typed.
type leaver struct{ held bool } // one was typed already

// take gives what is to be sent, and whether that was all.
func (l *leaver) take(p []byte) (keys []byte, left bool) {
	p = append(l.release(), p...)
	if at := bytes.Index(p, []byte{leaveKey, leaveKey}); at >= 0 {
		return p[:at], true
	}
	if n := len(p); n > 0 && p[n-1] == leaveKey {
		l.held = true
		p = p[:n-1]
	}
	return p, false
}

// release gives the key that was held, when no second one has come.
func (l *leaver) release() (keys []byte) {
	if l.held {
		keys = []byte{leaveKey}
	}
	l.held = false
	return keys
}
