package live

import (
	"os"
	"sync/atomic"
	"time"

	"reeve/output"
	"reeve/supervisor"
)

// What a process has written before its end happened before it: a run that writes the line
// that its log probe waits for and then ends was ready. The news of its end is faster than
// its lines, so it is held back until they have been read.

// lastLinesTake bounds how long that may take: nothing waits for whoever reads the log.
const lastLinesTake = 200 * time.Millisecond

// pendingEnd is an end that is held back.
type pendingEnd struct {
	exit  supervisor.Exit
	read  *atomic.Bool // all that was written before has been
	until time.Time
}

// pendingEnds are all of them. They belong to the supervisor's goroutine.
type pendingEnds struct {
	streams map[string][]*output.Stream // of the runs, by instance
	prober  *prober
	log     *output.Mux
	again   chan<- os.Signal // makes the supervisor reap again
	pending []pendingEnd
}

// sort holds back those of some ends that have to wait, and gives the others, with those that
// have waited.
func (h *pendingEnds) sort(exits []supervisor.Exit) (due []supervisor.Exit) {
	var held []pendingEnd
	for _, e := range h.pending {
		if e.read.Load() || !time.Now().Before(e.until) {
			due = append(due, e.exit)
		} else {
			held = append(held, e)
		}
	}
	h.pending = held
	for _, e := range exits {
		if !h.putOff(e) {
			due = append(due, e)
		}
	}
	return due
}

// putOff holds an end back, if its run has a log probe that has not seen its line.
func (h *pendingEnds) putOff(e supervisor.Exit) bool {
	for instance := range h.prober.awaitedLines() {
		streams := h.streams[instance]
		if len(streams) == 0 || streams[0].Pid != e.Pid {
			continue
		}
		read := &atomic.Bool{}
		h.pending = append(h.pending, pendingEnd{e, read, time.Now().Add(lastLinesTake)})
		h.log.CatchUp(streams, func() { read.Store(true); h.wake() })
		time.AfterFunc(lastLinesTake, h.wake)
		return true
	}
	return false
}

func (h *pendingEnds) wake() {
	select {
	case h.again <- supervisor.ChildSignal:
	default: // it reaps anyway
	}
}
