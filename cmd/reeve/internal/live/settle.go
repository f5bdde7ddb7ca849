package live

import (
	"runtime"
	"runtime/debug"
	"time"
)

const (
	// settleAfter is how long nothing must have started for the start to be over.
	settleAfter = 100 * time.Millisecond
	// gcPercent is how much garbage may gather from then on, in percent of what is in use.
	// Hardly any does, and Go's usual 100 would let four megabytes lie.
	gcPercent = 20
	// gcAtEnd is the same for the end of manyRuns.
	gcAtEnd, manyRuns = 200, 64
	// muchGarbage is worth a collection, which takes a millisecond of the processor.
	muchGarbage = 2 << 20
)

// settle makes reeve small when the start is over: the garbage of a big start, and the pages
// of the program that only a start needs. Before, that would be in the way of the start.
func settle() {
	debug.SetGCPercent(gcPercent)
	if heapSize() > muchGarbage {
		debug.FreeOSMemory()
	}
	dropProgram()
}

// hurry lets more garbage gather while a big formation ends. All of it is gone in a moment, and to
// collect it takes the processor from what ends: with 500 processes four times 1 to 2 ms.
func (r *runs) hurry() {
	if len(r.streams) >= manyRuns {
		r.settling.Stop()
		debug.SetGCPercent(gcAtEnd)
	}
}

// heapSize is how many bytes objects take, dead ones too.
func heapSize() uint64 {
	var m runtime.MemStats // runtime/metrics has tables to make at every start
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// settleSoon is called when something starts.
func (r *runs) settleSoon() {
	switch {
	case r.settling == nil:
		r.settling = time.AfterFunc(settleAfter, settle)
	case r.settling.Stop(): // it is not over yet
		r.settling.Reset(settleAfter)
	}
}
