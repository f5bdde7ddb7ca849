package verify

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/core"
)

// checkedHealth has a probe of each kind for the health of a type, alone and with another one for its
// readiness.
var checkedHealth = []string{
	"--ready", "web=tcp", "--health", "web=http://localhost:$PORT/up?a=b", "--health-interval", "20", "--health-interval", "shell=1.5",
	"--ready", "worker=exec:true", "--health", `worker=exec:test "$EMPTY" = "" && echo '$x' %`, "--health-failures", "worker=5",
	"--health", "shell=tcp",
}

// TestHealthOfKubernetes reads the probes for the health of containers.
func TestHealthOfKubernetes(t *testing.T) {
	a := newApp(t)
	all := a.readManifests(a.export("kubernetes", checkedHealth...))
	container := func(typ string) core.Container {
		return all["Deployment/shop-"+typ].(*apps.Deployment).Spec.Template.Spec.Containers[0]
	}
	web, worker, shell := container("web").LivenessProbe, container("worker").LivenessProbe, container("shell").LivenessProbe
	if get := web.HTTPGet; get == nil || get.Path != "/up?a=b" || get.Port.IntValue() != 5000 ||
		web.PeriodSeconds != 20 || web.TimeoutSeconds != 5 || web.FailureThreshold != 3 || web.InitialDelaySeconds != 0 {
		t.Errorf("web: %+v", web)
	}
	if container("web").ReadinessProbe.TCPSocket == nil || container("shell").ReadinessProbe != nil {
		t.Error("the health has changed the readiness")
	}
	if worker.Exec == nil || worker.FailureThreshold != 5 {
		t.Errorf("worker: %+v", worker)
	}
	if shell.TCPSocket == nil || shell.TCPSocket.Port.IntValue() != 5200 || shell.PeriodSeconds != 2 || shell.TimeoutSeconds != 2 || shell.InitialDelaySeconds != 2 {
		t.Errorf("shell: %+v", shell)
	}
}

// TestHealthOfCompose reads the one check that a service has, and runs what it runs.
func TestHealthOfCompose(t *testing.T) {
	a := newApp(t)
	project := a.loadCompose(a.export("compose", checkedHealth...))
	web, worker, shell := project.Services["web"].HealthCheck, project.Services["worker"].HealthCheck, project.Services["shell"].HealthCheck
	if time.Duration(*web.Interval) != 20*time.Second || time.Duration(*web.StartInterval) != 2*time.Second || time.Duration(*web.StartPeriod) != 30*time.Second ||
		!strings.Contains(web.Test[1], "/dev/tcp/") || !strings.Contains(web.Test[1], `"http://localhost:$PORT/up?a=b"`) {
		t.Errorf("web: %+v", web)
	}
	if *worker.Retries != 5 || time.Duration(*worker.Timeout) != 5*time.Second {
		t.Errorf("worker: %+v", worker)
	}
	if shell.StartPeriod != nil || time.Duration(*shell.Interval) != 1500*time.Millisecond || time.Duration(*shell.Timeout) != 1500*time.Millisecond {
		t.Errorf("shell: %+v", shell)
	}
	for value, healthy := range map[string]bool{"": true, "x": false} {
		check := exec.Command("/bin/sh", "-c", worker.Test[1])
		check.Env = []string{"PATH=/usr/bin:/bin", "EMPTY=" + value}
		if err := check.Run(); (err == nil) != healthy {
			t.Errorf("worker with EMPTY=%q: %v", value, err)
		}
	}
}

// TestHealthOfNomad reads the checks of services.
func TestHealthOfNomad(t *testing.T) {
	a := newApp(t)
	job := a.readJob(filepath.Join(a.export("nomad", checkedHealth...), "shop.nomad.hcl"))
	var found []string
	for _, group := range job.TaskGroups {
		for _, service := range group.Services {
			for _, c := range service.Checks {
				found = append(found, strings.Join([]string{*group.Name, c.Name, c.Type, c.Path, c.Interval.String(), c.CheckRestart.Grace.String()}, " "))
				if c.CheckRestart.Limit != 3 {
					t.Errorf("%s: %d failures", *group.Name, c.CheckRestart.Limit)
				}
			}
		}
	}
	if want := []string{"web  tcp  10s 30s", "web health http /up?a=b 20s 30s", "shell health tcp  2s 2s"}; !slices.Equal(found, want) {
		t.Errorf("checks: %q, want %q", found, want)
	}
}
