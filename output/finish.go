package output

import (
	"context"
	"math"
	"time"
)

// The end of the log may have to wait for its reader, who may be slow, or read no more.

const (
	// closePoll is how often [Mux.Close] checks whether the log is still being read.
	closePoll = 50 * time.Millisecond
	// firstLooks find out what has been taken already.
	firstLooks = 2
	// steadyPatience is how long a reader may take nothing who has taken something since.
	steadyPatience = 2 * time.Second
	// drainPatience bounds how long what nobody will read takes to get into the history.
	drainPatience = 200 * time.Millisecond
)

// What the loop is at with the log's descriptor.
const (
	outside  int32 = iota // it does not write
	inside                // it writes, and may wait for the reader
	relieved              // it was, and whoever has found it there has taken its place
)

// Close writes what is left and ends the mux. It gives up, and says so, when the context
// ends or the reader takes nothing for the given time; one who takes a piece now and then
// has a little longer for each. What has not been written then is in the history all the same.
func (m *Mux) Close(ctx context.Context, patience time.Duration) (whole bool) {
	m.put(item{finish: true})
	tick := time.NewTicker(closePoll)
	defer tick.Stop()
	most := int64(math.MinInt64)
	for looks, since := 0, time.Now(); time.Since(since) < patience; looks++ {
		// What a write has brought that has not returned yet counts from now on.
		nudge(int(m.thread.Load()))
		select {
		case <-m.done:
			return true
		case <-ctx.Done():
			m.giveUp()
			return false
		case <-tick.C:
		}
		now := m.taken()
		if looks >= firstLooks && now > most {
			since, patience = time.Now(), max(patience, steadyPatience)
		}
		most = max(most, now)
	}
	m.giveUp()
	return false
}

// taken is how much the reader has taken of what was written, but for a constant: what the
// pipe or the terminal holds is not taken yet.
func (m *Mux) taken() int64 { return m.written.Load() - int64(queued(m.Out)) }

// writeOnce writes once. A loop that has been given up while it waited for the reader ends
// here: somebody else does its work.
func (m *Mux) writeOnce(p []byte) (n int, err error) {
	m.writing.Store(inside)
	if !m.enough.Load() {
		n, err = m.writeNowOrWait(p)
	}
	if !m.writing.CompareAndSwap(inside, outside) {
		select {}
	}
	if m.enough.Load() {
		m.closed = true
	}
	return n, err
}

// writeNowOrWait writes what the log takes at once. Only if that is nothing it waits for the
// reader, and lets the runtime know: where there is room, that is most of what a line costs.
func (m *Mux) writeNowOrWait(p []byte) (n int, err error) {
	if !m.waits {
		if n, err = writeNow(m.Out, p); n > 0 {
			return n, nil
		}
		m.waits = !again(err)
	}
	m.thread.Store(int64(here()))
	return write(m.Out, p)
}

// giveUp ends the log without its reader: what has not been read of the processes yet goes
// into the history alone. If the loop waits for the reader just now, it does so for ever, and
// touches nothing any longer; so this goroutine can take its place.
func (m *Mux) giveUp() {
	m.enough.Store(true)
	if !m.writing.CompareAndSwap(inside, relieved) {
		select {
		case <-m.done:
		case <-time.After(drainPatience):
		}
		return
	}
	m.closed, m.Format, m.batch, m.status = true, silence{}, nil, status{}
	m.now = time.Now()
	for end := m.now.Add(drainPatience); !m.items() && time.Now().Before(end); {
		m.poll.wait(max(0, time.Until(m.until)))
	}
	m.end()
}
