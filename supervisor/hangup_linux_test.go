package supervisor

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAwaitHangup types into a terminal, which is no news, and then takes it away.
func TestAwaitHangup(t *testing.T) {
	master, slave, err := Terminal(Size{Rows: 24, Columns: 80})
	check(err)
	defer slave.Close()
	if !IsForeignTerminal(int(slave.Fd())) {
		t.Error("it is this process's own terminal")
	}
	gone := make(chan struct{})
	awaitHangup(int(slave.Fd()), func() { close(gone) })
	must(unix.Write(master, []byte("typed\n")))
	select {
	case <-gone:
		t.Fatal("it is gone before it is")
	case <-time.After(50 * time.Millisecond):
	}
	check(unix.Close(master))
	select {
	case <-gone:
	case <-time.After(patience):
		t.Error("nobody notices")
	}
}
