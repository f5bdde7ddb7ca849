//go:build unix

package live

import (
	"io"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// InBackground makes a command survive the end of the terminal, and hands it the pipe by which it
// reports, as descriptor 3. What it says meanwhile has been said when settled returns.
func InBackground(c *exec.Cmd, report *os.File) (settled func(), err error) {
	c.Stderr, c.ExtraFiles = os.Stderr, []*os.File{report}
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return func() {}, nil
}

// reportPipe is the pipe by which a detached reeve reports.
func reportPipe() io.WriteCloser { return os.NewFile(3, "pipe") }

// TakeReport does nothing: descriptor 3 is nobody else's.
func TakeReport() {}

// redirect makes a standard descriptor another file.
func redirect(from, to *os.File) { _ = unix.Dup2(int(from.Fd()), int(to.Fd())) }

// Interrupt hands a signal on to a detached reeve.
func Interrupt(p *os.Process, sig os.Signal) { _ = p.Signal(sig) }
