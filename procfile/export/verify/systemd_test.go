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

// namespace runs systemd's manager in namespaces of its own: it sees no other process,
// a /run and a tree of control groups of its own, and only the units of the app. It is
// the user manager, since the system's would take the machine for its own; as root it
// switches to a unit's User= all the same.
const namespace = `set -e
mount --make-rprivate /
mount -t tmpfs none /run
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR"
umount -R /sys/fs/cgroup 2>/dev/null || :
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/"$GROUP"/init
echo $$ >/sys/fs/cgroup/"$GROUP"/init/cgroup.procs
"$@" &   # as PID 1 it would be the manager of the system
wait
`

// possible finds out whether such namespaces are to be had; sweep takes away the control
// groups that are left.
const (
	possible = `mount --make-rprivate / && mount -t tmpfs none /run && mount -t cgroup2 none /sys/fs/cgroup`
	sweep    = `mount --make-rprivate / && mount -t tmpfs none /run && mkdir /run/c && mount -t cgroup2 none /run/c
for n in $(seq 300); do
	find "/run/c/$GROUP" -depth -type d -exec rmdir {} + 2>/dev/null
	[ -e "/run/c/$GROUP" ] || exit 0
	sleep 0.2
done
exit 1`
)

// inNamespaces is a shell in such namespaces.
func inNamespaces(script string, args ...string) *exec.Cmd {
	return exec.Command("unshare", append([]string{"--pid", "--fork", "--kill-child", "--mount", "--cgroup", "--mount-proc",
		"/bin/sh", "-c", script, "sh"}, args...)...)
}

// systemdApp is a manager that runs the app.
type systemdApp struct {
	exportable
	env     []string
	unshare *exec.Cmd
}

// startSystemd starts a manager with the units in a directory.
func startSystemd(a exportable, dir string) systemdApp {
	a.t.Helper()
	systemd := need(a.t, "systemd", "systemd")
	need(a.t, "unshare", "util-linux")
	needRoot(a.t)
	if text, err := inNamespaces(possible).CombinedOutput(); err != nil {
		a.t.Skipf("systemd needs namespaces of its own, which are not to be had here: %v: %s", err, text)
	}
	units := a.path("units")
	a.must(os.Mkdir(units, 0o755))
	for _, unit := range []string{"basic", "shutdown", "network", "default", "exit"} {
		a.must(os.WriteFile(filepath.Join(units, unit+".target"), []byte("[Unit]\nDescription=nothing\nDefaultDependencies=no\n"), 0o644))
	}
	m := systemdApp{exportable: a, env: append(managerEnv(),
		"XDG_RUNTIME_DIR="+a.path("runtime"), "HOME="+a.root, "GROUP="+filepath.Base(a.root),
		"SYSTEMD_UNIT_PATH="+dir+":"+units, "SYSTEMD_LOG_TARGET=console", "SYSTEMD_LOG_LEVEL=info")}
	a.t.Cleanup(func() {
		c := inNamespaces(sweep)
		c.Env = m.env
		if text, err := c.CombinedOutput(); err != nil {
			a.t.Errorf("control groups are left: %v: %s", err, text)
		}
	})
	m.unshare = inNamespaces(namespace, systemd, "--user", "--unit=basic.target")
	m.unshare.Env = m.env
	a.start(m.unshare, syscall.SIGKILL) // unshare waits for its child, and takes it along
	within(a.t, "systemd", func() bool {
		_, err := m.systemctl("list-units")
		return err == nil
	})
	return m
}

// systemctl talks to the manager, from inside: systemd wants to know who does.
func (m systemdApp) systemctl(args ...string) (string, error) {
	init, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", m.unshare.Process.Pid))
	m.must(err)
	c := exec.Command("nsenter", append([]string{"--target", strings.TrimSpace(string(init)), "--pid", "--mount", "--cgroup",
		"systemctl", "--user", "--no-pager"}, args...)...)
	c.Env = m.env
	text, err := c.CombinedOutput()
	return string(text), err
}

// does is systemctl that does not fail.
func (m systemdApp) does(args ...string) string {
	m.t.Helper()
	text, err := m.systemctl(args...)
	if err != nil {
		m.t.Errorf("systemctl %s: %v: %s", strings.Join(args, " "), err, text)
	}
	return text
}

// TestSystemd lets systemd run the app.
func TestSystemd(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newApp(t)
	want := a.reference()
	logs := a.path("log")
	a.must(exec.Command("install", "-d", "-o", "nobody", logs).Run())
	dir := a.export("systemd", "-u", "nobody", "-l", logs, "--stop-signal", "web=INT", "--can-die", "all",
		"--ready", `worker=exec:test -e "seen/worker.1"`, "--after", "web=worker")
	a.mode(filepath.Join(dir, "shop.env"), 0o600)
	a.noSecrets(dir)
	m := startSystemd(a, dir)
	m.does("start", "shop.target")
	for _, name := range append([]string{"release.1"}, instances...) {
		got := a.await(name)
		a.same(name, got, want[name])
		a.isNobody(name, got)
	}
	a.later("web.1", "worker.1")
	a.later("worker.1", "release.1")
	m.does("stop", "shop.target")
	a.signalled("web.1", "interrupt")
	a.signalled("worker.3", "terminated")
}

// TestSystemdEnds checks that the app stops when a process ends that is neither restarted
// nor may end, and goes on when one is started again.
func TestSystemdEnds(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newApp(t)
	dir := a.export("systemd", "-u", "nobody", "--restart", "worker=on-failure", "--restart", "web=always")
	m := startSystemd(a, dir)
	m.does("start", "shop.target")
	for _, name := range instances {
		a.await(name)
	}
	a.forget()
	m.does("kill", "--signal=KILL", "shop-worker.2.service", "shop-web.1.service")
	a.await("worker.2")
	a.await("web.1")
	if text := m.does("is-active", "shop.target"); text != "active\n" {
		t.Errorf("while processes are started again the target is %s", text)
	}
	m.does("kill", "--signal=KILL", "shop-shell.1.service")
	for _, name := range []string{"web.1", "web.2", "worker.1"} {
		a.signalled(name, "terminated")
	}
	within(t, "the end of the target", func() bool {
		text, _ := m.systemctl("is-active", "shop.target")
		return text != "active\n"
	})
}

// TestSystemdRelease checks that nothing starts if the release fails.
func TestSystemdRelease(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newApp(t)
	a.write("Procfile", strings.Replace(procfile, "release: ", "release: false ", 1))
	dir := a.export("systemd", "-u", "nobody")
	m := startSystemd(a, dir)
	if _, err := m.systemctl("start", "shop.target"); err == nil {
		t.Error("the target starts although the release fails")
	}
	if found, _ := filepath.Glob(a.path("seen/*")); found != nil {
		t.Errorf("these have started: %v", found)
	}
}

// TestSystemdAnalyze lets systemd judge units of both managers.
func TestSystemdAnalyze(t *testing.T) {
	analyze := need(t, "systemd-analyze", "systemd")
	for _, flags := range [][]string{
		{"-u", "daemon", "-l", "/var/log/shop", "-r", "/run/shop", "--restart", "on-failure", "--restart-limit", "3", "--ready", "web=tcp", "--after", "web=worker"},
		{"--user-units", "--ready", "web=http://localhost:$PORT/?a=1&b=%20"},
		{"-u", "daemon", "--listen", "web,worker=tmp/worker.sock", "--ready", "web=notify", "--health", "web=notify", "--health", "worker=notify"},
	} {
		a := newApp(t)
		dir := a.export("systemd", flags...)
		units, _ := filepath.Glob(dir + "/shop*[te]")
		args := []string{"--man=no", "verify"}
		if flags[0] == "--user-units" {
			args = append([]string{"--user"}, args...)
		}
		for _, unit := range units {
			if !strings.HasSuffix(unit, ".env") {
				args = append(args, unit)
			}
		}
		c := exec.Command(analyze, args...)
		c.Env = append(managerEnv(), "XDG_RUNTIME_DIR="+a.root, "HOME="+a.root)
		text, err := c.CombinedOutput()
		if err != nil || strings.Contains(string(text), "shop") {
			t.Errorf("systemd-analyze verify %v: %v: %s", flags, err, text)
		}
	}
}
