//go:build unix && !linux

package output

import (
	"time"

	"golang.org/x/sys/unix"
)

// poller waits for any of many descriptors with poll(2).
type poller struct {
	wakeup  [2]int // a pipe that wakes the waiter
	streams map[int]*Stream
	fds     []unix.PollFd
	ready   []*Stream
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
	msec := -1
	if timeout >= 0 {
		msec = int((timeout + time.Millisecond - 1) / time.Millisecond)
	}
	_, _ = unix.Poll(p.fds, msec)
	p.ready = p.ready[:0]
	for i, fd := range p.fds {
		switch {
		case fd.Revents == 0:
		case i == 0:
			var drop [64]byte
			_, _ = unix.Read(p.wakeup[0], drop[:])
		default:
			p.ready = append(p.ready, p.streams[int(fd.Fd)])
		}
	}
	return p.ready
}

func (p *poller) close() { _, _ = unix.Close(p.wakeup[0]), unix.Close(p.wakeup[1]) }

func rest() { time.Sleep(restFor) }

const fionread = 0x4004667f // FIONREAD of sys/filio.h

func enlarge(int) {}
