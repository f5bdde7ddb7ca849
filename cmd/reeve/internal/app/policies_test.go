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
		o, _, err := settings.Parse("start", []string{"--root", root, "--" + row.Name, value})
		if err != nil {
			t.Fatalf("--%s %s: %v", row.Name, value, err)
		}
		if _, err := Load(o, Request{}); err == nil || !strings.Contains(err.Error(), "nobody") {
			t.Errorf("--%s %s: %v", row.Name, value, err)
		}
	}
}
