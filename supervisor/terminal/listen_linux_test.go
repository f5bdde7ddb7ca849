package terminal

import (
	"testing"

	"golang.org/x/sys/unix"
)

// TestListenToWhatIsTyped writes to a terminal, which is no news to who waits for keys.
func TestListenToWhatIsTyped(t *testing.T) {
	master, slave, err := Open(Size{})
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	defer func() { _ = unix.Close(master) }()
	f, err := listen(int(slave.Fd()), unix.EPOLLIN)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	await := func(fd int, events int16) {
		if n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, 20_000); n != 1 {
			t.Fatal("nothing comes: ", err)
		}
	}
	if _, err := slave.WriteString("written\n"); err != nil {
		t.Fatal(err)
	}
	await(master, unix.POLLIN)
	if _, err := unix.Read(master, make([]byte, 64)); err != nil {
		t.Fatal(err)
	}
	if heard(f.Fd()) {
		t.Error("what is written, and taken, is heard")
	}
	if _, err := unix.Write(master, []byte("typed\n")); err != nil {
		t.Fatal(err)
	}
	await(int(slave.Fd()), unix.POLLIN)
	if !heard(f.Fd()) {
		t.Error("what is typed is not heard")
	}
	if heard(f.Fd()) {
		t.Error("it is heard twice")
	}
}
