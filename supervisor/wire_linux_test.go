package supervisor

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// wireReader is the guardian's end of a wire.
func wireReader(w *wire, theirs int) *os.File {
	check(unix.Close(theirs))
	return os.NewFile(uintptr(must(unix.Dup(w.file))), "wire")
}

// TestWireStaysShort lets runs come and go for long.
func TestWireStaysShort(t *testing.T) {
	newLab(t)
	w, theirs, err := newWire()
	if err != nil {
		t.Fatal(err)
	}
	in := wireReader(w, theirs)
	defer in.Close()
	g := &Guardian{pid: -1, wire: w}
	g.KeepSockets([]string{"/a.sock"})
	stays := &run{pid: 10, Spec: Spec{Name: "stays.1", Stop: syscall.SIGINT, Grace: time.Second}}
	g.add(stays.pid, stays.Spec)
	for pid := 1000; pid < 40_000; pid++ {
		g.add(pid, Spec{Name: "comes.and.goes"})
		g.remove(pid)
		g.shorten(func(yield func(int, *run) bool) { yield(stays.pid, stays) })
	}
	wards, kept := readWards(told(in))
	if r := wards[10]; len(wards) != 1 || r.Name != "stays.1" || r.Grace != time.Second {
		t.Errorf("%v", wards)
	}
	if len(kept.sockets) != 1 {
		t.Errorf("%v", kept)
	}
	if w.head.leaders != [len(w.head.leaders)]int32{10} {
		t.Errorf("%v", w.head.leaders)
	}
	var stat unix.Stat_t
	check(unix.Fstat(w.file, &stat))
	if stat.Size < 100_000 || stat.Blocks*512 > 2*wireRoom+wireHeadSize {
		t.Errorf("%d bytes, %d in use", stat.Size, stat.Blocks*512)
	}
	w.close()
}

// TestWireThatBreaksOff is cut in the middle of a line.
func TestWireThatBreaksOff(t *testing.T) {
	newLab(t)
	w, theirs, err := newWire()
	if err != nil {
		t.Fatal(err)
	}
	in := wireReader(w, theirs)
	defer in.Close()
	w.write([]byte("10 15 5000 a.1\n"))
	w.write([]byte("10 15 50"))
	wards, _ := readWards(told(in))
	if len(wards) != 1 || wards[10] == nil {
		t.Errorf("%v", wards)
	}
	w.close()
}

// TestTitleMemory finds the memory that the kernel shows as the arguments.
func TestTitleMemory(t *testing.T) {
	want := string(must(os.ReadFile("/proc/self/cmdline")))
	if got := string(titleMemory()); got != want && !strings.HasPrefix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
