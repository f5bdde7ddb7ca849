//go:build !race

package supervisor

import (
	"fmt"
	"os"
	"runtime"
	"testing"
)

// TestGuardianHasNoCopy looks how much memory a guardian has while reeve has much. The race
// detector has a lot of its own for every byte of Go's.
func TestGuardianHasNoCopy(t *testing.T) {
	l := newLab(t)
	const much = 64 << 20
	heap := make([]byte, much)
	for i := range heap {
		heap[i] = 1
	}
	l.Guardian = must(StartGuardian(l.Formation))
	var pages, resident int64
	statm := must(os.ReadFile(fmt.Sprintf("/proc/%d/statm", l.Guardian.pid)))
	must(fmt.Sscan(string(statm), &pages, &resident))
	if size := resident * int64(os.Getpagesize()); size > much/2 {
		t.Errorf("%d bytes", size)
	}
	runtime.KeepAlive(heap)
	l.Guardian.Close()
}
