package verify

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// loadCompose reads a project as Docker Compose does.
func (a exportable) loadCompose(dir string) *types.Project {
	a.t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(dir, "compose.yaml")},
		cli.WithWorkingDirectory(dir), cli.WithEnv([]string{"X=wrong", "PORT=wrong", "HOME=wrong"}), cli.WithResolvedPaths(true))
	a.must(err)
	project, err := options.LoadProject(context.Background())
	a.must(err)
	return project
}

// TestCompose reads the project with Compose's own library.
func TestCompose(t *testing.T) {
	a := newApp(t)
	want := a.reference()
	dir := a.export("compose", "-u", "1000", "--image", "registry.example.com/shop:v1.2", "--stop-signal", "web=INT", "--timeout", "90",
		"--restart", "worker=on-failure", "--restart", "shell=always", "--restart-limit", "3", "--run", "/run/shop",
		"--ready", "web=http://localhost:$PORT/health", "--ready", `worker=exec:test "$EMPTY" = "" && echo '$x' %`, "--after", "web=worker+shell")
	a.mode(filepath.Join(dir, "shop.env"), 0o600)
	a.noSecrets(dir)
	project := a.loadCompose(dir)
	if project.Name != "shop" {
		t.Errorf("the project is called %s", project.Name)
	}
	for name, instance := range map[string]string{"web": "web.1", "worker": "worker.1", "release": "release.1", "shell": "shell.1"} {
		service, err := project.GetService(name)
		a.must(err)
		env := map[string]string{}
		for key, value := range service.Environment {
			env[key] = *value
		}
		reference := want[instance].environ()
		reference["PS"] = name
		a.sameEnv(name, env, reference)
		if service.Entrypoint == nil || len(service.Entrypoint) != 0 {
			t.Errorf("%s: the image's entrypoint is not reset: %q", name, service.Entrypoint)
		}
		a.sameCommand(name, service.Command, env, want[instance].Args)
		if service.Image != "registry.example.com/shop:v1.2" || service.User != "1000" || time.Duration(*service.StopGracePeriod) != 90*time.Second {
			t.Errorf("%s: %s, %s, %s", name, service.Image, service.User, service.StopGracePeriod)
		}
	}
	web, worker, shell := project.Services["web"], project.Services["worker"], project.Services["shell"]
	if web.StopSignal != "SIGINT" || worker.StopSignal != "SIGTERM" || web.GetScale() != 2 || worker.GetScale() != 3 {
		t.Errorf("signals %s and %s, replicas %d and %d", web.StopSignal, worker.StopSignal, web.GetScale(), worker.GetScale())
	}
	if web.Restart != "no" || worker.Restart != "on-failure:3" || shell.Restart != "always" || project.Services["release"].Restart != "no" {
		t.Errorf("restarts %s, %s, %s", web.Restart, worker.Restart, shell.Restart)
	}
	if p := web.Ports; len(p) != 1 || p[0].Published != "5000-5001" || p[0].Target != 5000 || len(worker.Ports) != 0 {
		t.Errorf("ports %+v, %+v", p, worker.Ports)
	}
	conditions := map[string]string{}
	for name, d := range web.DependsOn {
		conditions[name] = d.Condition
	}
	if conditions["release"] != types.ServiceConditionCompletedSuccessfully || conditions["worker"] != types.ServiceConditionHealthy ||
		conditions["shell"] != types.ServiceConditionStarted || len(conditions) != 3 {
		t.Errorf("web depends on %v", conditions)
	}
	if check := web.HealthCheck; !slices.Contains(check.Test, "CMD-SHELL") || !strings.Contains(check.Test[1], `"http://localhost:$PORT/health"`) {
		t.Errorf("health of web: %q", check.Test)
	}
	if got := worker.HealthCheck.Test[1]; got != `/bin/sh -c 'test "$EMPTY" = "" && echo '\''$x'\'' %' >/dev/null 2>&1` {
		t.Errorf("health of worker: %s", got)
	}
	if !slices.Equal(web.Tmpfs, []string{"/run/shop"}) {
		t.Errorf("tmpfs %v", web.Tmpfs)
	}
}

// TestComposeWatch reads what docker compose watch would do.
func TestComposeWatch(t *testing.T) {
	a := newApp(t)
	dir := a.export("compose", "-u", "1000", "--watch", "web=src/**/*.{rb,erb},config,!**/*_test.rb", "--watch", "worker=.")
	project := a.loadCompose(dir)
	web, worker := project.Services["web"], project.Services["worker"]
	if web.Build == nil || web.Build.Context != a.root || project.Services["shell"].Develop != nil || project.Services["shell"].Build != nil {
		t.Fatalf("build of web: %+v, of shell: %+v", web.Build, project.Services["shell"].Build)
	}
	want := []types.Trigger{
		{Action: types.WatchActionRebuild, Path: filepath.Join(a.root, "src"), Include: []string{"**/*.rb", "**/*.erb"}, Ignore: []string{"**/*_test.rb"}},
		{Action: types.WatchActionRebuild, Path: filepath.Join(a.root, "config"), Ignore: []string{"**/*_test.rb"}},
	}
	if got := web.Develop.Watch; !reflect.DeepEqual(got, want) {
		t.Errorf("web: %+v, want %+v", got, want)
	}
	if got := worker.Develop.Watch; len(got) != 1 || got[0].Path != a.root || got[0].Include != nil {
		t.Errorf("worker: %+v", got)
	}
	if none := a.loadCompose(a.export("compose", "-u", "1000", "--watch", "web=src", "--no-watch")); none.Services["web"].Develop != nil {
		t.Errorf("with --no-watch: %+v", none.Services["web"].Develop)
	}
}
