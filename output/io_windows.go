package output

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

// On Windows there is nothing like poll(2) for pipes: a goroutine reads each of them
// and hands over one piece at a time.

// poller collects what the goroutines have read.
type poller struct {
	gone    []int // none ever is: nothing tells
	mu      sync.Mutex
	pending map[int]struct{}
	ready   chan struct{}
	streams map[int]*Stream
	found   []*Stream
}

// pipe is one descriptor's goroutine, seen from the mux. The goroutine hands a piece
// over and leaves its buffer alone until the piece is taken.
type pipe struct {
	pieces chan piece
	taken  chan struct{} // closed when the stream is
}

// piece is what one read has brought.
type piece struct {
	data []byte
	err  error
}

// pipes are the descriptors that are read now; read looks them up.
var pipes sync.Map // int → *pipe

func (p *poller) init() error {
	p.pending, p.streams = map[int]struct{}{}, map[int]*Stream{}
	p.ready = make(chan struct{}, 1)
	return nil
}

func (p *poller) add(s *Stream) error {
	p.streams[s.fd] = s
	in := &pipe{pieces: make(chan piece, 1), taken: make(chan struct{}, 1)}
	pipes.Store(s.fd, in)
	go p.feed(s.fd, in)
	return nil
}

// feed reads until the end, and waits until each piece is taken. It closes the
// descriptor, as nobody else knows when its last read is over.
func (p *poller) feed(fd int, in *pipe) {
	defer syscall.CloseHandle(syscall.Handle(fd))
	buf := make([]byte, readSize)
	for open, err := true, error(nil); open; _, open = <-in.taken {
		if err != nil {
			continue // wait for the stream to be closed
		}
		var n int
		if n, err = syscall.Read(syscall.Handle(fd), buf); n <= 0 && err == nil {
			err = os.ErrClosed
		}
		in.pieces <- piece{buf[:max(n, 0)], err}
		p.mu.Lock()
		p.pending[fd] = struct{}{}
		p.mu.Unlock()
		p.wake()
	}
}

// keepAnEyeOn does nothing, see gone.
func (p *poller) keepAnEyeOn(int) {}

func (p *poller) remove(s *Stream) { delete(p.streams, s.fd) }

// wake makes the present or the next wait return.
func (p *poller) wake() {
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

// wait returns the streams that can be read, after at most the given time; a
// negative one is for ever.
func (p *poller) wait(timeout time.Duration) []*Stream {
	var after <-chan time.Time
	if timeout >= 0 {
		after = time.After(timeout)
	}
	select {
	case <-p.ready:
	case <-after:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found = p.found[:0]
	for fd := range p.pending {
		if s := p.streams[fd]; s != nil {
			p.found = append(p.found, s)
		}
		delete(p.pending, fd)
	}
	return p.found
}

func (p *poller) close() {}

var errAgain = errors.New("nothing to read yet")

// read hands over what a pipe's goroutine has read.
func read(fd int, buf []byte) (int, error) {
	v, ok := pipes.Load(fd)
	if !ok {
		return 0, os.ErrClosed
	}
	in := v.(*pipe)
	select {
	case next := <-in.pieces:
		n := copy(buf, next.data)
		in.taken <- struct{}{}
		if n > 0 {
			return n, nil
		}
		return 0, next.err
	case <-time.After(onItsWay):
		return 0, errAgain
	}
}

// onItsWay is how long what has been written may take to come through the goroutine that reads it. Only
// the last words of a run are asked for before there are any.
const onItsWay = 50 * time.Millisecond

func again(err error) bool { return errors.Is(err, errAgain) }

// writable reports true: there is no way to tell.
func writable(int, time.Duration) bool { return true }

func write(fd int, p []byte) (int, error) { return syscall.Write(syscall.Handle(fd), p) }

// writeNow cannot tell beforehand whether a descriptor would wait.
func writeNow(int, []byte) (int, error) { return -1, errors.ErrUnsupported }

// readerGone reports whether a write has failed since nobody will ever read it.
func readerGone(err error) bool {
	const noData = syscall.Errno(232)
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData)
}

func closeFD(fd int) {
	in, ok := pipes.LoadAndDelete(fd)
	if !ok {
		_ = syscall.CloseHandle(syscall.Handle(fd)) // never read
		return
	}
	_ = syscall.CancelIoEx(syscall.Handle(fd), nil)
	close(in.(*pipe).taken)
}

func takeBack(_, _ int) bool { return false }

func hungUp(error) bool { return false }

func enlarge(int) {}

// here does nothing: a thread cannot be told to return from what it waits for.
func here() (thread int) { return 0 }

func nudge(int) {}

func queued(int) int { return 0 }

func rest() { time.Sleep(restFor) }
