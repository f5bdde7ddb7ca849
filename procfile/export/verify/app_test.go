// Package verify reads what reeve exports with the real readers of each format, and runs
// it with those that can run here.
package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// values are the worst that an app's config can hold.
var values = map[string]string{
	"SPACES":    "a  b c",
	"QUOTES":    "\" ' ` \"' '\"",
	"NEWLINES":  "a\nb\n\n c\n",
	"ONE_LINE":  "\n",
	"PERCENT":   "%p %% %n %h %(here)s %{x} 100%",
	"DOLLAR":    "$ $$ $X ${X} $$X $(id) `id` $HOME ${PORT} $PORT $(PORT) $",
	"BACKSLASH": `\ \\ \n \t \x41 \u0041 \"`,
	"ENDS":      `ends with \`,
	"BEFORE_NL": "a\\\nb",
	"HASH":      "a #b #c#d ; e;f",
	"LEADING":   "  \tx",
	"TRAILING":  "x \t ",
	"BLANK":     " ",
	"UNICODE":   "äöü – 漢字 \u00a0\u2028\u200b\ufeff",
	"EMOJI":     "👩‍👩‍👧 😀",
	"TABS":      "\ta\tb\t",
	"EMPTY":     "",
	"EQUALS":    "=a==b=",
	"BRACES":    "{{ .X }} {{x {% x %} ${{ y }} %{ if true }{ }}",
	"YAML":      "- a: b, [c] {d} & *e !f | > 'g' @h: ~",
	"XML":       `<a b="c">&amp;</a><!-- -- -->`,
	"JSON":      `{"a": ["b\n", null]}`,
	"NUMBER":    "007",
	"YES":       "yes",
	"NULL":      "null",
	"LONG":      strings.Repeat("0123456789abcdef", 512),
	"BANG":      "a!b !! ^x",
	"GLOB":      "* ? [a] ~ ~root {a,b}",
	"RAILS_ENV": "production",
	"API_TOKEN": "hunter2 $ % \" ' \\ \n#",
	"MY_SECRET": "",
	"DB_URL":    "postgres://user:p%40ss$word@db.example.com/app",
}

// The same in any order: what every format has a meaning of its own for. The seed is
// fixed, so that a failure comes again.
func init() {
	pieces := []string{`"`, "'", `\`, "$", "%", "{", "}", "(", ")", "`", "\n", "\t", " ", "#", ";", "=", ":", "-", "!", "<", "&", "*", "~", "|",
		"a", "n", "A", "0", "é", "😀", "\u2028", "\u0085", "\ufeff", `\n`, "${A}", "$A", "$(", "{{", "}}", "%{", "%(here)s", "]]>", "EOF\n", "\nEOF", " #", " ;"}
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 100 {
		value := ""
		for range 1 + random.IntN(12) {
			value += pieces[random.IntN(len(pieces))]
		}
		values[fmt.Sprintf("RANDOM_%02d", n)] = value
	}
}

// procfile has the worst commands.
const procfile = `web: bin/probe --port $PORT '$SPACES' "double %p %% \$x \\ '" "$DOLLAR" "${NEWLINES}" --x=%n%i ';' '#' '{{x}} ${X} %{y}' a,b
worker: ASSIGNED='%h $PORT ${SPACES} "x" \' bin/probe "100%" "it's" 'a;b # c ; d' "$EMPTY" '' -x "$TRAILING"
shell: X="$SPACES"; exec bin/probe "$X" '%' '%%' "\$" '\' 'a # b ; c' ';' '{{x}}' '${SPACES}' '%{x}' '%(here)s %%(here)s' "$(printf 'x\ny')" "$DOLLAR" $$ 2>&1
unused: bin/probe
release: bin/probe --once $PORT "%" "$QUOTES"
`

// exportable is an app in a directory of its own.
type exportable struct {
	t    *testing.T
	root string
}

// bin has the programs that the tests use.
var bin string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if bin, err = os.MkdirTemp("", "reeve-verify-"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(bin)
		check(os.Chmod(bin, 0o755))
		for _, args := range [][]string{{"-C", "../../..", "./cmd/reeve"}, {"-C", ".", "./probe"}} {
			build := exec.Command("go", "build", "-C", args[1], "-buildvcs=false", "-o", bin+"/", args[2])
			build.Env = append(os.Environ(), "CGO_ENABLED=0")
			build.Stderr = os.Stderr
			check(build.Run())
		}
		return m.Run()
	}())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// newApp makes the app, where paths have what formats may stumble over.
func newApp(t *testing.T) exportable {
	t.Helper()
	return newAppIn(t, "reeve verify's %h $HOME ä\"-")
}

// newAppIn makes the app in a directory whose name begins like that.
func newAppIn(t *testing.T, name string) exportable {
	t.Helper()
	root, err := os.MkdirTemp("", name)
	if err != nil {
		t.Fatal(err)
	}
	a := exportable{t, root}
	t.Cleanup(func() {
		a.killLeft()
		_ = os.RemoveAll(root)
	})
	a.must(os.Chmod(root, 0o755))
	a.must(os.Mkdir(a.path("bin"), 0o755))
	a.must(os.Mkdir(a.path("seen"), 0o777))
	a.must(os.Chmod(a.path("seen"), 0o777))
	probe, err := os.ReadFile(filepath.Join(bin, "probe"))
	a.must(err)
	a.must(os.WriteFile(a.path("bin/probe"), probe, 0o755))
	a.write("Procfile", procfile)
	var keys strings.Builder
	for _, key := range slices.Sorted(maps.Keys(values)) {
		keys.WriteString(key + "=\n")
	}
	a.write(".env.example", keys.String())
	return a
}

func (a exportable) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a exportable) path(name string) string { return filepath.Join(a.root, name) }

func (a exportable) write(name, text string) {
	a.t.Helper()
	a.must(os.WriteFile(a.path(name), []byte(text), 0o644))
}

// command is reeve in the app's environment.
func (a exportable) command(args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(bin, "reeve"), args...)
	c.Dir = a.root
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + a.root, "TMPDIR=" + a.root}
	for key, value := range values {
		c.Env = append(c.Env, key+"="+value)
	}
	return c
}

// formation is what is exported.
var formation = []string{"-a", "shop", "-x", "unused", "-m", "web=2,worker=3"}

// keep takes the values along, which are in the exporter's environment.
func keep() []string { return []string{"--keep", strings.Join(slices.Collect(maps.Keys(values)), ",")} }

// export writes the app for a format, and returns the directory.
func (a exportable) export(format string, args ...string) string {
	a.t.Helper()
	dir := a.path("out")
	if !slices.Contains(args, "-m") {
		args = slices.Concat(formation, args)
	}
	c := a.command(slices.Concat([]string{"export", format, dir}, args, keep())...)
	text, err := c.CombinedOutput()
	if err != nil {
		a.t.Fatalf("%v: %s", err, text)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "wrote ") {
			a.t.Log(strings.TrimSpace(line))
		}
	}
	return dir
}

// seen is what a process was given, as probe writes it.
type seen struct {
	Args    []string
	Environ [][]byte
	Dir     string
	UID     int
}

func (s seen) environ() map[string]string {
	vars := map[string]string{}
	for _, entry := range s.Environ {
		key, value, _ := strings.Cut(string(entry), "=")
		vars[key] = value
	}
	return vars
}

// patience is how long something may take that takes no time.
const patience = time.Minute

// within waits until a condition holds.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// await reads what a process was given, when it has written that.
func (a exportable) await(name string) seen {
	a.t.Helper()
	var s seen
	within(a.t, name, func() bool {
		text, err := os.ReadFile(a.path("seen/" + name))
		return err == nil && json.Unmarshal(text, &s) == nil
	})
	return s
}

// forget takes away what processes have written.
func (a exportable) forget() {
	a.t.Helper()
	a.must(os.RemoveAll(a.path("seen")))
	a.must(os.Mkdir(a.path("seen"), 0o777))
	a.must(os.Chmod(a.path("seen"), 0o777))
}

// instances are what the formation runs.
var instances = []string{"web.1", "web.2", "worker.1", "worker.2", "worker.3", "shell.1"}

// reference is what reeve start gives to every instance, and to the release.
func (a exportable) reference() map[string]seen {
	a.t.Helper()
	args := append([]string{"start", "--clean-env", "--release", "--no-timestamp"}, formation[2:]...)
	c := a.command(args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	a.must(c.Start())
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	all := map[string]seen{}
	for _, name := range append([]string{"release.1"}, instances...) {
		all[name] = a.await(name)
	}
	a.must(c.Process.Signal(syscall.SIGTERM))
	if err := c.Wait(); err != nil {
		a.t.Fatalf("reeve start: %v: %s", err, out.Bytes())
	}
	a.forget()
	return all
}

// machine are the variables that say where a process runs, not how the app is configured.
var machine = []string{"PATH", "HOME", "USER", "SHELL", "LANG", "TERM", "TMPDIR", "TZ", "PWD", "REEVE_RUN", "LOGNAME", "_", "SHLVL", "OLDPWD"}

// same checks that a process was given what reeve start gives it.
func (a exportable) same(name string, got, want seen) {
	a.t.Helper()
	if !slices.Equal(withoutPid(got.Args), withoutPid(want.Args)) {
		a.t.Errorf("%s: arguments\n%q, want\n%q", name, got.Args, want.Args)
	}
	if got.Dir != want.Dir {
		a.t.Errorf("%s: directory %s, want %s", name, got.Dir, want.Dir)
	}
	a.sameEnv(name, got.environ(), want.environ())
}

// sameEnv compares the variables that are not the machine's.
func (a exportable) sameEnv(name string, got, want map[string]string) {
	a.t.Helper()
	for key, value := range want {
		if !slices.Contains(machine, key) && got[key] != value {
			a.t.Errorf("%s: %s=%q, want %q", name, key, clip(got[key]), clip(value))
		}
		if _, ok := got[key]; !ok && !slices.Contains(machine, key) {
			a.t.Errorf("%s: %s is not set", name, key)
		}
	}
}

func clip(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}

// withoutPid takes away what the shell has for $$.
func withoutPid(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
		return arg != "" && strings.Trim(arg, "0123456789") == "" && len(arg) < 8 && arg != "5000" && arg != "5001"
	})
}

// need finds a program that a Debian package has, or skips the test.
func need(t *testing.T, program, debian string) string {
	t.Helper()
	for _, dir := range []string{"", "/usr/local/sbin/", "/usr/sbin/", "/sbin/", "/usr/lib/systemd/", "/lib/systemd/"} {
		if path, err := exec.LookPath(dir + program); err == nil {
			return path
		}
	}
	t.Skipf("there is no %s here: it is in Debian's package %s, and make tools installs it", program, debian)
	return ""
}

// needRoot skips a test that makes users or namespaces its own.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can switch to the app's user")
	}
}

// mode checks the permissions of a file.
func (a exportable) mode(path string, want os.FileMode) {
	a.t.Helper()
	info, err := os.Stat(path)
	a.must(err)
	if info.Mode().Perm() != want {
		a.t.Errorf("%s has the mode %04o, want %04o", path, info.Mode().Perm(), want)
	}
}

// noSecrets checks that no file that others can read has the value of a secret.
func (a exportable) noSecrets(dir string) {
	a.t.Helper()
	a.must(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Mode().Perm()&0o077 == 0 {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("hunter2")) || bytes.Contains(text, []byte("ss$word")) {
			a.t.Errorf("%s can be read by others, and has a secret in it", path)
		}
		return err
	}))
}

// start runs a process manager in a session of its own, and ends it and all that it has
// started with the test.
func (a exportable) start(c *exec.Cmd, stop os.Signal) {
	a.t.Helper()
	out, err := os.Create(a.path("manager.out"))
	a.must(err)
	c.Stdout, c.Stderr = out, out
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	a.must(c.Start())
	a.must(out.Close())
	done := make(chan struct{})
	go func() { _ = c.Wait(); close(done) }()
	a.t.Cleanup(func() {
		_ = c.Process.Signal(stop)
		select {
		case <-done:
		case <-time.After(patience):
			a.t.Errorf("%s does not end", c.Path)
			_ = c.Process.Kill()
			<-done
		}
		a.killLeft()
		if text, _ := os.ReadFile(out.Name()); a.t.Failed() {
			a.t.Logf("%s:\n%s", c.Path, text)
		}
	})
}

// killLeft waits for the end of everything that runs in the app or its directories, and
// ends what is left of it: that is a failure.
func (a exportable) killLeft() {
	for deadline := time.Now().Add(patience); len(a.running()) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().Before(deadline) {
			continue
		}
		for _, pid := range a.running() {
			line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			a.t.Errorf("still there: pid %d, %q", pid, line)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		return
	}
}

// running finds the processes of the app and of its directories.
func (a exportable) running() (pids []int) {
	links, _ := filepath.Glob("/proc/[0-9]*/[ce][wx][de]")
	for _, link := range links {
		if base := filepath.Base(link); base != "exe" && base != "cwd" {
			continue
		}
		var pid int
		target, _ := os.Readlink(link)
		if _, err := fmt.Sscanf(link, "/proc/%d/", &pid); err == nil && strings.HasPrefix(target, a.root) && !slices.Contains(pids, pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// signalled checks by which signal an instance was asked to stop.
func (a exportable) signalled(name, want string) {
	a.t.Helper()
	var text []byte
	within(a.t, "the end of "+name, func() (ok bool) {
		var err error
		text, err = os.ReadFile(a.path("seen/" + name + ".signal"))
		return err == nil
	})
	if string(text) != want {
		a.t.Errorf("%s was stopped by %s, want %s", name, text, want)
	}
}

// isNobody checks who a process runs as.
func (a exportable) isNobody(name string, s seen) {
	a.t.Helper()
	if s.UID != 65534 {
		a.t.Errorf("%s runs as %d, want nobody", name, s.UID)
	}
}

// later checks that one process has begun after another.
func (a exportable) later(name, before string) {
	a.t.Helper()
	first, err := os.Stat(a.path("seen/" + before))
	a.must(err)
	second, err := os.Stat(a.path("seen/" + name))
	a.must(err)
	if second.ModTime().Before(first.ModTime()) {
		a.t.Errorf("%s began before %s", name, before)
	}
}

// sameCommand runs a container's command where the app is, with the container's
// environment, and checks that the program in it gets the arguments that it should.
func (a exportable) sameCommand(name string, command []string, env map[string]string, want []string) {
	a.t.Helper()
	c := exec.Command(command[0], command[1:]...)
	c.Dir = a.root
	c.Env = managerEnv()
	for key, value := range env {
		c.Env = append(c.Env, key+"="+value)
	}
	env["PS"] = "command." + name
	c.Env = append(c.Env, "PS="+env["PS"])
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	a.must(c.Start())
	got := a.await(env["PS"])
	// All in the container get the signal, and the first process is the last to end.
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGTERM)
	_ = c.Wait()
	if !strings.Contains(strings.Join(got.Args, " "), "--once") {
		if text, err := os.ReadFile(a.path("seen/" + env["PS"] + ".signal")); string(text) != "terminated" {
			a.t.Errorf("%s ends before what runs in it: %v", name, err)
		}
	}
	a.killLeft()
	if !slices.Equal(withoutPid(got.Args), withoutPid(want)) {
		a.t.Errorf("%s: arguments\n%q, want\n%q", name, got.Args, want)
	}
}
