package verify

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"k8s.io/kubernetes/pkg/apis/batch"
)

// schedules that all formats can write. Worker has them, beside web.
var schedules = []string{
	"0 3 * * *", "*/7 1-5,22 * * *", "0 0 * * 7", "5 4 * jan-mar,dec fri-sun", "0 0 13 * fri", "59 23 29 2 *", "0 0 1-31 * mon", "0 12 */9 * *", "0 0 * * */3", "@monthly", "every 12h",
}

// cronFlags give worker a schedule, and nothing else runs but web.
func cronFlags(schedule string) []string {
	return []string{"-m", "all=0,web=1,worker=1", "--cron", "worker=" + schedule, "--cron-zone", "UTC"}
}

var runsAt = regexp.MustCompile(`worker runs at (?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d)`)

// next is when reeve itself would run worker.
func (a exportable) next(schedule string) time.Time {
	a.t.Helper()
	c := a.command(append([]string{"check"}, cronFlags(schedule)...)...)
	c.Env = append(c.Env, "TZ=UTC")
	text, err := c.CombinedOutput()
	found := runsAt.FindStringSubmatch(string(text))
	if err != nil || found == nil {
		a.t.Fatalf("reeve check: %v: %s", err, text)
	}
	day := found[1]
	if day == "" {
		day = time.Now().UTC().Format(time.DateOnly)
	}
	at, err := time.Parse("2006-01-02 15:04", day+" "+found[2])
	a.must(err)
	return at
}

// calendarTime is the next time in what systemd-analyze calendar says.
var calendarTime = regexp.MustCompile(`(?m)(?:Next elapse|From now|\(in UTC\)): *\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC`)

// TestSystemdCalendars has systemd say when timers elapse.
func TestSystemdCalendars(t *testing.T) {
	analyze := need(t, "systemd-analyze", "systemd")
	for _, schedule := range schedules {
		a := newApp(t)
		dir := a.export("systemd", append(cronFlags(schedule), "-a", "shop")...)
		text, err := os.ReadFile(filepath.Join(dir, "shop-worker.1.timer"))
		a.must(err)
		if strings.HasPrefix(schedule, "every") {
			if !strings.Contains(string(text), "\nOnUnitActiveSec=43200\n") {
				t.Errorf("%s: %s", schedule, text)
			}
			continue
		}
		var first time.Time
		for _, line := range regexp.MustCompile(`(?m)^OnCalendar=(.*)$`).FindAllStringSubmatch(string(text), -1) {
			c := exec.Command(analyze, "calendar", line[1])
			c.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
			said, err := c.CombinedOutput()
			found := calendarTime.FindStringSubmatch(string(said))
			if err != nil || found == nil {
				t.Fatalf("%s: %v: %s", line[1], err, said)
			}
			at, err := time.Parse(time.DateTime, found[1])
			a.must(err)
			if first.IsZero() || at.Before(first) {
				first = at
			}
		}
		if want := a.next(schedule); !first.Equal(want) {
			t.Errorf("%s: systemd says %v, reeve %v: %s", schedule, first, want, text)
		}
	}
}

// TestSystemdAnalyzeTimers has systemd judge all units.
func TestSystemdAnalyzeTimers(t *testing.T) {
	analyze := need(t, "systemd-analyze", "systemd")
	a := newApp(t)
	dir := a.export("systemd", "-u", "daemon", "--cron", "worker=*/15 8-18 1,15 * mon", "--cron", "shell=every 90m", "--cron-zone", "Europe/Berlin", "--after", "worker=web", "--restart", "worker=on-failure", "--restart-limit", "2")
	units, _ := filepath.Glob(dir + "/shop*[etr]")
	c := exec.Command(analyze, append([]string{"--man=no", "verify"}, units...)...)
	if text, err := c.CombinedOutput(); err != nil || strings.Contains(string(text), "shop") {
		t.Errorf("systemd-analyze verify: %v: %s", err, text)
	}
	target, err := os.ReadFile(filepath.Join(dir, "shop.target"))
	a.must(err)
	if !strings.Contains(string(target), "\nWants=shop-web.1.service shop-web.2.service shop-worker.1.timer shop-worker.2.timer shop-worker.3.timer shop-shell.1.timer\n") {
		t.Errorf("the target: %s", target)
	}
}

// TestSystemdTimers has systemd run what has a schedule.
func TestSystemdTimers(t *testing.T) {
	need(t, "systemd", "systemd")
	needRoot(t)
	a := newTaskApp(t)
	m := startSystemd(a, a.export("systemd", "-a", "shop", "-u", "nobody", "-m", "all=0,db=1,lint=1,seed=1", "--cron", "lint=every 2s", "--cron", "seed=* * 1 1 *"))
	m.does("start", "shop.target")
	for range 2 {
		a.isNobody("lint.1", a.await("lint.1"))
		a.must(os.Remove(a.path("seen/lint.1")))
	}
	if text := m.does("is-active", "shop.target", "shop-seed.1.timer", "shop-db.1.service"); text != "active\nactive\nactive\n" {
		t.Errorf("the target, the timer and the service are %s", text)
	}
	if text := m.does("show", "-P", "Result", "shop-lint.1.service"); text != "success\n" {
		t.Errorf("lint.1: %s", text)
	}
	m.does("stop", "shop.target")
	// Who stops the target does not wait for what is stopped along with it.
	within(t, "the end of the timer", func() bool {
		text, _ := m.systemctl("is-active", "shop-lint.1.timer")
		return text == "inactive\n"
	})
}

// TestKubernetesSchedules has the code of the API server judge a CronJob, and the parser that its controller has say when
// it is due.
func TestKubernetesSchedules(t *testing.T) {
	for _, schedule := range schedules {
		a := newApp(t)
		all := a.readManifests(a.export("kubernetes", append(cronFlags(schedule), "-a", "shop", "--restart", "worker=on-failure")...))
		job, ok := all["CronJob/shop-worker"].(*batch.CronJob)
		if !ok {
			t.Fatalf("%s: no CronJob: %v", schedule, all)
		}
		if s := job.Spec; s.ConcurrencyPolicy != batch.ForbidConcurrent || *s.StartingDeadlineSeconds != 60 || *s.TimeZone != "UTC" {
			t.Errorf("%s: %+v", schedule, s)
		}
		if _, ok := all["Deployment/shop-worker"]; ok {
			t.Error("it is kept running as well")
		}
		due, err := cron.ParseStandard(job.Spec.Schedule)
		a.must(err)
		if strings.HasPrefix(schedule, "every") {
			continue
		}
		if at, want := due.Next(time.Now().UTC()), a.next(schedule); !at.Equal(want) {
			t.Errorf("%s: %s is due at %v, by reeve at %v", schedule, job.Spec.Schedule, at, want)
		}
	}
}

// TestNomadSchedules reads the job with Nomad's types, whose reader of schedules says when it is due.
func TestNomadSchedules(t *testing.T) {
	for _, schedule := range schedules {
		a := newApp(t)
		dir := a.export("nomad", append(cronFlags(schedule), "-a", "shop")...)
		if job := a.readJob(filepath.Join(dir, "shop.nomad.hcl")); job.Periodic != nil || len(job.TaskGroups) != 1 {
			t.Errorf("the job of web: %+v", job)
		}
		job := a.readJob(filepath.Join(dir, "shop-worker.nomad.hcl"))
		p := job.Periodic
		if p == nil || *p.ProhibitOverlap != true || *p.TimeZone != "UTC" || *job.Type != "batch" || *job.ID != "shop-worker" {
			t.Fatalf("%s: %+v", schedule, job)
		}
		p.Canonicalize()
		at, err := p.Next(time.Now().UTC())
		a.must(err)
		if strings.HasPrefix(schedule, "every") {
			continue
		}
		if want := a.next(schedule); !at.Equal(want) {
			t.Errorf("%s: %v is due at %v, by reeve at %v", schedule, p.Specs, at, want)
		}
	}
}

// TestCrontab has cron judge its lines, and executes what stands in them.
func TestCrontab(t *testing.T) {
	needRoot(t)
	crontab := need(t, "crontab", "cron")
	a := newAppIn(t, "reeve-verify-")
	want := a.reference()
	logs := a.path("log")
	a.must(exec.Command("install", "-d", "-o", "nobody", logs).Run())
	var flags []string
	for n, typ := range []string{"web", "worker", "shell"} {
		flags = append(flags, "--cron", fmt.Sprintf("%s=%d 3 * jan-dec 5-7", typ, n))
	}
	dir := a.export("crontab", append(flags, "-u", "nobody", "-l", logs)...)
	a.mode(filepath.Join(dir, "shop.env"), 0o600)
	a.noSecrets(dir)
	text, err := os.ReadFile(filepath.Join(dir, "shop.crontab"))
	a.must(err)
	found := regexp.MustCompile(`(?m)^(\d 3 \* \* 0,5,6) nobody (/.*)$`).FindAllStringSubmatch(string(text), -1)
	if len(found) != len(instances) {
		t.Errorf("%d lines for %d instances: %s", len(found), len(instances), text)
	}
	for n, line := range found {
		c := exec.Command(line[2])
		c.Dir, c.Env, c.SysProcAttr = "/", managerEnv(), nobody
		a.run(instances[n], c, want[instances[n]])
		_ = os.WriteFile(a.path("lines"), []byte(line[1]+" "+line[2]+"\n"), 0o644)
		if said, err := exec.Command(crontab, "-n", a.path("lines")).CombinedOutput(); err != nil {
			t.Errorf("crontab -n: %v: %s", err, said)
		}
	}
}

// TestCrontabOverlaps checks that a script does not run beside itself.
func TestCrontabOverlaps(t *testing.T) {
	need(t, "flock", "util-linux")
	a := newAppIn(t, "reeve-verify-")
	a.write("Procfile", "web: touch seen/up && exec sleep 100\nworker: true\nshell: true\nunused: true\nrelease: true\n")
	dir := a.export("crontab", "--user-units", "-a", "shop", "--cron", "web=@daily")
	script := filepath.Join(dir, "shop-web-1.sh")
	first := exec.Command(script)
	a.must(first.Start())
	defer func() { _ = first.Process.Kill(); _ = first.Wait() }()
	within(t, "the first run", func() bool { _, err := os.Stat(a.path("seen/up")); return err == nil })
	text, err := exec.Command("timeout", "60", script).CombinedOutput()
	if err != nil || string(text) != "web.1 is due, but its last run is not over: skipped\n" {
		t.Errorf("the second run: %v: %s", err, text)
	}
}

// TestSchedulesRefused checks that formats without schedules say so, and that nothing is written which
// other readers take for something else.
func TestSchedulesRefused(t *testing.T) {
	for _, format := range []string{"launchd", "runit", "s6", "supervisord", "upstart", "inittab", "compose"} {
		a := newApp(t)
		text, err := a.command(append([]string{"export", format, a.path("out")}, cronFlags("@daily")...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(text), "worker: "+format+" cannot start anything on a schedule: use --exclude worker, or export to systemd, crontab, kubernetes, nomad") {
			t.Errorf("%s: %v: %s", format, err, text)
		}
	}
	for _, format := range []string{"crontab", "kubernetes", "nomad"} {
		for schedule, want := range map[string]string{"every 30s": "cannot be written as times of day", "0 0 */2 * mon": "days that match both fields"} {
			a := newApp(t)
			text, err := a.command(append([]string{"export", format, a.path("out")}, cronFlags(schedule)...)...).CombinedOutput()
			if err == nil || !strings.Contains(string(text), want) {
				t.Errorf("%s: %s: %v: %s", format, schedule, err, text)
			}
		}
	}
}
