package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The app's user is the attacker: it owns the directory of the logs, can put links there
// and into every place where all can write, and its config is what it likes. Nothing of
// root's may change.

// victim is a file of root's, which the attacker wants to change.
type victim struct {
	exportable
	file, dir string
}

const untouched = "root's own\n"

// attacked makes an app whose processes write what an attacker wants to have in files.
func attacked(t *testing.T) victim {
	t.Helper()
	needRoot(t)
	a := newAppIn(t, "reeve-verify-")
	a.write("Procfile", "web: bin/evil\n")
	a.must(os.WriteFile(a.path("bin/evil"), []byte("#!/bin/sh\necho evil\necho $$ >>seen/evil\nsleep 1\n"), 0o755))
	a.must(os.Remove(a.path(".env.example")))
	v := victim{a, a.path("passwd"), a.path("roots")}
	a.write("passwd", untouched)
	a.must(os.Mkdir(v.dir, 0o755))
	a.must(exec.Command("install", "-d", "-o", "nobody", a.path("log")).Run())
	a.must(os.Mkdir(a.path("sticky"), 0o777))
	a.must(os.Chmod(a.path("sticky"), 0o777|os.ModeSticky))
	return v
}

// link makes a link as the attacker.
func (v victim) link(target, name string) {
	v.t.Helper()
	c := exec.Command("ln", "-s", target, name)
	c.SysProcAttr = nobody
	if text, err := c.CombinedOutput(); err != nil {
		v.t.Fatalf("ln -s: %v: %s", err, text)
	}
}

// linkLogs makes links of all names that a log may have.
func (v victim) linkLogs() {
	for _, name := range []string{"web-1.log", "shop-web-1.log", "web.1.log", "web-1"} {
		target := v.file
		if name == "web-1" {
			target = v.dir // where runit has a directory
		}
		v.link(target, v.path("log/"+name))
	}
}

// unharmed checks that root's files are as they were.
func (v victim) unharmed() {
	v.t.Helper()
	if text, err := os.ReadFile(v.file); string(text) != untouched {
		v.t.Errorf("root's file: %q, %v", text, err)
	}
	for _, path := range []string{v.file, v.dir} {
		info, err := os.Stat(path)
		v.must(err)
		if uid := info.Sys().(*syscall.Stat_t).Uid; uid != 0 {
			v.t.Errorf("%s was given to user %d", path, uid)
		}
	}
	if entries, _ := os.ReadDir(v.dir); len(entries) > 0 {
		v.t.Errorf("in root's directory: %v", entries)
	}
}

// ran waits until the app's process has run so often.
func (v victim) ran(times int) {
	v.t.Helper()
	within(v.t, "the app's process", func() bool {
		text, _ := os.ReadFile(v.path("seen/evil"))
		return strings.Count(string(text), "\n") >= times
	})
}

// script runs a script as root.
func (v victim) script(path string) {
	v.t.Helper()
	c := exec.Command("timeout", "10", path)
	c.Dir, c.Env = filepath.Dir(path), managerEnv()
	text, err := c.CombinedOutput()
	v.t.Logf("%s: %v: %s", filepath.Base(path), err, text)
}

// TestAttackInittab lets init's scripts run before and after the attacker has put links.
func TestAttackInittab(t *testing.T) {
	v := attacked(t)
	dir := v.export("inittab", "-u", "nobody", "-l", v.path("log"), "-m", "all=1", "-a", "shop")
	v.script(dir + "/shop-web-1.sh")
	v.ran(1)
	v.must(os.Remove(v.path("log/web-1.log")))
	v.linkLogs()
	v.script(dir + "/shop-web-1.sh")
	v.unharmed()
}

// TestAttackDirectories lets the attacker be there before the directories are.
func TestAttackDirectories(t *testing.T) {
	for _, place := range []string{"sticky/shop", "sticky/shop/deep"} {
		v := attacked(t)
		v.link(v.dir, v.path("sticky/shop"))
		for _, flag := range []string{"--run", "--log"} {
			dir := v.export("inittab", "-u", "nobody", "--log", v.path("log"), flag, v.path(place), "-m", "all=1", "-a", "shop")
			v.script(dir + "/shop-web-1.sh")
			v.unharmed()
		}
	}
}

// TestAttackConfig has config that would take over whatever root runs with it.
func TestAttackConfig(t *testing.T) {
	for _, format := range []string{"inittab", "runit", "s6"} {
		v := attacked(t)
		v.must(os.Mkdir(v.path("evil"), 0o755))
		for _, program := range []string{"id", "setpriv", "chpst", "s6-setuidgid", "s6-envdir", "find", "mkdir", "chown", "env"} {
			v.must(os.WriteFile(v.path("evil/"+program), []byte("#!/bin/sh\n[ \"$(/usr/bin/id -u)\" != 0 ] || echo evil >"+v.file+"\n"), 0o755))
		}
		v.write(".env", "PATH=\""+v.path("evil")+" \"\nENV="+v.path("evil/env")+"\nIFS=e\n")
		dir := v.export(format, "-u", "nobody", "-l", v.path("log"), "-r", v.path("run"), "-m", "all=1", "-a", "shop")
		for _, script := range []string{"shop-web-1.sh", "shop-web-1/run", "shop-web-1/finish"} {
			if _, err := os.Stat(filepath.Join(dir, script)); err == nil {
				v.script(filepath.Join(dir, script))
			}
		}
		v.unharmed()
	}
}

// TestAttackRunit lets runsvdir run the app in the attacker's directory of logs.
func TestAttackRunit(t *testing.T) {
	runsvdir := need(t, "runsvdir", "runit")
	v := attacked(t)
	v.linkLogs()
	dir := v.export("runit", "-u", "nobody", "-l", v.path("log"), "--restart", "always", "-m", "all=1", "-a", "shop")
	c := exec.Command(runsvdir, "-P", dir)
	c.Env = managerEnv()
	v.start(c, syscall.SIGHUP)
	v.ran(2)
	v.unharmed()
}

// TestAttackS6 lets s6 do so.
func TestAttackS6(t *testing.T) {
	svscan := need(t, "s6-svscan", "s6")
	v := attacked(t)
	v.linkLogs()
	dir := v.export("s6", "-u", "nobody", "-l", v.path("log"), "--restart", "always", "-m", "all=1", "-a", "shop")
	scan := v.path("scan")
	v.must(os.Mkdir(scan, 0o755))
	v.must(os.Symlink(dir+"/shop-web-1", scan+"/shop-web-1"))
	c := exec.Command(svscan, scan)
	c.Env = managerEnv()
	v.start(c, syscall.SIGTERM)
	within(t, "an attempt", func() bool {
		text, _ := os.ReadFile(v.path("manager.out"))
		return strings.Contains(string(text), "Permission denied")
	})
	v.unharmed()
}

// TestAttackSystemd lets systemd do so.
func TestAttackSystemd(t *testing.T) {
	need(t, "systemd", "systemd")
	v := attacked(t)
	v.linkLogs()
	dir := v.export("systemd", "-u", "nobody", "-l", v.path("log"), "--can-die", "all", "-m", "all=1", "-a", "shop")
	m := startSystemd(v.exportable, dir)
	m.does("start", "shop.target")
	within(t, "an attempt", func() bool {
		text, _ := m.systemctl("show", "--property=Result", "shop-web.1.service")
		return text == "Result=exit-code\n"
	})
	v.unharmed()
}

// TestAttackSupervisord checks that supervisord, which opens logs as root, does not get a
// directory of the attacker's.
func TestAttackSupervisord(t *testing.T) {
	v := attacked(t)
	for _, dir := range []string{"log", "log/deep", "sticky/new"} {
		c := v.command("export", "supervisord", v.path("out"), "-u", "nobody", "-a", "shop", "-l", v.path(dir))
		if text, err := c.CombinedOutput(); err == nil || !strings.Contains(string(text), "root would open logs in ") {
			t.Errorf("%s: %v: %s", dir, err, text)
		}
	}
}

// TestAttackLocation puts links and directories into a location where all can write.
func TestAttackLocation(t *testing.T) {
	for _, attack := range []string{"ln -s ROOTS sticky/shop-web-1", "mkdir sticky/shop-web-1", "mkdir -p sticky/shop-web-1/env",
		"ln -s ROOTS sticky/shop-web-1.sh", "ln -s /etc/passwd sticky/shop-web-1", "ln -s shop sticky/shop-web-1"} {
		v := attacked(t)
		v.write(".env", "TOKEN=hunter2\n")
		c := exec.Command("/bin/sh", "-c", strings.ReplaceAll(attack, "ROOTS", v.dir))
		c.Dir, c.SysProcAttr = v.root, nobody
		v.must(c.Run())
		for _, format := range []string{"runit", "s6", "inittab"} {
			c := v.command("export", format, v.path("sticky"), "-u", "root", "-a", "shop")
			text, err := c.CombinedOutput()
			if refused := err != nil; refused == (strings.HasSuffix(attack, ".sh") != (format == "inittab")) {
				t.Errorf("%s: %s: %v: %s", attack, format, err, text)
			}
			v.unharmed()
		}
	}
}

// TestAttackSecrets has links to files that only root can read in the place of the app's.
func TestAttackSecrets(t *testing.T) {
	for _, link := range []string{".env", "Procfile", "app", ".env.example"} {
		v := attacked(t)
		v.must(os.Mkdir(v.path("private"), 0o755))
		v.must(os.WriteFile(v.path("private/.env"), []byte("TOKEN=hunter2\n"), 0o600))
		v.must(os.WriteFile(v.path("private/Procfile"), []byte("web: hunter2\n"), 0o600))
		v.must(os.WriteFile(v.path("private/.env.example"), []byte("TOKEN=hunter2\n"), 0o600))
		root := v.path("sticky/app")
		if link == "app" {
			v.link(v.path("private"), root)
		} else {
			v.must(exec.Command("install", "-d", "-o", "nobody", root).Run())
			v.must(os.WriteFile(root+"/Procfile", []byte("web: true\n"), 0o644))
			v.must(exec.Command("rm", "-f", root+"/"+link).Run())
			v.link(v.path("private/"+link), root+"/"+link)
		}
		c := v.command("export", "compose", "-", "-a", "shop", "-d", root)
		if text, err := c.CombinedOutput(); err == nil || strings.Contains(string(text), "hunter2") || !strings.Contains(string(text), "is a link that belongs to nobody") {
			t.Errorf("%s: %v: %s", link, err, text)
		}
		c = v.command("export", "compose", "-", "-a", "shop", "-d", v.path("private"))
		if text, err := c.CombinedOutput(); err != nil {
			t.Errorf("root's own: %v: %s", err, text)
		}
	}
}

// TestAttackLocationLink has a location that is a link of the attacker's.
func TestAttackLocationLink(t *testing.T) {
	v := attacked(t)
	v.link(v.dir, v.path("sticky/out"))
	for _, location := range []string{"sticky/out", "sticky/out/deep"} {
		c := v.command("export", "systemd", v.path(location), "-u", "root", "-a", "shop")
		if text, err := c.CombinedOutput(); err == nil || !strings.Contains(string(text), "it is a link that belongs to nobody") {
			t.Errorf("%s: %v: %s", location, err, text)
		}
		v.unharmed()
	}
	v.must(os.Symlink(v.dir, v.path("ours")))
	if text, err := v.command("export", "systemd", v.path("ours"), "-u", "root", "-a", "shop").CombinedOutput(); err != nil {
		t.Errorf("a link of root's: %v: %s", err, text)
	}
}
