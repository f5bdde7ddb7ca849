package verify

import (
	"net"
	"os"
	"strconv"
	"testing"
)

// TestSystemdUser lets systemd run the units of a user.
func TestSystemdUser(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newApp(t)
	want := a.reference()
	dir := a.export("systemd", "--user-units", "--can-die", "all")
	m := startSystemd(a, dir)
	m.does("start", "shop.target")
	for _, name := range append([]string{"release.1"}, instances...) {
		a.same(name, a.await(name), want[name])
	}
}

// freePort finds a port on which nobody listens.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// TestSystemdReady checks that what comes after a probe waits for it, and does not start
// if it fails.
func TestSystemdReady(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newApp(t)
	a.write("Procfile", "web: PROBE_LISTEN=1 bin/probe\nworker: bin/probe\n")
	dir := a.export("systemd", "-u", "nobody", "-m", "all=1", "-a", "shop", "-p", freePort(t), "--port-step", "1",
		"--ready", "web=tcp", "--after", "worker=web")
	m := startSystemd(a, dir)
	m.does("start", "shop.target")
	a.await("worker.1")
	a.later("worker.1", "web.1")
	m.does("stop", "shop.target")
	a.forget()

	a.write("Procfile", "web: bin/probe\nworker: bin/probe\n")
	a.export("systemd", "-u", "nobody", "-m", "all=1", "-a", "shop", "-p", freePort(t), "--port-step", "1",
		"--ready", "web=tcp", "--ready-timeout", "1", "--after", "worker=web")
	m.does("daemon-reload")
	if _, err := m.systemctl("start", "shop.target"); err == nil {
		t.Error("the target starts although web is never ready")
	}
	a.signalled("web.1", "terminated")
	if _, err := os.Stat(a.path("seen/worker.1")); err == nil {
		t.Error("worker.1 has started although web was never ready")
	}
}
