package terminal

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAwaitHangup types into a terminal, which is no news, and then takes it away.
func TestAwaitHangup(t *testing.T) {
	master, slave, err := Open(Size{})
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	if !IsForeign(int(slave.Fd())) {
		t.Error("it is this process's own terminal")
	}
	gone := make(chan struct{})
	AwaitHangup(int(slave.Fd()), func() { close(gone) })
	if _, err := unix.Write(master, []byte("typed\n")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-gone:
		t.Fatal("it is gone before it is")
	case <-time.After(50 * time.Millisecond):
	}
	if err := unix.Close(master); err != nil {
		t.Fatal(err)
	}
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		t.Error("nobody notices")
	}
}
