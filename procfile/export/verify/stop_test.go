package verify

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// master is a program with workers of its own, as Celery or Puma are: the workers are its
// business, and one of them stays when it ends.
const master = `#!/bin/sh
( trap 'echo asked >>seen/worker; exit' TERM; while :; do sleep 0.1; done ) &
worker=$!
( trap '' TERM; while :; do sleep 0.1; done ) &
trap 'sleep 1; cat seen/worker >seen/early 2>/dev/null; kill $worker; wait $worker; echo ended >seen/master; exit 0' TERM
echo up >seen/up
while :; do sleep 0.1; done
`

// stopping is an app that runs a master.
func stopping(t *testing.T) exportable {
	t.Helper()
	needRoot(t)
	a := newAppIn(t, "reeve-verify-")
	a.write("Procfile", "web: bin/master\n")
	a.must(os.WriteFile(a.path("bin/master"), []byte(master), 0o755))
	return a
}

// masterOnly checks that the master alone was asked to stop, and that nothing of it is
// left.
func (a exportable) masterOnly() {
	a.t.Helper()
	within(a.t, "the end of the master", func() bool {
		_, err := os.Stat(a.path("seen/master"))
		return err == nil
	})
	if text, _ := os.ReadFile(a.path("seen/early")); strings.Contains(string(text), "asked") {
		a.t.Error("the worker was asked to stop while the master was still at work")
	}
	within(a.t, "the end of what is left", func() bool {
		for _, pid := range a.running() {
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			if strings.Contains(string(line), "bin/master") {
				return false
			}
		}
		return true
	})
}

// TestStopRunit stops the master with sv.
func TestStopRunit(t *testing.T) {
	runsvdir := need(t, "runsvdir", "runit")
	a := stopping(t)
	dir := a.export("runit", "-u", "nobody", "-m", "all=1", "-a", "shop", "-l", a.path("log"), "--timeout", "4")
	c := exec.Command(runsvdir, "-P", dir)
	c.Env = managerEnv()
	a.start(c, syscall.SIGHUP)
	within(t, "the master", func() bool { _, err := os.Stat(a.path("seen/up")); return err == nil })
	if text, err := exec.Command("sv", "-w", "20", "stop", dir+"/shop-web-1").CombinedOutput(); err != nil {
		t.Errorf("sv stop: %v: %s", err, text)
	}
	a.masterOnly()
}

// TestStopS6 stops the master with s6-svc.
func TestStopS6(t *testing.T) {
	svscan := need(t, "s6-svscan", "s6")
	a := stopping(t)
	dir := a.export("s6", "-u", "nobody", "-m", "all=1", "-a", "shop", "--timeout", "4")
	scan := a.path("scan")
	a.must(os.Mkdir(scan, 0o755))
	a.must(os.Symlink(dir+"/shop-web-1", filepath.Join(scan, "shop-web-1")))
	c := exec.Command(svscan, scan)
	c.Env = managerEnv()
	a.start(c, syscall.SIGTERM)
	within(t, "the master", func() bool { _, err := os.Stat(a.path("seen/up")); return err == nil })
	if text, err := exec.Command("s6-svc", "-wD", "-T", "20000", "-d", scan+"/shop-web-1").CombinedOutput(); err != nil {
		t.Errorf("s6-svc -d: %v: %s", err, text)
	}
	a.masterOnly()
}

// TestStopSystemd stops the master with systemctl.
func TestStopSystemd(t *testing.T) {
	need(t, "systemd", "systemd")
	a := stopping(t)
	dir := a.export("systemd", "-u", "nobody", "-m", "all=1", "-a", "shop", "--timeout", "4")
	m := startSystemd(a, dir)
	m.does("start", "shop.target")
	within(t, "the master", func() bool { _, err := os.Stat(a.path("seen/up")); return err == nil })
	m.does("stop", "shop.target")
	a.masterOnly()
}

// TestStopSupervisord stops the master with supervisorctl. What it leaves behind stays.
func TestStopSupervisord(t *testing.T) {
	need(t, "supervisord", "supervisor")
	a := stopping(t)
	a.must(os.Mkdir(a.path("log"), 0o755))
	dir := a.export("supervisord", "-u", "nobody", "-m", "all=1", "-a", "shop", "-l", a.path("log"), "--timeout", "4")
	text, err := os.ReadFile(dir + "/shop.conf")
	a.must(err)
	if !strings.Contains(string(text), "\nstopasgroup=false\nkillasgroup=true\n") {
		t.Errorf("the signal goes to the whole group:\n%s", text)
	}
}
