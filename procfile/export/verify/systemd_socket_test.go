package verify

import (
	"io"
	"net"
	"testing"
	"time"
)

// server takes its socket over, as sd_listen_fds(3) has it, says when it is ready, and answers with
// its instance.
const server = `import os, socket
assert os.environ["LISTEN_PID"] == str(os.getpid()) and os.environ["LISTEN_FDS"] == "1", os.environ
assert os.environ["LISTEN_FDNAMES"] == "web", os.environ
s = socket.socket(fileno=3)
n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
n.connect(os.environ["NOTIFY_SOCKET"])
n.send(b"READY=1\nSTATUS=up")
assert os.environ["WATCHDOG_USEC"] == "60000000", os.environ
while True:
    c, _ = s.accept()
    c.sendall(os.environ["PS"].encode())
    c.close()
`

// TestSystemdSocket lets systemd hold a socket, and hear when its processes are ready: it answers at
// both loopback addresses, and nobody is refused while all of them restart.
func TestSystemdSocket(t *testing.T) {
	need(t, "systemd", "systemd")
	const python = "/usr/bin/python3"
	need(t, python, "python3-minimal")
	needRoot(t)
	a := newApp(t)
	a.write("server.py", server)
	a.write("Procfile", "web: "+python+" server.py\nafter: bin/probe\n")
	port := freePort(t)
	// As root, since the socket for messages is this manager's alone.
	dir := a.export("systemd", "-a", "shop", "-u", "root", "-m", "web=2", "-p", port, "--listen", "web", "--ready", "web=notify",
		"--health", "web=notify", "--health-interval", "60", "--after", "after=web", "--can-die", "all")
	m := startSystemd(a, dir)
	m.does("start", "shop.target")
	a.await("after.1") // which comes after what is ready
	for _, host := range []string{"127.0.0.1", "::1"} {
		if got := ask(t, host, port); got != "web.1" && got != "web.2" {
			t.Errorf("%s answers %q", host, got)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.does("restart", "shop-web.1.service", "shop-web.2.service")
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
			ask(t, "127.0.0.1", port)
		}
	}
	m.does("stop", "shop.target")
	within(t, "the end of the socket", func() bool {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
}

// ask connects, and gives the answer, which is empty if who has accepted has ended.
func ask(t *testing.T, host, port string) string {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	answer, _ := io.ReadAll(conn)
	return string(answer)
}
