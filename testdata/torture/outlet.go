package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/creack/pty"
)

// outlet is where reeve writes, and what becomes of it.
//
//	read    a pipe that is read to its end
//	unread  a pipe that nobody reads
//	shut    a pipe whose reader goes away after a moment
//	pty     a terminal; ctty: reeve's controlling terminal too
//	file    a file
//	full    a full disk
//	none    no standard output at all
type outlet struct {
	kind   string
	theirs *os.File // reeve's standard output
	ours   *os.File // the other end, where there is one
	text   tail
}

// openOutlet makes one for a round in a directory.
func openOutlet(kind, dir string) (o *outlet, err error) {
	o = &outlet{kind: kind}
	switch kind {
	case "read", "unread", "shut":
		o.ours, o.theirs, err = os.Pipe()
	case "pty", "ctty":
		o.ours, o.theirs, err = terminal()
	case "file":
		o.theirs, err = os.Create(filepath.Join(dir, "log"))
	case "full":
		o.theirs, err = os.OpenFile("/dev/full", os.O_WRONLY, 0)
	case "none":
	default:
		err = fmt.Errorf("no outlet %q", kind)
	}
	return o, err
}

// terminal makes a pseudo-terminal. Reading pty's own master blocks a thread and keeps
// it from being closed.
func terminal() (ours, theirs *os.File, err error) {
	master, theirs, err := pty.Open()
	if err != nil {
		return nil, nil, err
	}
	defer master.Close()
	fd, err := syscall.Dup(int(master.Fd()))
	if err != nil {
		return nil, nil, err
	}
	syscall.CloseOnExec(fd)
	if err := syscall.SetNonblock(fd, true); err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(fd), "master"), theirs, nil
}

// begin is called when reeve has started.
func (o *outlet) begin() {
	if o.theirs != nil {
		_ = o.theirs.Close()
	}
	if o.ours != nil && o.kind != "unread" {
		go o.read()
	}
}

func (o *outlet) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := o.ours.Read(buf)
		o.text.add(buf[:n])
		if err != nil {
			return
		}
	}
}

// shut closes the end that is read.
func (o *outlet) shut() {
	if o.ours != nil {
		_ = o.ours.Close()
	}
}

// stopping says whether reeve has said that the formation is being stopped.
func (o *outlet) stopping() bool {
	o.text.mu.Lock()
	defer o.text.mu.Unlock()
	return o.text.stopping
}

// attributes give reeve its session and terminal.
func (s *script) attributes() *syscall.SysProcAttr {
	switch {
	case s.outlet == "ctty":
		return &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	case s.leads:
		return &syscall.SysProcAttr{Setsid: true}
	}
	// Never in this program's own group, whose Ctrl-C it would get.
	return &syscall.SysProcAttr{Setpgid: true}
}

// tail keeps the end of what is written.
type tail struct {
	mu       sync.Mutex
	text     []byte
	stopping bool
}

func (t *tail) add(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 16 << 10
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-most):]
	t.stopping = t.stopping || bytes.Contains(p, []byte("stopping"))
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
