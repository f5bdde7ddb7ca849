package notify

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// dial connects to a socket as a process would that is told of it.
func dial(t *testing.T, s *Socket) *net.UnixConn {
	t.Helper()
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.Address(), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func mustListen(t *testing.T, path string) *Socket {
	t.Helper()
	s, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// TestSocket sends messages to a socket that is a file, and to one that can be none.
func TestSocket(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "s"), "/no/such/directory/s", filepath.Join(t.TempDir(), strings.Repeat("s", 90))} {
		s := mustListen(t, path)
		if _, _, ok := s.Next(); ok {
			t.Error("there is a message that nobody has sent")
		}
		if _, err := dial(t, s).Write([]byte("READY=1\nSTATUS=up")); err != nil {
			t.Fatal(err)
		}
		m, from, ok := s.Next()
		if !ok || !m.Ready || *m.Status != "up" || from.Pid != os.Getpid() || from.Uid != os.Getuid() {
			t.Errorf("%s: %+v from %+v, %v", path, m, from, ok)
		}
		came := make(chan Message)
		go s.Each(func() {
			for m, _, ok := s.Next(); ok; m, _, ok = s.Next() {
				came <- m
			}
		})
		if _, err := dial(t, s).Write([]byte("WATCHDOG=1")); err != nil {
			t.Fatal(err)
		}
		if m := <-came; !m.Alive {
			t.Errorf("%+v", m)
		}
		s.Close()
		if _, err := os.Lstat(path); err == nil {
			t.Error("its file is left")
		}
	}
}

// TestNextClosesFiles sends a descriptor along, as systemd-notify does, which waits until nobody has it.
func TestNextClosesFiles(t *testing.T) {
	s := mustListen(t, filepath.Join(t.TempDir(), "s"))
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	raw, err := dial(t, s).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) { err = unix.Sendmsg(int(fd), []byte("BARRIER=1"), unix.UnixRights(ends[1]), nil, 0) })
	if err != nil {
		t.Fatal(err)
	}
	_ = unix.Close(ends[1])
	if m, _, ok := s.Next(); !ok || show(m) != show(Message{}) {
		t.Errorf("%s, %v", show(m), ok)
	}
	if n, err := unix.Read(ends[0], make([]byte, 1)); n != 0 || err != nil {
		t.Errorf("the pipe is open still: %d, %v", n, err)
	}
	_ = unix.Close(ends[0])
}

// TestTooLong has a message that is longer than any: it says nothing, and the next one does.
func TestTooLong(t *testing.T) {
	s := mustListen(t, filepath.Join(t.TempDir(), "s"))
	conn := dial(t, s)
	for _, text := range []string{"READY=1\n" + strings.Repeat("X", largest), "READY=1"} {
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if m, _, ok := s.Next(); !ok || m.Ready {
		t.Errorf("%+v, %v", m, ok)
	}
	if m, _, ok := s.Next(); !ok || !m.Ready {
		t.Errorf("%+v, %v", m, ok)
	}
}

// TestAgain makes the socket of the next run where that of the last one was: what was sent there is
// not heard.
func TestAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	first := mustListen(t, path)
	if _, err := dial(t, first).Write([]byte("READY=1")); err != nil {
		t.Fatal(err)
	}
	second := mustListen(t, path)
	if _, _, ok := second.Next(); ok {
		t.Error("a message of the run before is heard")
	}
}
