//go:build unix

package supervisor

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"reeve/supervisor/terminal"
)

// Spawn begins a run: the command, as the leader of a session of its own, with the
// default action for every signal and none blocked. It returns the leader's pid.
//
// Nobody waits for the process: whoever calls Spawn reaps it.
func Spawn(c *Command) (pid int, err error) {
	program, err := c.LookPath()
	if err != nil {
		return 0, cmp.Or(c.dirError(), err)
	}
	return start(program, c, &syscall.SysProcAttr{Setsid: true, Setctty: c.Terminal != nil, Ctty: 1})
}

// OnTerminal makes a terminal the run's own, and those of its standard descriptors that it has not
// got yet: the output at least.
func (c *Command) OnTerminal(t *terminal.Side) {
	c.Terminal = t
	for n, f := range c.Files {
		if f == nil {
			c.Files[n] = t
		}
	}
}

// IsTerminal reports whether one of the command's files is its terminal.
func (c *Command) IsTerminal(f *os.File) bool { return f == c.Terminal }

// dirError says why the command cannot run in its directory.
func (c *Command) dirError() error {
	if _, err := os.Stat(c.Dir); err != nil {
		return fmt.Errorf("cannot run in this directory: %w", err)
	}
	return nil
}

// start begins a process that is the command.
func start(program string, c *Command, sys *syscall.SysProcAttr) (pid int, err error) {
	attr := &syscall.ProcAttr{
		Dir:   c.Dir,
		Env:   c.Env,
		Files: []uintptr{c.Files[0].Fd(), c.Files[1].Fd(), c.Files[2].Fd()},
		Sys:   sys,
	}
	args := c.Args
	for _, s := range c.Sockets {
		attr.Files = append(attr.Files, s.File.Fd())
	}
	if len(c.Sockets) > 0 && !c.Names {
		if program, args, attr.Env, err = withHandover(program, c); err != nil {
			return 0, err
		}
	}
	pid, err = forkExec(program, args, attr)
	if errors.Is(err, syscall.ENOEXEC) && isScript(program) {
		// A script without a "#!" line. Shells and execvp(3) run it with sh.
		pid, err = forkExec("/bin/sh", append([]string{"sh", program}, c.Args[1:]...), attr)
	}
	runtime.KeepAlive(c)
	if err != nil && c.dirError() != nil {
		return 0, c.dirError()
	}
	if errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ENOEXEC) {
		return 0, fmt.Errorf("%s: %w", c.shown(), startError(err))
	}
	if errors.Is(err, syscall.E2BIG) {
		return 0, c.tooLongError(err)
	}
	return pid, startError(err)
}

// isScript reports whether a file that the kernel does not know how to execute can be a
// script for sh. It is a program for another machine, say, if its first line has a NUL
// byte, by which shells tell them apart as well.
func isScript(program string) bool {
	f, err := os.Open(program)
	if err != nil {
		return true // sh will say why it cannot be read
	}
	defer f.Close()
	start := make([]byte, 128)
	n, _ := io.ReadFull(f, start)
	line, _, _ := bytes.Cut(start[:n], []byte{'\n'})
	return !bytes.Contains(line, []byte{0}) && !bytes.HasPrefix(line, []byte("\x7fELF"))
}

// forkExec starts a process with an empty signal mask, and under the marker that is in its
// environment. The new process inherits the signal mask of the thread that forks, and that
// thread may have one from whoever started reeve; caught signals are set to their default
// by exec itself.
func forkExec(program string, args []string, attr *syscall.ProcAttr) (int, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	emptySignalMask()
	defer inherit(attr.Env)()
	return syscall.ForkExec(program, args, attr)
}

// startError says in plain words why exec failed.
func startError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOENT):
		// The program is there, so it is what should load it that is not.
		return fmt.Errorf("%w: its interpreter or loader is missing", ErrNotFound)
	case errors.Is(err, syscall.ENOEXEC):
		return fmt.Errorf("%w: is it built for %s/%s?", err, runtime.GOOS, runtime.GOARCH)
	case errors.Is(err, syscall.EAGAIN):
		return fmt.Errorf("no more processes allowed (see ulimit -u): %w", err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return fmt.Errorf("no more open files allowed (see ulimit -n): %w", err)
	}
	return err
}

// programAt reports whether a path is a regular file, and one that can be executed. It looks at a path
// in one system call or two, and there are many in a PATH.
func programAt(path string) (isFile, runs bool) {
	var info unix.Stat_t
	isFile = unix.Stat(path, &info) == nil && info.Mode&unix.S_IFMT == unix.S_IFREG
	return isFile, isFile && unix.Access(path, unix.X_OK) == nil
}

// executable reports whether a path is a file that can be executed.
func executable(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrPermission) {
		return ErrNotExecutable
	}
	if err != nil {
		return ErrNotFound
	}
	if info.IsDir() {
		return fmt.Errorf("%w: it is a directory", ErrNotExecutable)
	}
	if unix.Access(path, unix.X_OK) != nil {
		return ErrNotExecutable
	}
	return nil
}

// closeOnExec keeps the descriptors that reeve was started with, beyond the standard
// three, from its children. Nobody hands on more than a few, with low numbers.
func closeOnExec() {
	for fd := 3; fd < 256; fd++ {
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETFD, flags|unix.FD_CLOEXEC)
		}
	}
}

// SignalName gives the name of a signal as kill -l does, with SIG in front.
func SignalName(sig syscall.Signal) string {
	if name := unix.SignalName(sig); name != "" {
		return name
	}
	return fmt.Sprintf("signal %d", int(sig))
}

// ParseSignal reads the name of a signal, with or without SIG, or its number.
func ParseSignal(s string) (sig syscall.Signal, ok bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return syscall.Signal(n), unix.SignalName(syscall.Signal(n)) != ""
	}
	s = strings.ToUpper(s)
	if !strings.HasPrefix(s, "SIG") {
		s = "SIG" + s
	}
	sig = unix.SignalNum(s)
	return sig, sig != 0
}
