package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// run is a runner at work.
type run struct {
	runner  *runner
	dir     string // see prepare
	began   time.Time
	leader  *exec.Cmd
	writers []*exec.Cmd // a filter's
	out     *os.File    // what the runner writes
	fd      int         // of out
	trouble *os.File    // where it and its processes complain
	family  family      // to find its processes
	release func() bool // lets go of the context; false: that has killed the run

	exited chan struct{} // closed when the runner has been waited for
	end    time.Time     // when that was
}

// patience is how long a runner may take to stop.
const patience = 10 * time.Second

// begin starts a runner on a job. It is killed when the context ends; in any case it
// must be stopped.
func begin(ctx context.Context, r *runner, j job) (*run, error) {
	u := &run{runner: r, family: newFamily(), exited: make(chan struct{})}
	err := u.prepare(j)
	if err == nil {
		err = u.start(j)
	}
	if err != nil {
		u.kill()
		u.clean()
		return nil, fmt.Errorf("cannot start %s: %w", r.name, err)
	}
	u.release = context.AfterFunc(ctx, u.kill)
	return u, nil
}

func (u *run) start(j job) error {
	out, theirs, err := outlet(j.terminal)
	if err != nil {
		return err
	}
	defer theirs.Close()
	u.out, u.fd = out, int(out.Fd()) // and with this, reading blocks
	leader := u.command(u.runner.argv(j), theirs)
	if j.terminal {
		leader.Stdin = theirs // a filter's is another
		leader.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	}
	if u.runner.filter {
		return u.launchFiltered(leader, j)
	}
	return u.launch(leader)
}

// launch starts the runner.
func (u *run) launch(leader *exec.Cmd) error {
	u.began = time.Now()
	if err := leader.Start(); err != nil {
		return err
	}
	u.leader = leader
	go func() {
		_ = leader.Wait() // its code is asked for where it matters
		u.end = time.Now()
		close(u.exited)
	}()
	return nil
}

// launchFiltered starts a filter and, in front of it, the commands.
func (u *run) launchFiltered(filter *exec.Cmd, j job) error {
	in, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer in.Close()
	defer theirs.Close()
	filter.Stdin = in
	if err := u.launch(filter); err != nil {
		return err
	}
	for _, line := range j.commands {
		c := u.command(strings.Fields(line), theirs)
		if err := c.Start(); err != nil {
			return err
		}
		u.writers = append(u.writers, c)
	}
	return nil
}

// command is one that runs in the workspace, in a process group of its own: Ctrl-C is
// for this program, which then stops the others.
func (u *run) command(argv []string, out *os.File) *exec.Cmd {
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir, c.Stdout, c.Stderr = u.dir, out, u.trouble
	c.Env = append(environ(), u.family.variable())
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c
}

// buf is what everything is read into. Pipes hold less.
var buf [256 << 10]byte

// errEnded says that a runner has ended too early, errLate that it took too long.
var (
	errEnded = errors.New("ended before all had arrived")
	errLate  = errors.New("took too long")
)

// follow reads what the runner writes, as fast as it can, until the meter has seen
// enough.
func (u *run) follow(m *meter, limit time.Duration, enough func() bool) error {
	for end := time.Now().Add(limit); !enough(); {
		left := time.Until(end)
		if left <= 0 {
			return errLate
		}
		n, err := u.read(left)
		if err != nil {
			return err
		}
		m.take(buf[:n])
	}
	return nil
}

// read reads once, and not at all if nothing comes for a while.
func (u *run) read(atMost time.Duration) (n int, err error) {
	poll := []unix.PollFd{{Fd: int32(u.fd), Events: unix.POLLIN}}
	if n, _ := unix.Poll(poll, int(atMost.Milliseconds())+1); n <= 0 {
		return 0, nil
	}
	for {
		n, err = unix.Read(u.fd, buf[:])
		if err != unix.EINTR {
			break
		}
	}
	if n <= 0 { // nobody has it open; a terminal says EIO
		return 0, errEnded
	}
	return n, nil
}

// stop asks the runner to end, reads the rest of what it writes, and says how long
// that took. Nothing is left of it afterwards.
func (u *run) stop(m *meter) (took time.Duration) {
	defer u.clean()
	asked := time.Now()
	u.ask()
	never := func() bool { return false }
	late := u.follow(m, patience, never) == errLate
	select {
	case <-u.exited:
	case <-time.After(patience): // it has closed its output, and no more
		late = true
	}
	left := u.family.members(u.pid())
	u.kill()
	<-u.exited
	if u.release() {
		u.judge(late, left)
	}
	return u.end.Sub(asked)
}

// judge records what was wrong with an end.
func (u *run) judge(late bool, left []int) {
	code := u.leader.ProcessState.ExitCode()
	switch {
	case late:
		fault(u.runner, "did not stop")
	case len(left) > 0:
		fault(u.runner, "left %d processes behind", len(left))
	case code != 0 && u.runner.ours:
		fault(u.runner, "ended with code %d", code)
	}
}

// ask sends the signal that stops a runner, or those that write into a filter.
func (u *run) ask() {
	if u.runner.filter {
		for _, c := range u.writers {
			_ = c.Process.Signal(syscall.SIGTERM)
			_ = c.Wait() // by the signal, most likely
		}
		return
	}
	signal := u.runner.stop
	if signal == 0 {
		signal = syscall.SIGTERM
	}
	_ = u.leader.Process.Signal(signal)
}

// kill ends whatever belongs to the run. It goes over them again until there are no
// more, as there may be some that start others.
func (u *run) kill() {
	for range 100 {
		members := u.family.members(u.pid())
		if len(members) == 0 {
			return
		}
		for _, pid := range members {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// pid is the runner's, 0 when it has ended.
func (u *run) pid() int {
	if u.leader == nil {
		return 0
	}
	select {
	case <-u.exited:
		return 0
	default:
		return u.leader.Process.Pid
	}
}

func (u *run) clean() {
	for _, f := range []*os.File{u.out, u.trouble} {
		if f != nil {
			_ = f.Close()
		}
	}
	_ = os.RemoveAll(u.dir)
}

// complaint is the first line of what the runner or its processes have said on
// standard error, for a message.
func (u *run) complaint() string {
	text, _ := os.ReadFile(u.trouble.Name())
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return line
}
