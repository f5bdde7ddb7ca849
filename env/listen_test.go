package env

import (
	"net"
	"testing"
)

// listen occupies a free port of one address, or skips where there is no such
// address.
func listen(t testing.TB, network, host string) int {
	l, err := net.Listen(network, net.JoinHostPort(host, "0"))
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

// freePort is a port that was free a moment ago.
func freePort(t testing.TB) int {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func TestTaken(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		t.Run(host, func(t *testing.T) {
			port := listen(t, "tcp", host)
			got := taken([]int{freePort(t), port, 70000})
			if len(got) != 1 || got[0] != (Owner{Port: port}) {
				t.Errorf("%v, want port %d", got, port)
			}
		})
	}
}
