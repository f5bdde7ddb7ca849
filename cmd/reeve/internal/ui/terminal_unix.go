//go:build unix

package ui

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"reeve/output/screen"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// enter makes the terminal a screen: the alternate one, without a cursor, on which the last column
// scrolls nothing, and which tells what is pasted. leave takes that back.
const (
	enter     = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h"
	leave     = screen.Reset + "\x1b[2J\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
	mouseOn   = "\x1b[?1000h\x1b[?1006h"
	mouseOff  = "\x1b[?1006l\x1b[?1000l"
	escWithin = 50 * time.Millisecond // what else belongs to a key that begins with Esc comes
)

// tty is the terminal, which is ours or, for a while, somebody else's.
type tty struct {
	keys     chan []Event // what is typed; closed when the terminal is gone
	restore  func()       // nil: it is not ours
	guardian *supervisor.Guardian
	pipe     [2]*os.File   // a byte in it has the reading of keys pause
	wake     [2]int        // its descriptors
	paused   chan struct{} // it does
	resumed  chan struct{}
	gone     chan struct{} // closed when there is no terminal any longer
}

// openTerminal takes the terminal. If reeve is killed, its guardian gives it back.
func openTerminal() (*tty, error) {
	t := &tty{keys: make(chan []Event), paused: make(chan struct{}), resumed: make(chan struct{}), gone: make(chan struct{})}
	var err error
	if t.pipe[0], t.pipe[1], err = os.Pipe(); err != nil {
		return nil, err
	}
	t.wake = [2]int{int(t.pipe[0].Fd()), int(t.pipe[1].Fd())}
	t.guardian, _ = supervisor.StartGuardian("") // nil: nobody puts it right then
	t.guardian.KeepTerminal(0, screen.UsualModes)
	if err := t.take(); err != nil {
		t.guardian.Close()
		return nil, err
	}
	go t.read()
	return t, nil
}

// take makes the terminal ours.
func (t *tty) take() (err error) {
	t.restore, err = terminal.TakeKeys(0, terminal.AllKeys)
	if err == nil {
		_, _ = os.Stdout.WriteString(enter)
	}
	return err
}

// give makes it as it was.
func (t *tty) give() {
	if t.restore != nil {
		writeSoon(mouseOff + leave)
		t.restore()
		t.restore = nil
	}
}

// writeSoon writes to the terminal, but waits for no one who does not read it.
func writeSoon(text string) {
	done := make(chan struct{})
	go func() {
		_, _ = os.Stdout.WriteString(text)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(giveWithin):
	}
}

// giveWithin bounds how long the last words to the terminal may take.
const giveWithin = 300 * time.Millisecond

// close gives it back for good.
func (t *tty) close() {
	t.give()
	t.guardian.Close()
}

// lend gives the terminal to somebody else, who then reads what is typed. Take it back with
// takeBack.
func (t *tty) lend() {
	_, _ = unix.Write(t.wake[1], []byte{0})
	for paused := false; !paused; {
		select {
		case <-t.paused:
			paused = true
		case _, more := <-t.keys: // typed too early
			paused = !more
		}
	}
	t.give()
}

func (t *tty) takeBack() error {
	err := t.take()
	select {
	case t.resumed <- struct{}{}:
	case <-t.gone:
	}
	return err
}

// read reads what is typed, unless it is somebody else's.
func (t *tty) read() {
	defer close(t.keys)
	defer close(t.gone)
	var d decoder
	for buf := make([]byte, 4096); ; {
		n, err := t.readSome(buf, &d)
		switch {
		case err != nil:
			return
		case n == 0:
			t.keys <- d.flush()
		default:
			if events := d.take(buf[:n]); len(events) > 0 {
				t.keys <- events
			}
		}
	}
}

// readSome waits for what is typed. Nothing: nothing has come after what has only begun.
func (t *tty) readSome(buf []byte, d *decoder) (n int, err error) {
	for {
		wait := -1
		if d.pending() {
			wait = int(escWithin / time.Millisecond)
		}
		fds := []unix.PollFd{{Fd: 0, Events: unix.POLLIN}, {Fd: int32(t.wake[0]), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, wait)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, nil
		case fds[1].Revents != 0:
			_, _ = unix.Read(t.wake[0], buf[:1])
			t.paused <- struct{}{}
			<-t.resumed
			continue
		}
		n, err = unix.Read(0, buf)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err == nil && n == 0:
			return 0, os.ErrClosed
		}
		return n, err
	}
}

// size is that of the terminal.
func size() Resized {
	s := terminal.SizeOf(1)
	if s.Columns == 0 || s.Rows == 0 {
		return Resized{80, 24}
	}
	return Resized{int(s.Columns), int(s.Rows)}
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

// isSuspend reports whether a signal is that of Ctrl-Z, and isResize whether it tells of a new size.
func isSuspend(sig os.Signal) bool { return sig == syscall.SIGTSTP }
func isResize(sig os.Signal) bool  { return sig == terminal.ResizeSignal }

// endCode is the exit code after a signal.
func endCode(sig os.Signal) int {
	n, _ := sig.(syscall.Signal)
	return 128 + int(n)
}
