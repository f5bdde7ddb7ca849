package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// runsv is the environment in which process managers run.
func managerEnv() []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
}

// TestRunit lets runsvdir run the app.
func TestRunit(t *testing.T) {
	runsvdir := need(t, "runsvdir", "runit")
	needRoot(t)
	a := newApp(t)
	want := a.reference()
	logs := a.path("log")
	dir := a.export("runit", "-u", "nobody", "-l", logs, "-r", a.path("run"), "--stop-signal", "web=INT", "--restart", "shell=always",
		"--ready", `worker=exec:test -e "seen/worker.1"`, "--after", "web=worker")
	a.noSecrets(dir)
	c := exec.Command(runsvdir, "-P", dir)
	c.Env = managerEnv()
	a.start(c, syscall.SIGHUP)
	for _, name := range instances {
		got := a.await(name)
		a.same(name, got, want[name])
		a.isNobody(name, got)
	}
	a.later("web.1", "worker.1")
	within(t, "the log", func() bool {
		text, err := os.ReadFile(logs + "/web-1/current")
		return err == nil && string(text) == "ready\n"
	})
	if info, err := os.Stat(a.path("run")); err != nil || !info.IsDir() {
		t.Errorf("the directory of --run: %v", err)
	}
	services, _ := filepath.Glob(dir + "/shop-*")
	for _, service := range services {
		sv := exec.Command(need(t, "sv", "runit"), "-w", "20", "stop", service)
		if text, err := sv.CombinedOutput(); err != nil {
			t.Errorf("sv stop: %v: %s", err, text)
		}
	}
	a.signalled("web.1", "interrupt")
	a.signalled("worker.3", "terminated")
}
