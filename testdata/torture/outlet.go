package main

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// outlet is where reeve writes its log or its errors, and what becomes of it.
//
//	read     a pipe that is read to its end
//	socket   a socket that is
//	slow     a pipe whose reader takes a piece now and then
//	drips    a pipe whose reader takes a byte now and then
//	unread   a pipe that nobody reads
//	filled   one in which there is no room from the beginning
//	ignored  a socket that nobody reads, without room
//	shut     a pipe whose reader goes away after a moment
//	gone     a pipe that never had a reader
//	pty      a terminal; ctty: reeve's controlling terminal too
//	stopped  a terminal after Ctrl-S
//	hung     a terminal that is gone
//	file     a file
//	full     a full disk
//	none     no descriptor at all
type outlet struct {
	kind   string
	theirs *os.File // reeve's standard output or error
	ours   *os.File // the other end, where there is one
	text   tail
}

// These tell reeve to stop, as standard output.
var deafOutlets = []string{"gone", "hung"}

// openOutlet makes one; file is its name if it is a file.
func openOutlet(kind, file string) (o *outlet, err error) {
	o = &outlet{kind: kind}
	switch kind {
	case "read", "slow", "drips", "unread", "filled", "shut", "gone":
		o.ours, o.theirs, err = os.Pipe()
	case "socket", "ignored":
		o.ours, o.theirs, err = socketPair()
	case "pty", "ctty", "stopped", "hung":
		o.ours, o.theirs, err = terminal()
	case "file":
		o.theirs, err = os.Create(file)
	case "full":
		o.theirs, err = os.OpenFile("/dev/full", os.O_WRONLY, 0)
	case "none":
	default:
		err = fmt.Errorf("no outlet %q", kind)
	}
	if err != nil {
		return nil, err
	}
	switch kind {
	case "filled", "ignored":
		err = fill(o.theirs)
	case "stopped":
		err = unix.IoctlSetInt(int(o.theirs.Fd()), unix.TCXONC, unix.TCOOFF)
	case "gone", "hung":
		o.shut()
	}
	return o, err
}

func socketPair() (ours, theirs *os.File, err error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(ends[0]), "ours"), os.NewFile(uintptr(ends[1]), "theirs"), nil
}

// fill leaves no room in a pipe or a socket.
func fill(f *os.File) error {
	fd := int(f.Fd())
	if err := unix.SetNonblock(fd, true); err != nil {
		return err
	}
	for {
		if _, err := unix.Write(fd, make([]byte, 4096)); err != nil {
			return unix.SetNonblock(fd, false)
		}
	}
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
	switch o.kind {
	case "unread", "filled", "ignored", "stopped", "gone", "hung":
	default:
		if o.ours != nil {
			go o.read()
		}
	}
}

// paces are how much a slow reader takes, and how often.
var paces = map[string]struct {
	piece int
	every time.Duration
}{
	"slow":  {32 << 10, 300 * time.Millisecond},
	"drips": {1, 300 * time.Millisecond},
}

func (o *outlet) read() {
	pace, slow := paces[o.kind]
	buf := make([]byte, 64<<10)
	if slow {
		buf = buf[:pace.piece]
	}
	for {
		n, err := o.ours.Read(buf)
		o.text.add(buf[:n])
		if err != nil {
			return
		}
		time.Sleep(pace.every)
	}
}

// shut closes the end that is read.
func (o *outlet) shut() {
	if o.ours != nil {
		_ = o.ours.Close()
	}
}

// stopping reports whether reeve has said that the formation is being stopped.
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
