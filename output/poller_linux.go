package output

import (
	"os"
	"slices"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// poller waits for any of many descriptors with epoll(7): one goroutine, whatever their
// number, and nothing to do per wait for those that are silent.
//
// The goroutine parks in Go's own poller, and no thread is its own. A thread that waited in
// epoll_wait(2) would make the runtime's monitor wake up with it, each time, and look around:
// a process that writes 500 lines a second cost six switches of threads a line instead of one.
//
// What Go's poller waits for is a second epoll descriptor, the bell, which hears of the first
// one only while the goroutine is parked. Otherwise a thread would wake up also for what comes
// while the goroutine is at work, and finds without it.
type poller struct {
	epoll, event int // event is an eventfd(2) that wakes the waiter
	bell         *os.File
	ringer       int             // the bell's descriptor
	conn         syscall.RawConn // of the bell
	look         func(bell uintptr) (found bool)
	found        int  // how many events there were when it looked last
	limited      bool // the bell has a deadline
	streams      map[int32]*Stream
	events       [128]unix.EpollEvent
	ready        []*Stream
	lifelines    []int32 // descriptors whose other end may go
	gone         []int   // those of them whose other end has, since the last wait
}

func (p *poller) init() (err error) {
	p.streams = map[int32]*Stream{}
	if p.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if p.event, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return err
	}
	if err = p.hang(); err != nil {
		return err
	}
	return p.watch(p.event)
}

// hang makes the bell.
func (p *poller) hang() error {
	bell, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	if err := unix.SetNonblock(bell, true); err != nil { // or Go's poller would not take it
		return err
	}
	if err := unix.EpollCtl(bell, unix.EPOLL_CTL_ADD, p.epoll, &unix.EpollEvent{}); err != nil {
		return err
	}
	p.bell, p.ringer = os.NewFile(uintptr(bell), "bell"), bell
	p.look = func(uintptr) bool {
		p.found = pollNow(p.epoll, p.events[:])
		return p.found > 0
	}
	p.conn, err = p.bell.SyscallConn()
	return err
}

func (p *poller) watch(fd int) error {
	return unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

// keepAnEyeOn makes the poller take note, once, when nobody reads a pipe any longer, a socket
// is closed or a terminal hung up. What else a descriptor may be does not tell, and need not.
func (p *poller) keepAnEyeOn(fd int) {
	p.lifelines = append(p.lifelines, int32(fd))
	// EPOLLERR and EPOLLHUP come unasked.
	_ = unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLONESHOT, Fd: int32(fd)})
}

func (p *poller) add(s *Stream) error {
	p.streams[int32(s.fd)] = s
	return p.watch(s.fd)
}

func (p *poller) remove(s *Stream) {
	delete(p.streams, int32(s.fd))
	// The descriptor may be shared with a child that is being started.
	_ = unix.EpollCtl(p.epoll, unix.EPOLL_CTL_DEL, s.fd, nil)
}

// wake makes the present or the next wait return.
func (p *poller) wake() {
	one := [8]byte{1}
	_, _ = unix.Write(p.event, one[:])
}

// wait returns the streams that can be read, after at most the given time; a
// negative one is for ever. More streams than it has room for are told next time:
// the kernel goes round.
func (p *poller) wait(timeout time.Duration) []*Stream {
	if p.found = pollNow(p.epoll, p.events[:]); p.found == 0 && timeout != 0 {
		p.park(timeout)
	}
	p.ready, p.gone = p.ready[:0], p.gone[:0]
	for _, e := range p.events[:p.found] {
		if e.Fd == int32(p.event) {
			var count [8]byte
			_, _ = readNow(p.event, count[:])
		} else if s := p.streams[e.Fd]; s != nil {
			p.ready = append(p.ready, s)
		} else if slices.Contains(p.lifelines, e.Fd) {
			p.gone = append(p.gone, int(e.Fd))
		}
	}
	return p.ready
}

// park waits until something is found.
func (p *poller) park(timeout time.Duration) {
	switch {
	case timeout > 0:
		_ = p.bell.SetReadDeadline(time.Now().Add(timeout))
		p.limited = true
	case p.limited:
		_ = p.bell.SetReadDeadline(time.Time{})
		p.limited = false
	}
	p.hear(unix.EPOLLIN)
	_ = p.conn.Read(p.look) // the only error is the deadline's
	p.hear(0)
}

// hear makes the bell ring for some events.
func (p *poller) hear(events uint32) {
	_ = unix.EpollCtl(p.ringer, unix.EPOLL_CTL_MOD, p.epoll, &unix.EpollEvent{Events: events})
}

func (p *poller) close() {
	_ = p.bell.Close()
	_, _ = unix.Close(p.epoll), unix.Close(p.event)
}

// rest pauses the calling thread. It is not time.Sleep, whose shortest pause is a
// millisecond where nothing else happens. Go's runtime is not told of it, see [pollNow]: it is
// as short as many a computation.
func rest() {
	t := unix.NsecToTimespec(int64(restFor))
	_, _, _ = unix.RawSyscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&t)), 0, 0)
}

// here gives the thread of the calling goroutine, which keeps it until it waits for something
// and, all but always, until its next system call. Locking it there would cost the loop a
// fifth of its throughput.
func here() (thread int) { return unix.Gettid() }

// nudge makes a thread return from a write in which it waits for the rest to be taken, if
// some has been. The signal is the one that Go's runtime sends its own threads, and takes
// for nothing else where it comes unasked.
func nudge(thread int) { _ = unix.Tgkill(os.Getpid(), thread, unix.SIGURG) }

const fionread = unix.TIOCINQ // the same as FIONREAD

// enlarge gives a pipe that the log goes to room for several batches: the reader is
// then woken less often. It fails, and that is fine, for anything but a pipe.
func enlarge(fd int) {
	if size, err := unix.FcntlInt(uintptr(fd), unix.F_GETPIPE_SZ, 0); err == nil && size < batchSize {
		_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, batchSize)
	}
}
