package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestSupervisord lets supervisord run the app.
func TestSupervisord(t *testing.T) {
	supervisord := need(t, "supervisord", "supervisor")
	needRoot(t)
	a := newApp(t)
	want := a.reference()
	logs := a.path("log")
	a.must(os.Mkdir(logs, 0o755))
	dir := a.export("supervisord", "-u", "nobody", "-l", logs, "--stop-signal", "web=INT")
	a.mode(filepath.Join(dir, "shop.env"), 0o600)
	a.noSecrets(dir)
	// supervisord's own configuration cannot have every path; that of the app can.
	own := newAppIn(t, "reeve-verify-").root
	a.must(os.Symlink(dir, own+"/conf.d"))
	conf := own + "/supervisord.conf"
	a.must(os.WriteFile(conf, []byte(`[supervisord]
nodaemon=true
user=root
logfile=`+own+`/supervisord.log
pidfile=`+own+`/supervisord.pid
childlogdir=`+own+`
[unix_http_server]
file=`+own+`/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://`+own+`/s.sock
[include]
files = `+own+`/conf.d/*.conf
`), 0o644))
	c := exec.Command(supervisord, "-c", conf)
	c.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	a.start(c, syscall.SIGTERM)
	for _, name := range instances {
		got := a.await(name)
		a.same(name, got, want[name])
		a.isNobody(name, got)
	}
	ctl := exec.Command(need(t, "supervisorctl", "supervisor"), "-c", conf, "start", "shop:shop-release")
	if text, err := ctl.CombinedOutput(); err != nil {
		t.Errorf("supervisorctl start: %v: %s", err, text)
	}
	a.same("release.1", a.await("release.1"), want["release.1"])
	a.must(c.Process.Signal(syscall.SIGTERM))
	a.signalled("web.1", "interrupt")
	a.signalled("worker.3", "terminated")
}
