package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestS6 lets s6 run the longruns as s6-rc would: s6-rc puts these directories, as they
// are, under s6-svscan. Debian has no s6-rc, so its own reading of the definitions is
// checked by TestS6Definitions.
func TestS6(t *testing.T) {
	svscan := need(t, "s6-svscan", "s6")
	needRoot(t)
	a := newApp(t)
	want := a.reference()
	logs := a.path("log")
	a.must(exec.Command("install", "-d", "-o", "nobody", logs).Run())
	dir := a.export("s6", "-u", "nobody", "-l", logs, "--stop-signal", "web=INT", "--ready", `web=exec:test -e "seen/web.1"`)
	a.noSecrets(dir)
	scan := a.path("scan")
	a.must(os.Mkdir(scan, 0o755))
	services, _ := filepath.Glob(dir + "/shop-*-[0-9]")
	for _, service := range services {
		a.must(os.Symlink(service, filepath.Join(scan, filepath.Base(service))))
	}
	c := exec.Command(svscan, scan)
	c.Env = managerEnv()
	a.start(c, syscall.SIGTERM)
	for _, name := range instances {
		got := a.await(name)
		a.same(name, got, want[name])
		a.isNobody(name, got)
	}
	ready := exec.Command(need(t, "s6-svwait", "s6"), "-U", "-t", "20000", filepath.Join(scan, "shop-web-1"))
	if text, err := ready.CombinedOutput(); err != nil {
		t.Errorf("s6-svwait: %v: %s", err, text)
	}

	up, err := os.ReadFile(dir + "/shop-release/up")
	a.must(err)
	release := exec.Command(need(t, "execlineb", "execline"), "-P", "-c", string(up))
	release.Env = managerEnv()
	if text, err := release.CombinedOutput(); err != nil {
		t.Errorf("up of the release: %v: %s", err, text)
	}
	a.same("release.1", a.await("release.1"), want["release.1"])

	stop := exec.Command(need(t, "s6-svc", "s6"), "-wD", "-T", "20000", "-d", filepath.Join(scan, "shop-web-1"))
	if text, err := stop.CombinedOutput(); err != nil {
		t.Errorf("s6-svc -d: %v: %s", err, text)
	}
	a.signalled("web.1", "interrupt")
}

// TestS6Definitions checks what s6-rc-compile demands of a source: see
// https://skarnet.org/software/s6-rc/s6-rc-compile.html.
func TestS6Definitions(t *testing.T) {
	a := newApp(t)
	dir := a.export("s6", "--after", "web=worker+shell", "--ready", "worker=tcp")
	entries, err := os.ReadDir(dir)
	a.must(err)
	types := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name(), "type"))
		a.must(err)
		types[e.Name()] = string(text)
	}
	for name, typ := range types {
		has := func(file string) bool {
			_, err := os.Stat(filepath.Join(dir, name, file))
			return err == nil
		}
		names := func(sub string) []string {
			var names []string
			entries, _ := os.ReadDir(filepath.Join(dir, name, sub))
			for _, e := range entries {
				names = append(names, e.Name())
			}
			return names
		}
		switch typ {
		case "bundle\n":
			if len(names("contents.d")) == 0 {
				t.Errorf("the bundle %s is empty", name)
			}
		case "longrun\n":
			if !has("run") {
				t.Errorf("%s has nothing to run", name)
			}
		case "oneshot\n":
			if !has("up") {
				t.Errorf("%s has nothing to do", name)
			}
		default:
			t.Errorf("%s is of type %q", name, typ)
		}
		for _, other := range slices.Concat(names("contents.d"), names("dependencies.d")) {
			if types[other] == "" {
				t.Errorf("%s names %s, which is not there", name, other)
			}
		}
	}
	if got := types["user"] + types["shop"]; got != "bundle\nbundle\n" {
		t.Errorf("the bundles: %q", got)
	}
	want := "shop-release shop-shell-1 shop-worker-1 shop-worker-2 shop-worker-3"
	depends, _ := os.ReadDir(dir + "/shop-web-2/dependencies.d")
	var got []string
	for _, e := range depends {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != want {
		t.Errorf("shop-web-2 depends on %q, want %s", got, want)
	}
}
