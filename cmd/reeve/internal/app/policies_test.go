package app

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile"
	"reeve/supervisor"
)

// optionsOf reads a command line of start.
func optionsOf(t *testing.T, args ...string) *settings.Options {
	t.Helper()
	t.Chdir(t.TempDir()) // where there are no settings
	o, _, err := settings.Parse("start", args)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestSpec(t *testing.T) {
	o := optionsOf(t, "-t", "web=30s,2", "--stop-signal", "web=INT", "--restart", "on-failure,clock=never",
		"--restart-limit", "3", "--can-die", "clock", "--after", "web=db+clock", "--ready", "db=tcp", "--ready-timeout", "7")
	web, clock, db := o.Spec("web.2", "web"), o.Spec("clock.1", "clock"), o.Spec("db.1", "db")
	if web.Name != "web.2" || web.Type != "web" || web.Grace != 30*time.Second || web.Stop != syscall.SIGINT ||
		web.Restart != supervisor.RestartOnFailure || web.RestartLimit != 3 || web.CanDie || web.Probed ||
		strings.Join(web.After, " ") != "db clock" {
		t.Errorf("%+v", web)
	}
	if clock.Grace != 2*time.Second || clock.Stop != syscall.SIGTERM || clock.Restart != supervisor.RestartNever || !clock.CanDie || clock.After != nil {
		t.Errorf("%+v", clock)
	}
	if !db.Probed || db.ReadyTimeout != 7*time.Second || db.CanDie {
		t.Errorf("%+v", db)
	}
	if o := optionsOf(t, "--can-die", "clock,all"); !o.Spec("web.1", "web").CanDie {
		t.Error("all may die, and web may not")
	}
}

// TestTaskSpec looks at what a task is to the supervisor, and what release is.
func TestTaskSpec(t *testing.T) {
	o := optionsOf(t, "--ready", "assets=exit", "--ready", "web=tcp", "--restart", "always", "--restart", "assets=on-failure")
	assets, web, release := o.Spec("assets.1", "assets"), o.Spec("web.1", "web"), o.Spec("release.1", "release")
	if !assets.Task || assets.Probed || assets.ReadyTimeout != 0 || assets.Restart != supervisor.RestartOnFailure {
		t.Errorf("%+v", assets)
	}
	if web.Task || !web.Probed || web.ReadyTimeout != 30*time.Second {
		t.Errorf("%+v", web)
	}
	if !release.Task || release.Restart != supervisor.RestartNever {
		t.Errorf("%+v", release)
	}
	if !o.ReadsNothing("assets") || !o.ReadsNothing("release") || o.ReadsNothing("web") {
		t.Error("the wrong ones have an empty input")
	}
	o = optionsOf(t, "--ready", "assets=exit", "--ready-timeout", "7", "--stdin", "assets=open", "--ready", "release=tcp")
	if s := o.Spec("assets.1", "assets"); s.ReadyTimeout != 7*time.Second || o.ReadsNothing("assets") {
		t.Errorf("%+v", s)
	}
	if s := o.Spec("release.1", "release"); s.Task || !s.Probed {
		t.Errorf("%+v", s)
	}
}

// TestCheckTasks finds tasks that would never be done. What is said of all types matters of those
// that run.
func TestCheckTasks(t *testing.T) {
	root := appWith(t, map[string]string{"Procfile": "web: a\nassets: b\nrelease: c\n"}).Root
	for _, tt := range []struct {
		args string
		bad  []string
	}{
		{"--ready assets=exit", nil},
		{"--ready assets=exit --restart on-failure", nil},
		{"--ready assets=exit --restart assets=always", []string{"assets"}},
		{"--ready assets=exit --restart always", []string{"assets"}},
		{"--ready assets=exit --restart always,assets=never", nil},
		{"--ready assets=exit --restart always -x assets", nil},
		{"--ready assets=exit --restart assets=always -x assets", []string{"assets"}},
		{"--restart always -m release=1", nil},
		{"--restart release=always", []string{"release"}},
		{"--ready release=log:x --restart release=always", nil},
	} {
		o, _, err := settings.Parse("start", append(strings.Fields(tt.args), "--root", root))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Load(o, Request{})
		var want []string
		for _, typ := range tt.bad {
			want = append(want, "--restart: "+endlessTaskText(typ))
		}
		if text := strings.Join(want, "\n"); err == nil && text != "" || err != nil && err.Error() != text {
			t.Errorf("%s: %v, want %q", tt.args, err, text)
		}
	}
}

// TestAddRelease looks at when release is part of the formation since a type comes after it.
func TestAddRelease(t *testing.T) {
	root := appWith(t, map[string]string{"Procfile": "web: a\nworker: b\nrelease: c\n"}).Root
	for args, want := range map[string]int{
		"--after web=release":              1,
		"--after web=release -m web=0":     0,
		"--after web=release -m release=0": 0,
		"--after web=release -m release=2": 2,
		"--after web=release -x release":   0,
		"--after web=release --release":    0,
		"--after web=worker":               0,
	} {
		o, _, err := settings.Parse("start", append(strings.Fields(args), "--root", root))
		if err != nil {
			t.Fatal(err)
		}
		a, err := Load(o, Request{})
		if err != nil || a.Formation.Count("release") != want {
			t.Errorf("%s: %d instances of release, %v", args, a.Formation.Count("release"), err)
		}
	}
}

func TestCheckTypes(t *testing.T) {
	p, err := procfile.Parse("Procfile", []byte("web: a\nworker: b\ndb: c\nredis: d\nclock: e\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, want string }{
		{"", ""},
		{"--can-die all --after web=db+redis,worker=db --ready db=tcp -t web=3", ""},
		{"-t wbe=3", `--timeout: Procfile has no process type "wbe": did you mean web?`},
		{"--stop-signal nope=INT", `--stop-signal: Procfile has no process type "nope": it has web, worker, db, redis, clock`},
		{"--restart all=always", `--restart: Procfile has no process type "all": `},
		{"--can-die web,dbb", `--can-die: Procfile has no process type "dbb": did you mean db?`},
		{"--ready wev=tcp", `--ready: Procfile has no process type "wev": did you mean web?`},
		{"--after web=dbb,wb=dbb", `--after: Procfile has no process type "dbb": did you mean db?` + "\n" + `--after: Procfile has no process type "wb": `},
		{"--after web=web", "--after: a cycle, so nothing can start first: web comes after web"},
		{"--after web=db --after db=web", "--after: a cycle, so nothing can start first: db comes after web comes after db"},
		{"--after clock=web,web=db,db=redis,redis=worker,worker=web", "--after: a cycle, so nothing can start first: web comes after db comes after redis comes after worker comes after web"},
		{"--after web=x,db=db", `--after: Procfile has no process type "x": ` + "it has web, worker, db, redis, clock\n--after: a cycle, so nothing can start first: db comes after db"},
	} {
		a := &App{Procfile: p, Settings: optionsOf(t, strings.Fields(tt.args)...)}
		err := errors.Join(a.checkTypes(), checkOrder(a.Settings.After))
		switch {
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)):
			t.Errorf("%s:\n%v\nwant\n%s", tt.args, err, tt.want)
		}
	}
}

// TestTypesAreKnown walks the flags about process types: each reports one that the
// Procfile does not have.
func TestTypesAreKnown(t *testing.T) {
	root := appWith(t, map[string]string{"Procfile": "web: true\n"}).Root
	for _, row := range settings.Rows(settings.OnStart) {
		if !row.Arg.ForTypes() {
			continue
		}
		value := "nobody"
		if !row.Arg.IsTypes() {
			value += "=" + append(row.Arg.Of.Words, "1")[0]
		}
		if row.Arg.Defines() {
			value = "some=nobody"
		}
		o, _, err := settings.Parse("start", []string{"--root", root, "--" + row.Name, value})
		if err != nil {
			t.Fatalf("--%s %s: %v", row.Name, value, err)
		}
		if _, err := Load(o, Request{}); err == nil || !strings.Contains(err.Error(), "nobody") {
			t.Errorf("--%s %s: %v", row.Name, value, err)
		}
	}
}
