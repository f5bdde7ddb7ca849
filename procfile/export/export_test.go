package export

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/procfile/schedule"
)

var update = flag.Bool("update", false, "write the golden files")

// entry makes a type of a command, with ports 100 apart.
func entry(name, command string, count, port int) Type {
	lookup := func(name string) (string, bool) { return "1", name == "PORT" || name == "WORST" }
	words, assign := procfile.Words(command, lookup)
	t := Type{
		Name: name, Command: command, Words: words, Port: port,
		Signal: "TERM", Grace: 5 * time.Second, Restart: "never", ReadyTimeout: 30 * time.Second,
	}
	if words != nil && len(words[0]) == 1 && words[0][0].Variable == "" {
		t.Program = "/srv/shop/" + words[0][0].Text
	}
	for _, a := range assign {
		key, value, _ := strings.Cut(a, "=")
		t.Assign = append(t.Assign, Variable{Key: key, Value: value})
	}
	for n := range count {
		t.Instances = append(t.Instances, instance(name, n+1, port))
	}
	return t
}

func instance(typ string, n, port int) Instance {
	name := procfile.InstanceName(typ, n)
	return Instance{Name: name, Number: n, Env: []Variable{
		{Key: "PORT", Value: string(rune('0'+port/1000)) + "00" + string(rune('0'+n-1))},
		{Key: "PS", Value: name},
		{Key: "REEVE_PORT_WEB", Value: "5000"},
	}}
}

// plainApp is an app of which nothing is said but what it is.
func plainApp() App {
	return App{
		Name: "shop", Root: "/srv/shop", Location: "/etc/somewhere", User: "shop",
		Types: []Type{entry("web", "bin/server", 1, 5000)},
	}
}

// fullApp is an app of which everything is said.
func fullApp() App {
	a := plainApp()
	a.Log, a.Run, a.Image, a.Namespace = "/var/log/all shops", "/run/shop", "registry.example.com/shop:v1", "shops"
	web := entry("web", `bin/server --port $PORT '100% $5' "it's"`, 2, 5000)
	web.Listens, web.After, web.Signal, web.Restart, web.Grace = true, []string{"worker"}, "INT", "always", 90*time.Second
	web.Ready = &Probe{Probe: probe.Probe{Kind: "http", Text: "http://localhost:$PORT/health?a=b"}}
	worker := entry("worker", `MODE='a b %' bin/work "$WORST"`, 3, 6000)
	worker.Restart, worker.Limit, worker.Ready = "on-failure", 4, &Probe{Probe: probe.Probe{Kind: "tcp", Text: "localhost:$PORT"}}
	shell := entry("shell", `cd jobs && ./run --at %h "${WORST:-x}" '{{' # $5; #6 | cat`, 1, 7000)
	shell.CanDie, shell.Ready, shell.Grace = true, &Probe{Probe: probe.Probe{Kind: "exec", Text: `test -e '$x' && echo 100%`}}, 1500*time.Millisecond
	healthy := func(kind, text string) *Probe { return &Probe{Probe: probe.Probe{Kind: kind, Text: text}} }
	web.Health, web.HealthInterval, web.HealthFailures = healthy("http", "http://localhost:$PORT/up?c=d"), 20*time.Second, 5
	worker.Health, worker.HealthInterval, worker.HealthFailures = worker.Ready, 500*time.Millisecond, 3
	shell.Health, shell.HealthInterval, shell.HealthFailures = healthy("exec", `test -e '$y' && echo 50%`), time.Minute, 1
	worker.StopCommand, shell.StopCommand = `kill -s QUIT $REEVE_PID`, `docker stop "it's" 100% && sleep 1`
	worker.Dir, shell.Dir = `apps/it's`, "/srv/all jobs"
	release := entry("release", "bin/migrate --all", 1, 5000)
	a.Types, a.Release = []Type{web, worker, shell}, &release
	a.Env = []Variable{
		{Key: "API_TOKEN", Value: "hunter2 $ %", Secret: true},
		{Key: "EMPTY", Value: ""},
		{Key: "WORST", Value: " \t\"'`\\ \\n %p %% $X ${X} $$ #x ; {{x}} %{x} é 😀\na\\\n=\\"},
	}
	return a
}

// tasksApp has tasks before services, before each other, twice, and alone.
func tasksApp() App {
	a := plainApp()
	task := func(name string, count int, after ...string) Type {
		t := entry(name, "bin/"+name, count, 5100)
		t.Ready, t.After, t.ReadyTimeout = &Probe{Probe: probe.Probe{Kind: probe.Exit}}, after, 0
		return t
	}
	web, db := entry("web", "bin/server --port $PORT", 2, 5000), entry("db", "bin/db", 1, 5600)
	web.Listens, web.After, web.Restart, db.Restart = true, []string{"seed", "assets", "db"}, "always", "always"
	migrate := task("migrate", 1, "db")
	migrate.Restart, migrate.Limit, migrate.ReadyTimeout = "on-failure", 3, 90*time.Second
	a.Types = []Type{web, db, task("assets", 2), migrate, task("seed", 1, "migrate"), task("warm", 1, "web"), task("lint", 1)}
	return a
}

// onlyTasksApp has nothing that is to stay.
func onlyTasksApp() App {
	a := tasksApp()
	lint, test, build := a.Type("lint"), a.Type("lint"), a.Type("lint")
	test.Name, test.Restart = "test", "on-failure"
	build.Name, build.After = "build", []string{"lint", "test"}
	for _, t := range []*Type{&test, &build} {
		t.Instances = []Instance{instance(t.Name, 1, 5100)}
	}
	a.Types = []Type{lint, test, build}
	return a
}

// cronApp has schedules of all kinds beside a service.
func cronApp() App {
	a := plainApp()
	a.Zone = "Europe/Berlin"
	timed := func(name, text string) Type {
		t := entry(name, "bin/"+name+" '100%'", 1, 5100)
		t.Schedule, _ = schedule.Parse(text)
		t.ReadyTimeout = 0
		return t
	}
	web, clean, report, soon := entry("web", "bin/server --port $PORT", 1, 5000), timed("clean", "0 3 * jan-mar 7"), timed("report", "*/15 8-18 1,15 * mon"), timed("soon", "every 5m")
	web.Listens, web.Restart = true, "always"
	report.After, report.Restart, report.Limit, report.ReadyTimeout = []string{"web"}, "on-failure", 3, 90*time.Second
	report.Instances = append(report.Instances, instance("report", 2, 5101))
	a.Types, a.Env = []Type{web, clean, report, soon}, fullApp().Env
	return a
}

// TestGolden compares what every format writes with what it is known to write.
func TestGolden(t *testing.T) {
	user := fullApp()
	user.Units, user.User, user.Log = "user", "", ""
	for _, test := range []struct {
		name   string
		app    App
		format []string
	}{
		{"plain", plainApp(), nil},
		{"full", fullApp(), nil},
		{"user", user, []string{"systemd"}},
		{"tasks", tasksApp(), withTasks()},
		{"only_tasks", onlyTasksApp(), withTasks()},
		{"cron", cronApp(), withSchedules()},
	} {
		for _, f := range Formats {
			if test.format != nil && !slices.Contains(test.format, f.Name) {
				continue
			}
			files, notices, err := f.Export(test.app, nil)
			if err != nil {
				t.Errorf("%s of %s: %v", f.Name, test.name, err)
			}
			files = append(files, File{Path: "NOTICES", Mode: 0o644, Content: []byte(strings.Join(append(notices, f.Next(test.app), ""), "\n"))})
			golden(t, filepath.Join("testdata", "golden", f.Name, test.name), files)
		}
	}
}

// golden compares files with those of a directory, in one of which they stand all.
func golden(t *testing.T, path string, files []File) {
	t.Helper()
	var all bytes.Buffer
	for _, file := range files {
		all.WriteString("-- " + file.Path + " " + file.Mode.String() + " " + file.Owner + " --\n")
		all.Write(file.Content)
	}
	path += ".txt"
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, all.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(want, all.Bytes()) {
		t.Errorf("%s differs (%v): go test ./procfile/export -update, and look at the difference", path, err)
	}
}

// TestSecrets checks that only private files have secrets in them, in every format.
func TestSecrets(t *testing.T) {
	for _, f := range Formats {
		files, notices, err := f.Export(fullApp(), nil)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			has := bytes.Contains(file.Content, []byte("hunter2"))
			found = found || has
			if has && file.Mode&0o077 != 0 {
				t.Errorf("%s: %s has a secret in it and the mode %v", f.Name, file.Path, file.Mode)
			}
		}
		if !found {
			t.Errorf("%s: the secret is nowhere", f.Name)
		}
		if strings.Contains(strings.Join(notices, ""), "hunter2") {
			t.Errorf("%s: a notice has a secret in it: %q", f.Name, notices)
		}
	}
}

// TestMarked checks that every script, unit and manifest can be told from others.
func TestMarked(t *testing.T) {
	for _, f := range Formats {
		files, _, _ := f.Export(fullApp(), nil)
		tops := map[string]bool{}
		for _, file := range files {
			top, _, _ := strings.Cut(file.Path, "/")
			tops[top] = tops[top] || f.isMarked("shop", file.Content)
			if f.isMarked("sho", file.Content) || f.isMarked("shop2", file.Content) {
				t.Errorf("%s: %s is taken for another app's", f.Name, file.Path)
			}
		}
		for top, marked := range tops {
			if !marked && top != "user" && top != "shop" && top != "shop.nv.json" {
				t.Errorf("%s: %s is not marked", f.Name, top)
			}
		}
	}
}

// TestOwns checks which files in a directory are taken for an app's.
func TestOwns(t *testing.T) {
	types := []string{"web", "worker"}
	mark := func(format, app string) []byte { return []byte("# " + marker(format, app) + "\n") }
	for _, test := range []struct {
		format, name string
		text         []byte
		want         bool
	}{
		{"systemd", "shop-web.9.service", nil, true},
		{"systemd", "shop-gone.1.service", mark("systemd", "shop"), true},
		{"systemd", "shop-gone.1.service", []byte("# written by reeve export systemd for the app shop; the next export writes it anew\n"), true},
		{"systemd", "shop-gone.1.service", nil, false},
		{"systemd", "shop-gone.1.service", mark("systemd", "shop-gone"), false},
		{"systemd", "shop-web.service", nil, false},
		{"systemd", "shop-web.x.service", nil, false},
		{"systemd", "shop-web.1.service.d", nil, false},
		{"systemd", "shop2-web.1.service", nil, false},
		{"systemd", "shop-admin-web.1.service", nil, false},
		{"systemd", "shopweb.1.service", nil, false},
		{"systemd", "other.target", nil, false},
		{"systemd", "shop.target", nil, false},
		{"systemd", "shop.target", mark("systemd", "shop"), true},
		{"systemd", "shop.env", []byte("FOO=1"), false},
		{"systemd", "shop.env", mark("systemd", "shop"), true},
		{"runit", "shop-worker-12", nil, true},
		{"runit", "shop-worker", nil, false},
		{"runit", "shop-gone-1", mark("runit", "shop"), true},
		{"upstart", "shop-web-3.conf", nil, true},
		{"upstart", "shop-web.conf", nil, true},
		{"upstart", "shop-x-3.conf", nil, false},
		{"kubernetes", "shop-secret.yaml", nil, false},
		{"kubernetes", "shop-secret.yaml", mark("kubernetes", "shop"), true},
		{"kubernetes", "shop-ingress.yaml", nil, false},
		{"nomad", "shop.nomad.hcl", nil, false},
		{"nomad", "shop.nomad.hcl", mark("nomad", "shop"), true},
		{"nomad", "shop.nv.json", []byte("{}"), false},
		{"nomad", "shop.nv.json", []byte("{\n  \"Path\": \"nomad/jobs/shop\""), true},
	} {
		f, _ := Lookup(test.format)
		if got := f.Owns("shop", types, test.name, func() []byte { return test.text }); got != test.want {
			t.Errorf("%s: Owns(%s) = %v", test.format, test.name, got)
		}
	}
}

// TestTemplates checks that a user's templates stand in for reeve's.
func TestTemplates(t *testing.T) {
	f, _ := Lookup("systemd")
	own := fstest.MapFS{"process.service.tmpl": {Data: []byte("# {{.Marker}}\nExecStart={{.Type.ExecStart}} of {{.Instance.Name}}\n")}}
	files, _, err := f.Export(plainApp(), own)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(files, func(f File) bool { return f.Path == "shop-web.1.service" })
	if want := "ExecStart=/srv/shop/bin/server of web.1\n"; !strings.HasSuffix(string(files[at].Content), want) {
		t.Errorf("%s, want %s", files[at].Content, want)
	}
	for _, test := range []struct {
		fs   fs.FS
		want string
	}{
		{fstest.MapFS{"other.tmpl": {}}, "no template for systemd found: their names are env.tmpl, master.target.tmpl, "},
		{fstest.MapFS{"env.tmpl": {Data: []byte("{{")}}, "cannot use the template env.tmpl: "},
		{fstest.MapFS{"process.service.tmpl": {Data: []byte("{{.Nothing}}")}}, "cannot create shop-web.1.service: "},
	} {
		if _, _, err := f.Export(fullApp(), test.fs); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

// TestHolds checks that what a format cannot carry is left out, and said.
func TestHolds(t *testing.T) {
	for _, test := range []struct {
		format string
		v      Variable
		want   string
	}{
		{"systemd", Variable{Key: "CR", Value: "a\rb"}, `"CR" is left out: systemd allows no control characters but tabs and newlines`},
		{"systemd", Variable{Key: "A.B", Value: "x"}, `"A.B" is left out: systemd does not allow such names`},
		{"systemd", Variable{Key: "RAW", Value: "\xff"}, `"RAW" is left out: systemd allows only UTF-8`},
		{"systemd", Variable{Key: "UID", Value: "x"}, ""},
		{"supervisord", Variable{Key: "UID", Value: "x"}, `"UID" is left out: bash does not allow it to be set`},
		{"inittab", Variable{Key: "A.B", Value: "x"}, `"A.B" is left out: shells do not allow such names`},
		{"launchd", Variable{Key: "RAW", Value: "\xff\x01\r"}, ""},
		{"runit", Variable{Key: "A.B", Value: "\xff\r"}, ""},
		{"s6", Variable{Key: "A.B", Value: "\xff\r"}, ""},
		{"compose", Variable{Key: "A.B", Value: "\r"}, ""},
		{"compose", Variable{Key: "RAW", Value: "\xff"}, `"RAW" is left out: it is not UTF-8`},
		{"kubernetes", Variable{Key: "A-B.c", Value: "\r"}, ""},
		{"kubernetes", Variable{Key: "A B", Value: "x"}, `"A B" is left out: such a name is not allowed in Kubernetes`},
		{"nomad", Variable{Key: "A-B", Value: "x"}, `"A-B" is left out: such a name is not allowed in Nomad`},
	} {
		f, _ := Lookup(test.format)
		a := plainApp()
		a.Env = []Variable{test.v}
		_, notices, err := f.Export(a, nil)
		left := slices.IndexFunc(notices, func(n string) bool { return strings.Contains(n, "is left out: ") && strings.HasPrefix(n, `"`) })
		switch {
		case err != nil:
			t.Errorf("%s: %v", test.format, err)
		case left >= 0 && notices[left] != test.want, left < 0 && test.want != "":
			t.Errorf("%s of %s: %q, want %q", test.format, test.v.Key, notices, test.want)
		}
	}
}

// TestRefused checks what no format of a kind can express.
func TestRefused(t *testing.T) {
	for _, test := range []struct {
		format string
		change func(*App)
		want   string
	}{
		{"systemd", func(a *App) { a.Root = "/srv/a\nb" }, "the root "},
		{"systemd", func(a *App) { a.Location = "/etc/[x]" }, "systemd takes *"},
		{"runit", func(a *App) { a.User = "1000" }, "--user 1000: "},
		{"supervisord", func(a *App) { a.Root = "/srv/a ;b" }, "supervisord has a meaning of its own for"},
		{"inittab", func(a *App) { a.Location = "/" + strings.Repeat("x", 130) }, "init cannot run "},
		{"inittab", func(a *App) { a.Location = "/a b" }, "init cannot run "},
		{"launchd", func(a *App) { a.Name = "a--b" }, "the app's name "},
		{"launchd", func(a *App) { a.Types[0].Command = "a \x01" }, "web: a property list cannot hold"},
		{"kubernetes", func(a *App) { a.Types[0].Name = strings.Repeat("x", 64) }, strings.Repeat("x", 64) + ": "},
		{"kubernetes", func(a *App) { a.Types[0].Name = "config" }, "the config and config would have the same name"},
		{"kubernetes", func(a *App) { a.Namespace = "A_b" }, "--namespace A_b: "},
		{"kubernetes", func(a *App) { a.Types[0].Ready = &Probe{Probe: probe.Probe{Kind: "tcp", Text: "db:$OTHER"}} }, "--ready web: must contain the port"},
		{"kubernetes", func(a *App) {
			a.Types[0].Ready = &Probe{Probe: probe.Probe{Kind: "http", Text: "http://localhost:$PORT/$X"}}
		}, "--ready web: Kubernetes replaces no variables"},
		{"kubernetes", func(a *App) {
			a.Types[0].Ready, a.Types[0].Port, a.Types[0].Instances[0].Env = &Probe{Probe: probe.Probe{Kind: "tcp", Text: "localhost:$PORT"}}, 0, nil
		}, "--ready web: must contain the port"},
		{"s6", func(a *App) { a.Name = "user" }, "user is the bundle"},
		{"upstart", func(a *App) { a.Types = append(a.Types, entry("web-1", "x", 1, 6000)) }, "two files would have the name shop-web-1.conf: "},
		{"compose", func(a *App) { a.Name = "_" }, "the app's name "},
		{"nomad", func(a *App) { a.Name = "_" }, "the app's name "},
	} {
		f, _ := Lookup(test.format)
		a := plainApp()
		test.change(&a)
		if _, _, err := f.Export(a, nil); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.format, err, test.want)
		}
	}
}

// TestPage checks that docs/export.md speaks of every format, template and function.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	speaks := func(of string) {
		if !bytes.Contains(page, []byte("`"+of+"`")) {
			t.Errorf("docs/export.md says nothing of `%s`", of)
		}
	}
	for _, f := range Formats {
		speaks(f.Name)
		for _, name := range f.Templates() {
			speaks(name)
		}
	}
	for name := range functions() {
		speaks(name)
	}
}
