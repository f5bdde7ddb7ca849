//go:build unix && !linux

package output

import (
	"errors"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// poller waits for any of many descriptors with poll(2).
type poller struct {
	wakeup  [2]int // a pipe that wakes the waiter
	streams map[int]*Stream
	fds     []unix.PollFd
	ready   []*Stream

	lifelines []int // descriptors whose other end may go
	gone      []int // those of them whose other end has, since the last wait
}

func (p *poller) init() error {
	p.streams = map[int]*Stream{}
	if err := unix.Pipe(p.wakeup[:]); err != nil {
		return err
	}
	for _, fd := range p.wakeup {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return err
		}
	}
	return nil
}

// keepAnEyeOn makes the poller take note, once, when nobody reads a pipe any longer, a socket
// is closed or a terminal hung up.
func (p *poller) keepAnEyeOn(fd int) { p.lifelines = append(p.lifelines, fd) }

func (p *poller) add(s *Stream) error {
	p.streams[s.fd] = s
	return nil
}

func (p *poller) remove(s *Stream) { delete(p.streams, s.fd) }

// wake makes the present or the next wait return.
func (p *poller) wake() { _, _ = unix.Write(p.wakeup[1], []byte{0}) }

// wait returns the streams that can be read, after at most the given time; a
// negative one is for ever.
func (p *poller) wait(timeout time.Duration) []*Stream {
	p.fds = append(p.fds[:0], unix.PollFd{Fd: int32(p.wakeup[0]), Events: unix.POLLIN})
	for fd := range p.streams {
		p.fds = append(p.fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	for _, fd := range p.lifelines {
		p.fds = append(p.fds, unix.PollFd{Fd: int32(fd)})
	}
	msec := -1
	if timeout >= 0 {
		msec = int((timeout + time.Millisecond - 1) / time.Millisecond)
	}
	_, _ = unix.Poll(p.fds, msec)
	p.ready, p.gone = p.ready[:0], p.gone[:0]
	for i, fd := range p.fds {
		switch {
		case fd.Revents == 0:
		case i == 0:
			var drop [64]byte
			_, _ = unix.Read(p.wakeup[0], drop[:])
		case i > len(p.streams):
			p.gone = append(p.gone, int(fd.Fd))
		default:
			p.ready = append(p.ready, p.streams[int(fd.Fd)])
		}
	}
	p.lifelines = slices.DeleteFunc(p.lifelines, func(fd int) bool { return slices.Contains(p.gone, fd) })
	return p.ready
}

func (p *poller) close() { _, _ = unix.Close(p.wakeup[0]), unix.Close(p.wakeup[1]) }

func rest() { time.Sleep(restFor) }

func readNow(fd int, buf []byte) (int, error) { return unix.Read(fd, buf) }

// writeNow cannot tell beforehand whether a descriptor would wait.
func writeNow(int, []byte) (int, error) { return -1, errors.ErrUnsupported }

// here does nothing: a thread cannot be told to return from what it waits for.
func here() (thread int) { return 0 }

func nudge(int) {}

const fionread = 0x4004667f // FIONREAD of sys/filio.h

func enlarge(int) {}
