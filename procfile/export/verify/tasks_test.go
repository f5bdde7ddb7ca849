package verify

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/apis/core"
)

// taskProcfile has a task after a service, one after that, one before a service, and one alone.
const taskProcfile = `web: bin/probe
db: bin/probe
migrate: bin/probe --once
seed: bin/probe --once
lint: bin/probe --once
`

// taskFlags say so. The formation has two instances of seed.
var taskFlags = []string{"-a", "shop", "-m", "all=1,seed=2", "--ready", "migrate=exit", "--ready", "seed=exit", "--ready", "lint=exit",
	"--after", "migrate=db", "--after", "seed=migrate", "--after", "web=seed"}

// newTaskApp makes such an app.
func newTaskApp(t *testing.T) exportable {
	t.Helper()
	a := newApp(t)
	a.write("Procfile", taskProcfile)
	return a
}

// TestComposeTasks reads with Compose's own library what waits for the end of what.
func TestComposeTasks(t *testing.T) {
	a := newTaskApp(t)
	dir := a.export("compose", append(taskFlags, "--restart", "migrate=on-failure", "--restart-limit", "2")...)
	project := a.loadCompose(dir)
	for name, want := range map[string]struct{ restart, after, condition string }{
		"web":     {"no", "seed", types.ServiceConditionCompletedSuccessfully},
		"seed":    {"no", "migrate", types.ServiceConditionCompletedSuccessfully},
		"migrate": {"on-failure:2", "db", types.ServiceConditionStarted},
		"lint":    {"no", "", ""},
	} {
		s := project.Services[name]
		if s.Restart != want.restart || s.DependsOn[want.after].Condition != want.condition {
			t.Errorf("%s: restart %s, depends on %v", name, s.Restart, s.DependsOn)
		}
	}
	if seed := project.Services["seed"]; seed.GetScale() != 2 {
		t.Errorf("%d instances of seed", seed.GetScale())
	}
}

// TestKubernetesTasks reads the Jobs with the code of the API server.
func TestKubernetesTasks(t *testing.T) {
	a := newTaskApp(t)
	all := a.readManifests(a.export("kubernetes", append(taskFlags, "--restart", "migrate=on-failure", "--restart-limit", "2", "--ready-timeout", "90")...))
	for name, want := range map[string]struct {
		policy       core.RestartPolicy
		times, tries int32
	}{
		"seed":    {core.RestartPolicyNever, 2, 0},
		"migrate": {core.RestartPolicyOnFailure, 1, 2},
		"lint":    {core.RestartPolicyNever, 1, 0},
	} {
		job, ok := all["Job/shop-"+name].(*batch.Job)
		if !ok {
			t.Errorf("%s is no Job", name)
			continue
		}
		s := job.Spec
		if s.Template.Spec.RestartPolicy != want.policy || *s.Completions != want.times || *s.Parallelism != want.times ||
			*s.BackoffLimit != want.tries || *s.ActiveDeadlineSeconds != 90 {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if _, ok := all["Deployment/shop-web"]; !ok {
		t.Error("web is no Deployment")
	}
}

// TestNomadTasks reads where in the job the tasks are.
func TestNomadTasks(t *testing.T) {
	a := newTaskApp(t)
	job := a.readJob(filepath.Join(a.export("nomad", append(taskFlags, "--restart", "web=always", "--restart", "db=always")...), "shop.nomad.hcl"))
	var got []string
	for _, group := range job.TaskGroups {
		for _, task := range group.Tasks {
			hook := "main"
			if task.Lifecycle != nil {
				hook = task.Lifecycle.Hook
				if task.Lifecycle.Sidecar || *task.RestartPolicy.Attempts != 0 || *task.RestartPolicy.Mode != "fail" {
					t.Errorf("%s: %+v, %+v", task.Name, task.Lifecycle, task.RestartPolicy)
				}
			}
			got = append(got, *group.Name+":"+task.Name+":"+hook)
		}
	}
	want := "web:migrate:prestart web:seed:prestart web:lint:poststart web:web:main db:db:main"
	if strings.Join(got, " ") != want || *job.Type != "service" {
		t.Errorf("a %s with %v, want %s", *job.Type, got, want)
	}

	a.write("Procfile", "lint: bin/probe --once\nbuild: bin/probe --once\n")
	job = a.readJob(filepath.Join(a.export("nomad", "-a", "shop", "-m", "all=1", "--ready", "lint=exit", "--ready", "build=exit", "--after", "build=lint"), "shop.nomad.hcl"))
	if *job.Type != "batch" || len(job.TaskGroups) != 1 || len(job.TaskGroups[0].Tasks) != 2 || job.TaskGroups[0].Tasks[0].Lifecycle.Hook != "prestart" {
		t.Errorf("tasks alone are a %s of %d groups", *job.Type, len(job.TaskGroups))
	}
}

// TestSystemdTasks lets systemd run tasks, again, and one that fails.
func TestSystemdTasks(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newTaskApp(t)
	dir := a.export("systemd", append(taskFlags, "-u", "nobody")...)
	m := startSystemd(a, dir)
	m.does("start", "shop.target")
	for _, name := range []string{"web.1", "db.1", "migrate.1", "seed.1", "seed.2", "lint.1"} {
		a.isNobody(name, a.await(name))
	}
	a.later("seed.1", "migrate.1")
	a.later("web.1", "seed.1")
	a.later("web.1", "seed.2")
	if text := m.does("show", "-P", "SubState", "shop-seed.1.service"); text != "exited\n" {
		t.Errorf("the task is %s", text)
	}
	a.must(os.Remove(a.path("seen/lint.1")))
	m.does("restart", "shop-lint.1.service")
	a.await("lint.1")
	if text := m.does("is-active", "shop.target", "shop-web.1.service"); text != "active\nactive\n" {
		t.Errorf("after a task was run again the target and web are %s", text)
	}
	m.does("stop", "shop.target")
	a.signalled("web.1", "terminated")
	a.forget()

	a.write("Procfile", strings.Replace(taskProcfile, "migrate: ", "migrate: false ", 1))
	a.export("systemd", append(taskFlags, "-u", "nobody")...)
	m.does("daemon-reload")
	_, _ = m.systemctl("start", "shop.target")
	a.await("lint.1")
	within(t, "the failure", func() bool {
		text, _ := m.systemctl("is-failed", "shop-migrate.1.service")
		return text == "failed\n"
	})
	for _, name := range []string{"seed.1", "web.1"} {
		if _, err := os.Stat(a.path("seen/" + name)); err == nil {
			t.Errorf("%s has started although migrate has failed", name)
		}
	}
}

// TestSystemdAnalyzeTasks lets systemd judge the units of tasks.
func TestSystemdAnalyzeTasks(t *testing.T) {
	analyze := need(t, "systemd-analyze", "systemd")
	a := newTaskApp(t)
	dir := a.export("systemd", append(taskFlags, "-u", "daemon", "--restart", "on-failure", "--restart-limit", "3", "--ready-timeout", "90")...)
	units, _ := filepath.Glob(dir + "/shop*.[st]*")
	c := exec.Command(analyze, append([]string{"--man=no", "verify"}, units...)...)
	c.Env = append(managerEnv(), "XDG_RUNTIME_DIR="+a.root, "HOME="+a.root)
	if text, err := c.CombinedOutput(); err != nil || strings.Contains(string(text), "shop") {
		t.Errorf("systemd-analyze verify: %v: %s", err, text)
	}
}

// TestS6Tasks reads the definitions of oneshots, and executes one as s6-rc does.
func TestS6Tasks(t *testing.T) {
	a := newTaskApp(t)
	dir := a.export("s6", append(taskFlags, "--ready-timeout", "90")...)
	for file, want := range map[string]string{
		"shop-seed-2/type": "oneshot\n", "shop-seed-2/timeout-up": "90000\n", "shop-migrate-1/type": "oneshot\n", "shop-web-1/type": "longrun\n",
	} {
		if text, _ := os.ReadFile(filepath.Join(dir, file)); string(text) != want {
			t.Errorf("%s: %q", file, text)
		}
	}
	for service, want := range map[string][]string{"shop-web-1": {"shop-seed-1", "shop-seed-2"}, "shop-seed-1": {"shop-migrate-1"}, "shop-migrate-1": {"shop-db-1"}} {
		entries, _ := os.ReadDir(filepath.Join(dir, service, "dependencies.d"))
		var got []string
		for _, e := range entries {
			got = append(got, e.Name())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s depends on %v, want %v", service, got, want)
		}
	}
	needRoot(t)
	need(t, "s6-envdir", "s6")
	dir = a.export("s6", append(taskFlags, "-u", "nobody")...)
	up, err := os.ReadFile(dir + "/shop-seed-2/up")
	a.must(err)
	run := exec.Command(need(t, "execlineb", "execline"), "-P", "-c", string(up))
	run.Env = managerEnv()
	if text, err := run.CombinedOutput(); err != nil {
		t.Errorf("up of seed: %v: %s", err, text)
	}
	a.isNobody("seed.2", a.await("seed.2"))
}

// TestTasksRefused exports tasks to the formats that have none: each says so by name.
func TestTasksRefused(t *testing.T) {
	a := newTaskApp(t)
	for _, format := range []string{"launchd", "runit", "supervisord", "upstart", "inittab"} {
		text, err := a.command(append([]string{"export", format, a.path("refused")}, taskFlags...)...).CombinedOutput()
		if err == nil || !strings.HasPrefix(string(text), "reeve: migrate, seed, lint: "+format+" cannot run a task ") {
			t.Errorf("%s: %v: %s", format, err, text)
		}
		if _, err := os.Stat(a.path("refused")); err == nil {
			t.Errorf("%s has written something", format)
		}
	}
}

// TestSystemdTriesAgain checks what is said of a task that fails first and is then done: systemd has
// given up what comes after it.
func TestSystemdTriesAgain(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newTaskApp(t)
	a.write("Procfile", "web: bin/probe\nseed: [ -e seen/tried ] && exec bin/probe --once; touch seen/tried; exit 1\n")
	dir := a.export("systemd", "-a", "shop", "-m", "all=1", "-u", "nobody", "--ready", "seed=exit", "--restart", "seed=on-failure", "--after", "web=seed")
	m := startSystemd(a, dir)
	if _, err := m.systemctl("start", "shop-web.1.service"); err == nil {
		t.Error("web waits for another run of seed: the notice is wrong")
	}
	a.await("seed.1")
}
