//go:build unix && !linux

package supervisor

import (
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// pipe keeps others from forking meanwhile: macOS has no pipe2(2).
func pipe(ends []int) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := unix.Pipe(ends); err != nil {
		return err
	}
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
	return nil
}

// wire is how reeve tells its guardian things: a pipe, whose end is the end of reeve.
type wire struct{ pipe int }

// write does not wait: a guardian that does not read must not stop the supervisor.
func (w *wire) write(p []byte) { _, _ = unix.Write(w.pipe, p) }

func (w *wire) isLong() bool           { return false }
func (w *wire) anew(p []byte)          { w.write(p) }
func (w *wire) replace(before, by int) {}
func (w *wire) close()                 { _ = unix.Close(w.pipe) }

func sayDone(*os.File) {}

func told(in *os.File) io.Reader { return in }

func newWire() (w *wire, theirs int, err error) {
	var ends [2]int
	if err := pipe(ends[:]); err != nil {
		return nil, -1, err
	}
	_ = unix.SetNonblock(ends[1], true)
	return &wire{ends[1]}, ends[0], nil
}

// beginGuardian executes a guardian, which has nothing but the pipe: it must not keep
// anybody's terminal or log open.
func beginGuardian(program, formation string) (pid int, w *wire, err error) {
	w, theirs, err := newWire()
	if err != nil {
		return 0, nil, err
	}
	defer unix.Close(theirs)
	read := uintptr(theirs)
	pid, err = forkExec(program, []string{GuardianName, formation}, &syscall.ProcAttr{
		Dir: "/", Env: guardianEnviron, Files: []uintptr{read, read, read}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		w.close()
		return 0, nil, err
	}
	return pid, w, nil
}
