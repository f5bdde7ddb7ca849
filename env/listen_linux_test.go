package env

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestListeners finds this very process.
func TestListeners(t *testing.T) {
	comm, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Skip(err)
	}
	name := strings.TrimSpace(string(comm))
	for _, host := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		t.Run(host, func(t *testing.T) {
			port := listen(t, "tcp", host)
			got := Listeners([]int{freePort(t), port})
			if want := []Owner{{port, os.Getpid(), name}}; !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
	if got := Listeners(nil); got != nil {
		t.Error(got)
	}
	if got := Listeners([]int{freePort(t), 0, -1, 1 << 40}); got != nil {
		t.Error(got)
	}
}

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

// socket is a line of /proc/net/tcp.
func socket(address, state, inode string) string {
	return "   0: " + address + " 00000000:0000 " + state + " 00000000:00000000 00:00000000 00000000  1000        0 " + inode + " 1 0 100 0 0 10 0\n"
}

// fakeProc makes a proc file system: by pid, the name and the sockets.
func fakeProc(t *testing.T, files map[string]string, sockets map[int][]string) procfs {
	dir := t.TempDir()
	make := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		make(os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700))
		make(os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for pid, inodes := range sockets {
		fd := filepath.Join(dir, strconv.Itoa(pid), "fd")
		make(os.MkdirAll(fd, 0o700))
		make(os.Symlink("/dev/null", filepath.Join(fd, "0")))
		for i, inode := range inodes {
			make(os.Symlink("socket:["+inode+"]", filepath.Join(fd, strconv.Itoa(3+i))))
		}
	}
	make(os.Symlink(strconv.Itoa(os.Getpid()), filepath.Join(dir, "self")))
	return procfs(dir)
}

func TestListenersTables(t *testing.T) {
	proc := fakeProc(t, map[string]string{
		"net/tcp": head +
			socket("0100007F:1388", "0A", "11") + // 5000, shared by 20 and 100
			socket("0100007F:1389", "01", "12") + // 5001, a connection
			socket("0100007F:138A", "0A", "13") + // 5002, of another user
			"   9: junk 0A \n" + socket("junk", "0A", "1"),
		"net/tcp6": head + socket("00000000000000000000000001000000:1388", "0A", "14") +
			socket("00000000000000000000000000000000:138B", "0A", "15"), // 5003, twice one process
		"20/comm":  "a b)\n",
		"100/comm": "worker\n",
		"30/comm":  "other\n",
	}, map[int][]string{20: {"9", "11"}, 100: {"11"}, 30: {"14", "15"}})
	got := proc.listeners([]int{5003, 5000, 5001, 5002, 6000})
	want := []Owner{{5000, 20, "a b)"}, {5000, 30, "other"}, {5002, 0, ""}, {5003, 30, "other"}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestListenersElsewhere has the /proc of another PID namespace, whose pids say nothing here.
func TestListenersElsewhere(t *testing.T) {
	proc := fakeProc(t, map[string]string{
		"net/tcp": head + socket("0100007F:1388", "0A", "11"),
		"20/comm": "other\n",
	}, map[int][]string{20: {"11"}})
	self := filepath.Join(string(proc), "self")
	if err := errors.Join(os.Remove(self), os.Symlink("1", self)); err != nil {
		t.Fatal(err)
	}
	if got, want := proc.listeners([]int{5000}), []Owner{{Port: 5000}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestListenersWithoutProc asks the network itself.
func TestListenersWithoutProc(t *testing.T) {
	port := listen(t, "tcp", "127.0.0.1")
	got := procfs(filepath.Join(t.TempDir(), "none")).listeners([]int{freePort(t), port})
	if want := []Owner{{Port: port}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// BenchmarkListeners: with nothing to report this is part of every start and
// must be far from a millisecond. The tables are what it would take without
// binding first.
func BenchmarkListeners(b *testing.B) {
	ports := []int{freePort(b), freePort(b), freePort(b)}
	b.Run("bind", func(b *testing.B) {
		for b.Loop() {
			if got := Listeners(ports); got != nil {
				b.Fatal(got)
			}
		}
	})
	b.Run("tables", func(b *testing.B) {
		for b.Loop() {
			procfs("/proc").listeners(ports)
		}
	})
}

func TestPortsOf(t *testing.T) {
	port, self := listen(t, "tcp", "127.0.0.1"), os.Getpid()
	got := PortsOf([]int{self, 1 << 30})
	if !slices.Contains(got[self], port) || len(got) != 1 {
		t.Errorf("got %v, without %d", got, port)
	}
}

// TestFirstHeld finds a port that is held on any address, and passes over what is left of closed
// connections.
func TestFirstHeld(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		port := listen(t, "tcp", host)
		if got, held := FirstHeld(port, port+3); !held || got.Port != port || got.PID != os.Getpid() {
			t.Errorf("%s: %+v, %v", host, got, held)
		}
		if got, held := FirstHeld(port-1, port); !held || got.Port > port {
			t.Errorf("%s, the last one: %+v, %v", host, got, held)
		}
	}
	port := freePort(t)
	if got, held := FirstHeld(port, port); held {
		t.Errorf("a free port is held: %+v", got)
	}
}

// TestOnlyLeft tells what is left from what somebody has.
func TestOnlyLeft(t *testing.T) {
	const port = 0x1388
	wait := socket("0100007F:1388", "06", "0")
	for _, c := range []struct {
		tcp, tcp6 string
		want      bool
	}{
		{"", "", false}, // somebody has bound it, and does not listen
		{wait, "", true},
		{"", wait + socket("0100007F:1388", "05", "0"), true},
		{wait, socket("0100007F:1388", "01", "77"), false},
		{socket("0100007F:1389", "06", "0"), "", false},
		{wait + socket("0100007F:0050", "01", "77"), "", true},
	} {
		p := fakeProc(t, map[string]string{"net/tcp": head + c.tcp, "net/tcp6": head + c.tcp6}, nil)
		if got := p.onlyLeft(port); got != c.want {
			t.Errorf("%q, %q: %v", c.tcp, c.tcp6, got)
		}
	}
}
