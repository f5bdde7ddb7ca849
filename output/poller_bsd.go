//go:build darwin || freebsd

package output

import (
	"errors"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// poller waits for any of many descriptors with kqueue(2). poll(2) would not do on macOS, where it
// tells of the end of a reader only to who has asked for something else.
type poller struct {
	queue   int
	wakeup  [2]int // a pipe that wakes the waiter
	streams map[int]*Stream
	events  [128]unix.Kevent_t
	ready   []*Stream

	lifelines []int // descriptors whose other end may go
	late      []int // those of them whose other end had gone before it could be asked
	gone      []int // those of them whose other end has, since the last wait
}

func (p *poller) init() (err error) {
	p.streams = map[int]*Stream{}
	syscall.ForkLock.RLock() // macOS has no pipe2(2)
	err = unix.Pipe(p.wakeup[:])
	if err == nil {
		unix.CloseOnExec(p.wakeup[0])
		unix.CloseOnExec(p.wakeup[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return err
	}
	if err := errors.Join(unix.SetNonblock(p.wakeup[0], true), unix.SetNonblock(p.wakeup[1], true)); err != nil {
		return err
	}
	if p.queue, err = unix.Kqueue(); err != nil { // which no child inherits
		return err
	}
	return p.change(p.wakeup[0], unix.EVFILT_READ, unix.EV_ADD)
}

func (p *poller) change(fd, filter, flags int) error {
	changes := make([]unix.Kevent_t, 1)
	unix.SetKevent(&changes[0], fd, filter, flags)
	_, err := unix.Kevent(p.queue, changes, nil, nil)
	return err
}

// lifeline is what is asked of a descriptor whose other end may go. A terminal tells of that along
// with what is typed, a pipe or a socket when it has room. Nobody is at the other end of a file.
func lifeline(fd int) (filter int, ok bool) {
	var file unix.Stat_t
	if unix.Fstat(fd, &file) != nil {
		return 0, false
	}
	switch file.Mode & unix.S_IFMT {
	case unix.S_IFCHR:
		return unix.EVFILT_READ, true
	case unix.S_IFIFO, unix.S_IFSOCK:
		return unix.EVFILT_WRITE, true
	}
	return 0, false
}

// keepAnEyeOn makes the poller take note, once, when nobody reads a pipe any longer, a socket
// is closed or a terminal hung up. What else a descriptor may be does not tell, and need not.
func (p *poller) keepAnEyeOn(fd int) {
	filter, ok := lifeline(fd)
	if !ok {
		return
	}
	switch err := p.change(fd, filter, unix.EV_ADD|unix.EV_CLEAR); {
	case err == nil:
		p.lifelines = append(p.lifelines, fd)
	case errors.Is(err, unix.EPIPE): // it is too late to ask
		p.late = append(p.late, fd)
		p.wake()
	}
}

func (p *poller) add(s *Stream) error {
	p.streams[s.fd] = s
	return p.change(s.fd, unix.EVFILT_READ, unix.EV_ADD)
}

func (p *poller) remove(s *Stream) {
	delete(p.streams, s.fd)
	// The descriptor may be shared with a child that is being started.
	_ = p.change(s.fd, unix.EVFILT_READ, unix.EV_DELETE)
}

// wake makes the present or the next wait return.
func (p *poller) wake() { _, _ = unix.Write(p.wakeup[1], []byte{0}) }

// wait returns the streams that can be read, after at most the given time; a
// negative one is for ever. More streams than it has room for are told next time.
func (p *poller) wait(timeout time.Duration) []*Stream {
	var within *unix.Timespec
	if timeout >= 0 {
		t := unix.NsecToTimespec(int64(timeout))
		within = &t
	}
	n, err := unix.Kevent(p.queue, nil, p.events[:], within)
	if err != nil { // interrupted
		n = 0
	}
	p.ready, p.gone, p.late = p.ready[:0], append(p.gone[:0], p.late...), nil
	for _, e := range p.events[:n] {
		switch fd := int(e.Ident); {
		case fd == p.wakeup[0]:
			var drop [64]byte
			_, _ = unix.Read(fd, drop[:])
		case p.streams[fd] != nil:
			p.ready = append(p.ready, p.streams[fd])
		case e.Flags&unix.EV_EOF != 0 && slices.Contains(p.lifelines, fd):
			p.gone = append(p.gone, fd)
			_ = p.change(fd, int(e.Filter), unix.EV_DELETE)
		}
	}
	p.lifelines = slices.DeleteFunc(p.lifelines, func(fd int) bool { return slices.Contains(p.gone, fd) })
	return p.ready
}

func (p *poller) close() {
	for _, fd := range []int{p.queue, p.wakeup[0], p.wakeup[1]} {
		_ = unix.Close(fd)
	}
}

func rest() { time.Sleep(restFor) }

func readNow(fd int, buf []byte) (int, error) { return unix.Read(fd, buf) }

// writeNow cannot tell beforehand whether a descriptor would wait.
func writeNow(int, []byte) (int, error) { return -1, errors.ErrUnsupported }

// here does nothing: a thread cannot be told to return from what it waits for.
func here() (thread int) { return 0 }

func nudge(int) {}

const fionread = 0x4004667f // FIONREAD of sys/filio.h

func enlarge(int) {}
