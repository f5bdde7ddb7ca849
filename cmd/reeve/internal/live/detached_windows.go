package live

import (
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// InBackground makes a command survive the end of the console, with a console of its own that
// nobody sees, and hands it the pipe by which it reports as its standard output: that is all that
// Go hands on. What it says meanwhile comes by another pipe, since this console is not its own, and
// has been said when settled returns: what was written before the report is there by then.
func InBackground(c *exec.Cmd, report *os.File) (settled func(), err error) {
	ours, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.Stdout, c.Stderr = report, theirs
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW | leave()}
	said := make(chan struct{})
	go func() {
		_, _ = io.Copy(os.Stderr, ours)
		close(said)
	}()
	return func() {
		_ = theirs.Close()
		select {
		case <-said:
		case <-time.After(saidWithin): // the host of the other console may have the pipe as well
		}
	}, nil
}

// saidWithin is how long it takes at most to copy what is there already.
const saidWithin = 100 * time.Millisecond

// leave is the flag with which a process leaves the job that this one is in, as that of a remote
// session, if the job lets it. Otherwise it ends with the job.
func leave() (flag uint32) {
	const own = windows.Handle(0)
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	err := windows.QueryInformationJobObject(own, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)), nil)
	if err == nil && limits.BasicLimitInformation.LimitFlags&windows.JOB_OBJECT_LIMIT_BREAKAWAY_OK != 0 {
		return windows.CREATE_BREAKAWAY_FROM_JOB
	}
	return 0
}

// reports is where a detached reeve reports.
var reports = os.Stdout

// reportPipe is the pipe by which a detached reeve reports.
func reportPipe() io.WriteCloser { return reports }

// TakeReport keeps the pipe by which this reeve reports, and leaves a standard output that nobody
// reads. No process that it starts gets what it was started with, and keeps it open.
func TakeReport() {
	for _, f := range []*os.File{os.Stdin, os.Stdout, os.Stderr} {
		_ = windows.SetHandleInformation(windows.Handle(f.Fd()), windows.HANDLE_FLAG_INHERIT, 0)
	}
	if null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0); err == nil {
		reports, os.Stdout = os.Stdout, null
		_ = windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(null.Fd()))
	}
}

// redirect gives up a standard descriptor. What is written to it from now on, also by Go itself in
// a crash, is lost.
func redirect(_, to *os.File) {
	which := map[*os.File]uint32{os.Stdin: windows.STD_INPUT_HANDLE, os.Stderr: windows.STD_ERROR_HANDLE}[to]
	_ = windows.SetStdHandle(which, windows.InvalidHandle)
	_ = to.Close()
}

// Interrupt ends a detached reeve, with all that it has started: it has a console of its own, and
// so there are no keys that would reach it.
func Interrupt(p *os.Process, _ os.Signal) { _ = p.Kill() }
