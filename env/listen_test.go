package env

import (
	"math/rand/v2"
	"net"
	"strconv"
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

// freePort is a port that is free now, and not one of those that the system gives to who asks for any.
func freePort(t testing.TB) int {
	for range 1000 {
		port := 2000 + rand.IntN(2000)
		if l, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(port))); err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
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
