package env

import (
	"fmt"
	"net"
	"os"
	"testing"
)

func listenOn(t *testing.T, address string) net.Listener {
	l, err := net.Listen("tcp4", address)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestStrangerOn(t *testing.T) {
	port := freePort(t)
	if got := ListeningOn(port).StrangerOn(port); got != "" {
		t.Errorf("nobody listens, but %s", got)
	}
	first := listenOn(t, fmt.Sprintf("127.0.0.1:%d", port))
	defer first.Close()
	if got := (Listening)(nil).StrangerOn(port); got != "" {
		t.Errorf("who has begun since is taken for %s", got)
	}
	before := ListeningOn(port)
	want := fmt.Sprintf("pid %d (", os.Getpid())
	if got := before.StrangerOn(port); len(got) < len(want) || got[:len(want)] != want {
		t.Errorf("%q, want %s…", got, want)
	}
	second, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", port))
	if err != nil {
		t.Skip(err)
	}
	defer second.Close()
	if got := before.StrangerOn(port); got != "" {
		t.Errorf("somebody has begun since, but it is %s", got)
	}
}

// TestStrangerOfAnother has a socket of which only the user can be told.
func TestStrangerOfAnother(t *testing.T) {
	for _, tt := range []struct{ uid, want string }{
		{"4294967", "a process of user 4294967"},
		{"0", ""},
	} {
		line := "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  " + tt.uid + "        0 77 1 0 100 0 0 10 0\n"
		p := fakeProc(t, map[string]string{"net/tcp": head + line}, nil)
		if got := p.strangerOn(Listening{"77"}, 8080); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// TestBroker has a socket of somebody who listens for others.
func TestBroker(t *testing.T) {
	for name, want := range map[string]string{"docker-proxy": "", "redis-server": "pid 7 (redis-server)"} {
		p := fakeProc(t, map[string]string{"net/tcp": head + socket("0100007F:1F90", "0A", "77"), "7/comm": name + "\n"}, map[int][]string{7: {"77"}})
		if got := p.strangerOn(Listening{"77"}, 8080); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
