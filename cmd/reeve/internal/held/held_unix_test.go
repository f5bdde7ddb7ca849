//go:build unix

package held

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"0.0.0.0:8080":          "0.0.0.0:8080",
		"[::]:80":               "[::]:80",
		":80":                   "[::]:80",
		"*:80":                  "[::]:80",
		"localhost:80":          "localhost:80",
		"127.0.0.1:$PORT":       "127.0.0.1:5000",
		"[::1]:${PORT}":         "[::1]:5000",
		"[fe80::1%lo]:80":       "[fe80::1%lo]:80",
		"[::ffff:127.0.0.1]:80": "127.0.0.1:80",
		"/run/web.sock":         "/run/web.sock",
		"tmp/web.sock":          "/app/tmp/web.sock",
		"./web":                 "/app/web",
		"web.sock":              "/app/web.sock",
		"unix:web":              "/app/web",
		"unix:///run/web":       "/run/web",
		"@web":                  "@web",
		"":                      "must be an address and a port",
		"80":                    "must be an address and a port",
		"127.0.0.1":             "must be an address and a port",
		"web":                   "must be an address and a port",
		"@":                     "must be an address and a port",
		"unix:":                 "must be an address and a port",
		"tmp/":                  "must be an address and a port",
		"::1:80":                "must be an address and a port",
		"127.0.0.1:":            "its port must be",
		"127.0.0.1:0":           "its port must be",
		"127.0.0.1:65536":       "its port must be",
		"127.0.0.1:http":        "its port must be",
		"127.0.0.1:$OTHER":      "its port must be",
		"example.com:80":        "example.com is not an IP address",
		"300.0.0.1:80":          "300.0.0.1 is not an IP address",
	} {
		a, err := Parse(text)
		got := a.In("/app", 5000).String()
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != want || !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestOverlaps(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"127.0.0.1:80", "127.0.0.1:80"}:    true,
		{"127.0.0.1:80", "127.0.0.1:81"}:    false,
		{"127.0.0.1:80", "127.0.0.2:80"}:    false,
		{"127.0.0.1:80", "0.0.0.0:80"}:      true,
		{"[::1]:80", "0.0.0.0:80"}:          false,
		{"[::1]:80", ":80"}:                 true,
		{"0.0.0.0:80", "[::]:80"}:           true,
		{"localhost:80", "0.0.0.0:80"}:      true,
		{"localhost:80", "[::1]:80"}:        true,
		{"localhost:80", "127.0.0.1:$PORT"}: false,
		{"a.sock", "./a.sock"}:              true,
		{"a.sock", "b.sock"}:                false,
		{"@a", "a.sock"}:                    false,
		{"a.sock", ":80"}:                   false,
	} {
		var at [2]Address
		for n, text := range pair {
			a, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			at[n] = a.In("/", 5000)
		}
		if at[0].Overlaps(at[1]) != want || at[1].Overlaps(at[0]) != want {
			t.Errorf("%v: not %v", pair, want)
		}
	}
}

// answers reports whether somebody who connects is not refused.
func answers(t *testing.T, network, address string) bool {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

func mustBind(t *testing.T, at Address) *Socket {
	t.Helper()
	s, err := Bind(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); s.Remove() })
	return s
}

// freePort is one on which nobody listens.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// TestLoopback has one socket for both loopback addresses, and for nobody else. It is in nobody's way
// when it is closed, and whatever a run has done to it, it listens again.
func TestLoopback(t *testing.T) {
	port := freePort(t)
	at := Own().In("/", port)
	s := mustBind(t, at)
	for _, host := range []string{"127.0.0.1", "::1"} {
		if confine(int(mustBind(t, Own().In("/", freePort(t))).File().Fd())) != nil && host == "::1" {
			continue // not on this system
		}
		if !answers(t, "tcp", net.JoinHostPort(host, strconv.Itoa(port))) {
			t.Errorf("%s is refused", host)
		}
	}
	_, err := Bind(at)
	if err == nil || !strings.HasPrefix(err.Error(), "the address is in use") {
		t.Errorf("a second one: %v", err)
	}
	if Try(at) == nil {
		t.Error("a busy address can be had")
	}
	_ = unix.Shutdown(int(s.File().Fd()), unix.SHUT_RDWR)
	if err := s.Mend(); err != nil || !answers(t, "tcp", "127.0.0.1:"+strconv.Itoa(port)) {
		t.Errorf("it is not mended: %v", err)
	}
	_ = unix.SetNonblock(int(s.File().Fd()), true)
	s.Block()
	if flags, _ := unix.FcntlInt(s.File().Fd(), unix.F_GETFL, 0); flags&unix.O_NONBLOCK != 0 {
		t.Error("it does not block")
	}
	if flags, _ := unix.FcntlInt(s.File().Fd(), unix.F_GETFD, 0); flags&unix.FD_CLOEXEC == 0 {
		t.Error("everybody inherits it")
	}
	s.Close()
	if err := Try(at); err != nil {
		t.Errorf("it is still there: %v", err)
	}
}

// TestAddresses binds each form of an address.
func TestAddresses(t *testing.T) {
	for form, reach := range map[string][]string{
		"127.0.0.1:$PORT": {"127.0.0.1"},
		"0.0.0.0:$PORT":   {"127.0.0.1"},
		"[::]:$PORT":      {"127.0.0.1", "::1"},
		"[::1]:$PORT":     {"::1"},
	} {
		port := freePort(t)
		at, err := Parse(form)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Bind(at.In("/", port))
		if err != nil && strings.Contains(form, "::1") {
			t.Skip(err)
		} else if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		for _, host := range reach {
			if !answers(t, "tcp", net.JoinHostPort(host, strconv.Itoa(port))) {
				t.Errorf("%s: %s is refused", form, host)
			}
		}
		s.Close()
	}
}

// TestUnixSocket follows the file of a Unix socket: one that is left is replaced, one that lives is
// not, and neither is anything else.
func TestUnixSocket(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "s")
	at, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: file, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	if err := Try(at); err == nil {
		t.Error("one that lives is taken for dead")
	}
	if _, err := Bind(at); err == nil || !strings.Contains(err.Error(), "listens there") {
		t.Errorf("one that lives: %v", err)
	}
	dead.SetUnlinkOnClose(false)
	_ = dead.Close()
	if err := Try(at); err != nil {
		t.Error(err)
	}
	s := mustBind(t, at)
	if !answers(t, "unix", file) {
		t.Error("it is refused")
	}
	RemoveDead(file)
	_ = os.Remove(file)
	if err := s.Mend(); err != nil || !answers(t, "unix", file) {
		t.Errorf("after its file was removed: %v", err)
	}
	s.Close()
	RemoveDead(file)
	if _, err := os.Lstat(file); err == nil {
		t.Error("a dead one is left")
	}
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Remove()
	RemoveDead(file)
	if _, err := Bind(at); err == nil || !strings.Contains(err.Error(), "not a socket") {
		t.Errorf("a file: %v", err)
	}
	if text, _ := os.ReadFile(file); string(text) != "precious" {
		t.Error("the file is gone")
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none", "s"):              "its directory is missing",
		filepath.Join(dir, strings.Repeat("s", 100)): "too long",
	} {
		at, err := Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Bind(at); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
