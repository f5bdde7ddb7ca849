package verify

import (
	"os"
	"strings"
	"testing"

	"k8s.io/kubernetes/pkg/apis/apps"
)

// commanded is a program that a command stops, and that tells of any signal.
const commanded = `#!/bin/sh
trap 'echo TERM >>seen/signals' TERM
echo $$ >seen/pid
pwd >seen/dir
until [ -e seen/stop ]; do sleep 0.1; done
sleep 1
echo ended >seen/end
`

// TestStopCommandOfSystemd lets systemd stop a process by its command, in the type's directory.
func TestStopCommandOfSystemd(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newAppIn(t, "reeve-verify-")
	a.write("Procfile", "web: bin/commanded\n")
	a.must(os.MkdirAll(a.path("apps/it's/bin"), 0o755))
	a.must(os.Symlink(a.path("seen"), a.path("apps/it's/seen")))
	a.must(os.WriteFile(a.path("apps/it's/bin/commanded"), []byte(commanded), 0o755))
	m := startSystemd(a, a.export("systemd", "-u", "nobody", "-m", "all=1", "-a", "shop", "--dir", "web=apps/it's",
		"--stop-command", `web=echo "$REEVE_PID it's 100%" >seen/command && touch seen/stop`))
	read := func(name string) string {
		text, _ := os.ReadFile(a.path("seen/" + name))
		return string(text)
	}
	m.does("start", "shop.target")
	within(t, "the process", func() bool { return read("dir") != "" })
	m.does("stop", "shop.target")
	within(t, "its end", func() bool { return read("end") != "" })
	if got, want := read("command"), strings.TrimSpace(read("pid"))+" it's 100%\n"; got != want {
		t.Errorf("the command said %q, want %q", got, want)
	}
	if read("signals") != "" || read("dir") != a.path("apps/it's")+"\n" {
		t.Errorf("it has ended with signals %q, in %q", read("signals"), read("dir"))
	}
}

// TestStopCommandOfKubernetes reads the hook.
func TestStopCommandOfKubernetes(t *testing.T) {
	a := newApp(t)
	pod := a.readManifests(a.export("kubernetes", "--stop-command", "web=touch asked; false"))["Deployment/shop-web"].(*apps.Deployment)
	hook := pod.Spec.Template.Spec.Containers[0].Lifecycle.PreStop.Exec.Command
	if want := "REEVE_PID=1 /bin/sh -c 'touch asked; false' || { kill -s TERM 1; }; while kill -s 0 1; do sleep 1; done"; hook[2] != want {
		t.Errorf("the hook is %s, want %s", hook[2], want)
	}
}

// TestDirInImages reads where containers run: an absolute directory is the container's own, any other is
// changed to from that of the image.
func TestDirInImages(t *testing.T) {
	a := newApp(t)
	args := []string{"--dir", "web=apps/it's $X", "--dir", "worker=/srv/jobs", "--ready", "web=exec:true"}
	project := a.loadCompose(a.export("compose", args...))
	if got := strings.Join(project.Services["web"].Command[:4], " "); got != `/bin/sh -c cd "$0" && exec "$@" apps/it's $X` {
		t.Errorf("Compose runs %s", got)
	}
	if check := project.Services["web"].HealthCheck.Test[1]; !strings.HasPrefix(check, `/bin/sh -c 'cd "$0" && exec "$@"' 'apps/it'\''s $X' /bin/sh -c true`) {
		t.Errorf("Compose checks %s", check)
	}
	if dir := project.Services["worker"].WorkingDir; dir != "/srv/jobs" {
		t.Errorf("Compose runs worker in %s", dir)
	}
	b := newApp(t)
	all := b.readManifests(b.export("kubernetes", args...))
	web := all["Deployment/shop-web"].(*apps.Deployment).Spec.Template.Spec.Containers[0]
	if got := strings.Join(all.command(web)[:4], " "); got != `/bin/sh -c cd "$0" && exec "$@" apps/it's $X` {
		t.Errorf("Kubernetes runs %s", got)
	}
	if dir := all["Deployment/shop-worker"].(*apps.Deployment).Spec.Template.Spec.Containers[0].WorkingDir; dir != "/srv/jobs" {
		t.Errorf("Kubernetes runs worker in %s", dir)
	}
}
