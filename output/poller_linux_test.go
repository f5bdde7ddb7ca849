package output

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestPollerRingsOnlyForWhoParks: what comes while the loop is at work wakes up no thread, and
// is found all the same.
func TestPollerRingsOnlyForWhoParks(t *testing.T) {
	var p poller
	if err := p.init(); err != nil {
		t.Fatal(err)
	}
	defer p.close()
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(ends[1]) }()
	s := NewStream(ends[0], Label{})
	defer s.Discard()
	if err := p.add(s); err != nil {
		t.Fatal(err)
	}
	say := func() {
		if _, err := unix.Write(ends[1], []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(when string, ready []*Stream) {
		t.Helper()
		if len(ready) != 1 || ready[0] != s {
			t.Errorf("%s: got %d streams", when, len(ready))
		}
		for again := true; again; {
			n, _ := read(s.fd, make([]byte, 1))
			again = n > 0
		}
	}
	rings := func() bool {
		n, _ := unix.Poll([]unix.PollFd{{Fd: int32(p.ringer), Events: unix.POLLIN}}, 0)
		return n > 0
	}

	say()
	if rings() {
		t.Error("it rings for nobody")
	}
	expect("at work", p.wait(-1))

	if ready := p.wait(time.Millisecond); len(ready) > 0 {
		t.Errorf("there was nothing, and it found %d streams", len(ready))
	}
	say()
	expect("after a deadline", p.wait(-1))

	time.AfterFunc(10*time.Millisecond, say)
	expect("parked", p.wait(-1))
	say()
	if rings() {
		t.Error("it rings once more")
	}
	expect("at work again", p.wait(0))

	p.wake()
	if ready := p.wait(-1); len(ready) > 0 {
		t.Errorf("woken, it found %d streams", len(ready))
	}
}
