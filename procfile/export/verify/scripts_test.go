package verify

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"howett.net/plist"
)

// launchd, upstart and System V's init cannot run here. What they would execute is found
// in their files by their documented rules, and executed as they would.

// run executes a command as a process manager does, and checks what it is given.
func (a exportable) run(name string, c *exec.Cmd, want seen) {
	a.t.Helper()
	out, err := os.Create(a.path("manager.out"))
	a.must(err)
	defer out.Close()
	c.Stdout, c.Stderr = out, out
	a.must(c.Start())
	got := a.await(name)
	_ = c.Process.Signal(syscall.SIGTERM)
	_ = c.Wait()
	a.same(name, got, want)
	a.isNobody(name, got)
}

var nobody = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}

// TestLaunchd reads property lists, and executes what stands in them.
func TestLaunchd(t *testing.T) {
	needRoot(t)
	a := newApp(t)
	want := a.reference()
	logs := a.path("log")
	a.must(exec.Command("install", "-d", "-o", "nobody", logs).Run())
	dir := a.export("launchd", "-u", "nobody", "-l", logs, "--restart", "worker=on-failure", "--restart", "shell=always", "--timeout", "web=90")
	a.mode(filepath.Join(dir, "shop.env"), 0o600)
	a.noSecrets(dir)
	for _, name := range append([]string{"release.1"}, instances...) {
		label := "shop-" + strings.ReplaceAll(strings.TrimSuffix(name, "release.1"), ".", "-")
		if name == "release.1" {
			label = "shop-release"
		}
		text, err := os.ReadFile(filepath.Join(dir, label+".plist"))
		a.must(err)
		var job struct {
			Label, WorkingDirectory, UserName string
			ProgramArguments                  []string
			EnvironmentVariables              map[string]string
			RunAtLoad                         bool
			KeepAlive                         any
			ExitTimeOut                       int
		}
		_, err = plist.Unmarshal(text, &job)
		a.must(err)
		if job.Label != label || job.UserName != "nobody" || job.RunAtLoad == (name == "release.1") {
			t.Errorf("%s: %+v", name, job)
		}
		keepAlive := fmt.Sprint(job.KeepAlive)
		if want := map[string]string{"worker.1": "map[SuccessfulExit:false]", "shell.1": "true", "web.1": "false"}[name]; want != "" && keepAlive != want {
			t.Errorf("%s: KeepAlive is %s, want %s", name, keepAlive, want)
		}
		if name == "web.1" && job.ExitTimeOut != 90 {
			t.Errorf("%s: %+v", name, job)
		}
		c := exec.Command(job.ProgramArguments[0], job.ProgramArguments[1:]...)
		c.Dir, c.Env, c.SysProcAttr = job.WorkingDirectory, managerEnv(), nobody
		for key, value := range job.EnvironmentVariables {
			c.Env = append(c.Env, key+"="+value)
		}
		a.run(name, c, want[name])
	}
	if log, _ := os.ReadFile(logs + "/web-1.log"); string(log) != "ready\n" {
		t.Errorf("the log of web.1: %q", log)
	}
	a.python(`import glob, plistlib, sys
for path in glob.glob(sys.argv[1] + '/*.plist'):
    with open(path, 'rb') as f:
        assert plistlib.load(f)['ProgramArguments']`, dir)
}

// python lets Python have its say as well, where there is one.
func (a exportable) python(script string, args ...string) {
	a.t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		return
	}
	if text, err := exec.Command(python, append([]string{"-c", script}, args...)...).CombinedOutput(); err != nil {
		a.t.Errorf("python: %v: %s", err, text)
	}
}

// TestUpstart reads jobs by the rules of init(5), and executes their scripts.
func TestUpstart(t *testing.T) {
	needRoot(t)
	a := newApp(t)
	want := a.reference()
	logs := a.path("log")
	a.must(os.Mkdir(logs, 0o777))
	a.must(os.Chmod(logs, 0o777))
	dir := a.export("upstart", "-u", "nobody", "-l", logs, "--restart", "worker=on-failure", "--stop-signal", "web=INT",
		"--ready", `worker=exec:test -e "seen/worker.1"`, "--after", "web=worker")
	a.mode(filepath.Join(dir, "shop.env"), 0o600)
	a.noSecrets(dir)
	stanza := regexp.MustCompile(`^(start on|stop on|respawn limit|normal exit|kill signal|kill timeout|chdir|setuid|env|task|respawn|script|post-start script|end script)( |$)`)
	for _, name := range append([]string{"release.1"}, instances...) {
		file := "shop-" + strings.ReplaceAll(name, ".", "-") + ".conf"
		if name == "release.1" {
			file = "shop-release.conf"
		}
		text, err := os.ReadFile(filepath.Join(dir, file))
		a.must(err)
		env, script, inside, chdir := managerEnv(), "", "", ""
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			switch {
			case line == "end script":
				inside = ""
			case inside == "script":
				script += line + "\n"
			case inside != "" || line == "" || strings.HasPrefix(line, "#"):
			case !stanza.MatchString(line):
				t.Errorf("%s: no stanza: %s", file, line)
			case strings.HasSuffix(line, "script"):
				inside = line
			case strings.HasPrefix(line, "chdir "):
				chdir = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(strings.Trim(strings.TrimPrefix(line, "chdir "), `"`))
			case strings.HasPrefix(line, "env "):
				env = append(env, strings.TrimPrefix(line, "env "))
			}
		}
		c := exec.Command("/bin/sh", "-e", "-c", script)
		c.Dir, c.Env, c.SysProcAttr = chdir, env, nobody
		a.run(name, c, want[name])
	}
	text, err := os.ReadFile(filepath.Join(dir, "shop-web.conf"))
	a.must(err)
	if !strings.Contains(string(text), "start on (started shop-worker-1 and started shop-worker-2 and started shop-worker-3)\n") {
		t.Errorf("the order of web: %s", text)
	}
	log, _ := os.ReadFile(logs + "/web-1.log")
	if string(log) != "ready\n" {
		t.Errorf("the log of web.1: %q", log)
	}
}

// TestInittab reads lines by the rules of inittab(5), and executes them.
func TestInittab(t *testing.T) {
	needRoot(t)
	a := newAppIn(t, "reeve-verify-") // init takes no others
	want := a.reference()
	logs := a.path("log")
	dir := a.export("inittab", "-u", "nobody", "-l", logs, "--restart", "worker=always", "-r", a.path("run"))
	a.mode(filepath.Join(dir, "shop.env"), 0o600)
	a.noSecrets(dir)
	text, err := os.ReadFile(filepath.Join(dir, "shop.inittab"))
	a.must(err)
	var ids, actions []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 4)
		if len(fields) != 4 || len(fields[0]) < 1 || len(fields[0]) > 4 || len(fields[3]) > 127 || slices.Contains(ids, fields[0]) {
			t.Errorf("no line of an inittab: %s", line)
			continue
		}
		ids, actions = append(ids, fields[0]), append(actions, fields[2])
		name := append([]string{"release.1"}, instances...)[len(ids)-1]
		c := exec.Command(fields[3])
		c.Dir, c.Env = "/", managerEnv()
		a.run(name, c, want[name])
	}
	if got := strings.Join(actions, " "); got != "wait once once respawn respawn respawn once" {
		t.Errorf("the actions are %s", got)
	}
	if info, err := os.Stat(a.path("run")); err != nil || info.Sys().(*syscall.Stat_t).Uid != 65534 {
		t.Errorf("the directory of --run: %v", err)
	}
}
