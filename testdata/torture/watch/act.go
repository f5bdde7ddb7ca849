package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// act is something that happens. It is given a number that no other one of the round has, so that no file
// changes so often that it looks like a loop.
type act struct {
	name string
	// script is what sh does in the app's root. $1 is the number.
	script string
	do     func(r *round) // instead of a script
	quiet  bool           // nothing has changed by it
}

var acts = []act{
	{name: "write", script: `echo $1 >src/w$1.txt`},
	{name: "write twice", script: `echo a >src/f$1.txt; sleep 0.0$1; echo bb >src/f$1.txt`},
	{name: "safe write", script: `echo $1 >src/s$1.txt___jb_tmp___; mv src/s$1.txt___jb_tmp___ src/s$1.txt`},
	{name: "vim", script: `echo $1 >src/v.txt; mv src/v.txt src/v.txt~; echo b$1 >src/v.txt; rm src/v.txt~`},
	{name: "many", script: `for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3; do echo $1 >src/m$1-$i$j.txt; done; done`},
	{name: "deep", script: `mkdir -p src/d$1/a/b; echo $1 >src/d$1/a/b/c.txt`},
	{name: "remove", script: `f=$(ls src/*.txt | head -n 1); rm -f "$f"`},
	{name: "remove a directory", script: `d=$(ls -d src/d* 2>/dev/null | head -n 1); rm -rf "$d"`},
	{name: "rename a directory", script: `d=$(ls -d src/d* 2>/dev/null | tail -n 1); if [ "$d" ]; then mv "$d" src/d$1r; fi`},
	{name: "move in", script: `mkdir -p out$1/x; echo $1 >out$1/x/y.txt; mv out$1 src/d$1in`},
	{name: "replace all", script: `cp -r src new; echo $1 >new/n$1.txt; rm -rf src; mv new src`},
	{name: "make again", script: `cp -r src new; rm -rf src; mkdir src; cp -r new/. src; rm -rf new; echo $1 >src/g$1.txt`},
	{name: "switch", script: `if [ -d .git ]; then git add -A; git commit -qm $1 --allow-empty; git switch -qc b$1 $(git rev-list --max-parents=0 HEAD); fi`},
	{name: "stash", script: `if [ -d .git ]; then git add -A; git stash -q; git stash pop -q; fi`},
	{name: "flood", script: `i=0; while [ $i -lt 300 ]; do echo $1 >src/flood$((i % 20)).txt; i=$((i + 1)); done`},
	{name: "break", script: `touch src/broken.txt`},
	{name: "mend", script: `rm -f src/broken.txt`},
	{name: "read", script: `cat src/*.txt >/dev/null; ls -lR src >/dev/null; chmod 644 src/*.txt`, quiet: true},
	{name: "others", script: `echo $1 >other.txt; echo $1 >src/other; mkdir -p node_modules/x; echo $1 >node_modules/x/$1.txt`, quiet: true},
	{name: "restart", do: func(r *round) { r.command("restart", "web") }},
	{name: "stop and start", do: func(r *round) { r.command("stop", "web"); r.rest(200); r.command("restart", "web") }},
	{name: "scale", do: func(r *round) { r.command("scale", "web=0"); r.rest(200); r.command("scale", "web=1") }},
	{name: "reload", do: func(r *round) { r.command("reload") }},
	{name: "reload what has changed", do: func(r *round) {
		_, _ = r.run(r.shell(`echo "R=$1" >.env`))
		r.command("reload")
	}},
	{name: "suspend", do: func(r *round) {
		_ = r.cmd.Process.Signal(syscall.SIGTSTP)
		time.Sleep(100 * time.Millisecond)
		r.rest(300)
		_, _ = r.run(r.shell(`echo $1 >src/z$1.txt`))
		r.rest(300)
		_ = r.cmd.Process.Signal(syscall.SIGCONT)
	}},
	{name: "overflow", do: func(r *round) {
		_ = r.cmd.Process.Signal(syscall.SIGTSTP)
		time.Sleep(100 * time.Millisecond)
		_, _ = r.run(r.shell(`i=0; while [ $i -lt 6000 ]; do echo $i >src/o$((i % 7)).txt; i=$((i + 1)); done`))
		_ = r.cmd.Process.Signal(syscall.SIGCONT)
	}},
}

// shell is a script with the number of the act.
func (r *round) shell(script string) *exec.Cmd {
	c := exec.Command("sh", "-c", script, "sh", fmt.Sprint(len(r.done)))
	c.Dir = r.root
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	return c
}

func (r *round) run(c *exec.Cmd) (string, error) {
	out, err := c.CombinedOutput()
	return string(out), err
}

// command asks something of reeve by hand.
func (r *round) command(args ...string) {
	c := exec.Command(r.reeve, args...)
	c.Dir, c.Env = r.root, r.environ()
	out, _ := r.run(c)
	r.note("reeve %v: %s", args, out)
}

// rest lets up to so many milliseconds pass.
func (r *round) rest(most int) { time.Sleep(time.Duration(r.random.IntN(most)) * time.Millisecond) }
