//go:build unix

package ui

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"reeve/supervisor/terminal"
)

const stdin, stdout = 0, 1

// input is where keys come from.
type input struct {
	pipe [2]int // a byte in it wakes the reader
}

func (i *input) open() error {
	if err := unix.Pipe(i.pipe[:]); err != nil {
		return err
	}
	for _, fd := range i.pipe {
		unix.CloseOnExec(fd)
	}
	return nil
}

// wake wakes who waits.
func (i *input) wake() { _, _ = unix.Write(i.pipe[1], []byte{0}) }

// await waits until something happens, but only for so long; a negative time is for ever.
func (i *input) await(most time.Duration) (happening, error) {
	fds := []unix.PollFd{{Fd: stdin, Events: unix.POLLIN}, {Fd: int32(i.pipe[0]), Events: unix.POLLIN}}
	wait := -1
	if most >= 0 {
		wait = int(most / time.Millisecond)
	}
	for {
		n, err := unix.Poll(fds, wait)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil, n == 0:
			return nothing, err
		case fds[1].Revents != 0:
			_, err := unix.Read(i.pipe[0], make([]byte, 1))
			return woken, err
		}
		return keysCame, nil
	}
}

// read reads what was typed; nothing: there was nothing after all.
func (i *input) read(buf []byte) (int, error) {
	n, err := unix.Read(stdin, buf)
	switch {
	case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
		return 0, nil
	case err == nil && n == 0:
		return 0, os.ErrClosed
	}
	return n, err
}

// signals are those that matter here.
func signals() chan os.Signal {
	c := make(chan os.Signal, 16)
	signal.Notify(c, terminal.ResizeSignal, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTSTP)
	return c
}

// stopSelf stops this process and the job that it is in, as Ctrl-Z does in other programs, until
// the shell continues it.
func stopSelf() {
	_ = syscall.Kill(0, syscall.SIGTSTP)
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP) // Go does not give the former its usual effect back
	time.Sleep(stopsWithin)                        // it is stopped here
}

// stopsWithin is how long a signal to oneself may take.
const stopsWithin = 10 * time.Millisecond

// hasShell reports whether there is somebody who would continue a process that has stopped: a
// parent in its session.
func hasShell() bool {
	own, err := unix.Getsid(0)
	parents, parentErr := unix.Getsid(os.Getppid())
	return err == nil && parentErr == nil && own == parents && own != os.Getpid()
}

// isSuspend reports whether a signal is that of Ctrl-Z.
func isSuspend(sig os.Signal) bool { return sig == syscall.SIGTSTP }

// defaultPager is that of most systems.
const defaultPager = "less"

// inShell is a command of a shell.
func inShell(command string) *exec.Cmd { return exec.Command("/bin/sh", "-c", command) }
