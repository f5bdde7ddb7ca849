package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// round is one app, and what happens to it.
type round struct {
	reeve  string
	random *rand.Rand
	root   string
	cmd    *exec.Cmd
	out    bytes.Buffer
	done   []string // what has happened
	built  bool
}

// patience is how long reeve may take to come to rest.
const patience = 20 * time.Second

func (r *round) note(format string, args ...any) {
	r.done = append(r.done, time.Now().Format("05.000 ")+strings.TrimSpace(fmt.Sprintf(format, args...)))
}

func (r *round) environ() []string {
	return append(os.Environ(), "XDG_RUNTIME_DIR="+filepath.Dir(r.root), "REEVE_NO_PORT=true", "REEVE_NO_HINTS=true")
}

// report is what happened, and what reeve said of it.
func (r *round) report() string {
	return strings.Join(r.done, "\n") + "\n" + r.out.String()
}

// play plays it. The error says what is wrong.
func (r *round) play() (wrong error) {
	dir, err := os.MkdirTemp("", "torture")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r.root = filepath.Join(dir, "app")
	if err := r.begin(); err != nil {
		return err
	}
	defer func() {
		if err := r.end(); wrong == nil {
			wrong = err
		}
	}()
	if err := r.settled(); err != nil {
		return err
	}
	before := len(r.runs())
	occasions := 0
	for range 3 + r.random.IntN(20) {
		a := acts[r.random.IntN(len(acts))]
		r.note("%s", a.name)
		if !a.quiet {
			occasions += 2 // at most: it may have been told in two parts if it took long, or by hand
		}
		if a.do != nil {
			a.do(r)
		} else if out, err := r.run(r.shell(a.script)); err != nil {
			r.note("%s: %v", out, err)
		}
		r.rest([]int{1, 30, 300}[r.random.IntN(3)])
	}
	_, _ = r.run(r.shell("rm -f " + brokenFile + "; echo last >src/last.txt"))
	r.note("last")
	if err := r.settled(); err != nil {
		return err
	}
	if n := len(r.runs()) - before; n > occasions+1 {
		return fmt.Errorf("%d runs, and at most %d occasions", n, occasions+1)
	}
	return r.still()
}

// begin makes the app and starts reeve in it.
func (r *round) begin() error {
	if err := os.MkdirAll(filepath.Join(r.root, "src"), 0o777); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, name := range []string{webName, buildName} {
		if err := os.Symlink(self, filepath.Join(r.root, name)); err != nil {
			return err
		}
	}
	procfile := fmt.Sprintf("web: ./%s %d", webName, r.random.IntN(400))
	if r.random.IntN(4) == 0 {
		procfile += " ends"
	}
	args := []string{"start", "--watch", "web=src/**/*.txt"}
	if r.built = r.random.IntN(2) == 0; r.built {
		args = append(args, "--build", fmt.Sprintf("web=./%s %d", buildName, r.random.IntN(300)))
	}
	if r.random.IntN(4) == 0 {
		args = append(args, "--watch-poll", "0.05")
	}
	setUp := "echo '" + procfile + "' >Procfile; printf 'node_modules\\nruns\\nbuilt*\\n' >.gitignore; for i in 1 2 3; do echo $i >src/$i.txt; done"
	if r.random.IntN(2) == 0 {
		setUp += "; git init -q .; git add -A; git commit -qm 0"
	}
	if out, err := r.run(r.shell(setUp)); err != nil {
		return fmt.Errorf("%s: %w", out, err)
	}
	r.note("%s, %v", procfile, args)
	r.cmd = exec.Command(r.reeve, args...)
	if limit := []int{0, 0, 2, 4}[r.random.IntN(4)]; limit > 0 && canLimit() {
		r.note("%d watches", limit)
		script := fmt.Sprintf(`echo %d >/proc/sys/user/max_inotify_watches; exec "$@"`, limit)
		r.cmd = exec.Command("unshare", append([]string{"-Ur", "sh", "-c", script, "sh", r.reeve}, args...)...)
	}
	r.cmd.Dir, r.cmd.Env, r.cmd.Stdout, r.cmd.Stderr = r.root, r.environ(), &r.out, &r.out
	return r.cmd.Start()
}

// canLimit reports whether there are user namespaces, with limits of their own.
func canLimit() bool {
	return exec.Command("unshare", "-Ur", "sh", "-c", "echo 5 >/proc/sys/user/max_inotify_watches").Run() == nil
}

// runs is what each run has seen.
func (r *round) runs() []string {
	text, _ := os.ReadFile(filepath.Join(r.root, runsFile))
	return strings.Fields(string(text))
}

// settled waits until what runs has seen what is on disk.
func (r *round) settled() error {
	want := digest(r.root)
	var last string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if runs := r.runs(); len(runs) > 0 {
			if last = runs[len(runs)-1]; last == want {
				return nil
			}
		}
		if r.cmd.ProcessState != nil {
			return errors.New("reeve has ended")
		}
	}
	return fmt.Errorf("what runs has seen %q, and there is %q", last, want)
}

// still checks that nothing restarts any longer. Who looks now and then may notice a change only after
// the run that has it already.
func (r *round) still() error {
	time.Sleep(2500 * time.Millisecond)
	before := len(r.runs())
	time.Sleep(1500 * time.Millisecond)
	if n := len(r.runs()) - before; n > 0 {
		return fmt.Errorf("%d runs although nothing changes", n)
	}
	return r.settled()
}

// end ends reeve, of which nothing may be left.
func (r *round) end() error {
	_ = r.cmd.Process.Signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- r.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("reeve: %w", err)
		}
	case <-time.After(patience):
		_ = r.cmd.Process.Kill()
		return errors.New("reeve does not end")
	}
	if left, _ := r.run(exec.Command("pgrep", "-f", "torture-(web|build).*"+filepath.Dir(r.root))); left != "" {
		return fmt.Errorf("left: %s", left)
	}
	return nil
}
