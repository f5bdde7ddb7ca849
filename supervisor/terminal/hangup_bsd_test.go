//go:build darwin || freebsd

package terminal

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestAwaitHangup(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	master, slave := open(t, Size{})
	gone := make(chan string, 2)
	AwaitHangup(int(w.Fd()), func() { gone <- "pipe" })
	AwaitHangup(slave, func() { gone <- "terminal" })
	for what, end := range map[string]func() error{
		"pipe": r.Close, "terminal": func() error { return unix.Close(master) },
	} {
		if len(gone) > 0 {
			t.Errorf("too early: %s", <-gone)
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-gone:
			if got != what {
				t.Errorf("%s is gone, not %s", what, got)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("nobody tells that the %s is gone", what)
		}
	}
}
