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
	// gcInHaste is the same while manyRuns start or end.
	gcInHaste, manyRuns = 200, 64
	// muchGarbage is worth a collection, which takes a millisecond of the processor.
	muchGarbage = 2 << 20
)

// settle makes reeve small when the start is over: the garbage of a big start, and the pages
// of the program that only a start needs. Before, that would be in the way of the start. It also
// prepares the end.
func settle() {
	rehearse()
	debug.SetGCPercent(gcPercent)
	if heapSize() > muchGarbage {
		debug.FreeOSMemory()
	}
	dropProgram()
}

// hurry lets more garbage gather while a big formation starts or ends. To collect it takes the
// processor from those who do: with 500 processes 14 times 1 to 2 ms in a start, and four times in
// a stop. It is gone in a moment anyway.
func (r *runs) hurry(runs int) {
	if runs < manyRuns {
		return
	}
	if r.settling != nil {
		r.settling.Stop()
		r.settling = nil
	}
	debug.SetGCPercent(gcInHaste)
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
