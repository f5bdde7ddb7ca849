// Package output weaves what many processes write into one log.
//
// One goroutine, the loop in [Mux.loop], owns everything: it waits until some
// process has written, reads what is there, a buffer's worth from each in turn,
// puts the prefixes in front of the lines and writes the batch in one go. So a line
// costs no allocation and no system call of its own, a flood cannot keep a quiet
// process waiting for longer than one batch, and a slow reader of the log slows the
// processes as any pipe would, for while the batch is being written nothing is read.
//
// Everybody else talks to that goroutine through a queue, and never waits for it. What
// the processes have written can be read again from a [History], even while that goroutine
// waits for the log's reader.
//
// A terminal may belong to one of the processes, which gets what is typed; the output of
// the others then appears above its line.
package output

import (
	"regexp"
	"sync"
	"sync/atomic"
	"time"
)

// Options say where the log goes and what it looks like.
type Options struct {
	Out      int    // the descriptor that is written to; it may be non-blocking; negative: none
	Format   Format // [NewText] or [NewJSON]
	Terminal bool   // Out is a terminal: unfinished lines are shown
	// Closed is called once, from the mux's goroutine, when nobody reads Out any
	// more, also if nothing is written just then. Everything written afterwards is
	// dropped.
	Closed func()
	// Failed is called once, likewise, when Out cannot be written for another reason.
	// The formation runs on; what cannot be written is dropped.
	Failed func(error)
	// Lifelines are other descriptors than Out. HungUp is called, likewise, when the other
	// end of one of them is gone.
	Lifelines []int
	HungUp    func()
	// Apart is told of every notice, likewise, when all that came before it has been written;
	// nil: nobody is. It is for a log in which there are none.
	Apart func(Notice)
	// Flooded is called once, likewise, when the processes have written much; nil: nobody is told.
	Flooded func()
	// Columns tells how wide the terminal is; nil: nobody knows.
	Columns func() int
	// History keeps what is written, also what Out never gets; nil: nothing is kept.
	History *History
	// Files also get the log; nil: there are none. The caller closes them, after the mux.
	Files *Files
	// Without are messages of reeve's own that are not shown, nor in files.
	Without []*regexp.Regexp
}

// Format turns what processes write into bytes of the log. Its methods append to out
// and return it. They are called from the mux's goroutine only.
type Format interface {
	// tick tells the time of everything that follows.
	tick(now time.Time)
	// lines cuts p, what a stream has just written, into lines. The unfinished last
	// line stays with the stream.
	lines(out []byte, s *Stream, p []byte) []byte
	// open shows a stream's unfinished line.
	open(out []byte, s *Stream) []byte
	// finish ends a stream's unfinished line, if it has one.
	finish(out []byte, s *Stream) []byte
	// notice appends a message of reeve's own.
	notice(out []byte, n Notice) []byte
	// settle completes what is written in one go.
	settle(out []byte) []byte
	// end closes what is still open when the log ends.
	end(out []byte) []byte
}

// Sizes of the output path. 64 KiB is what a pipe holds by default, so one read
// empties it; larger buffers were not faster.
const (
	readSize = 64 << 10
	// terminalRead is what a terminal hands over at once when it has more, on Linux.
	terminalRead = 4<<10 - 1
	batchSize    = 256 << 10 // a batch that has grown to this is written at once
	// drainReads bounds how much is read from a run that has ended: 1 MiB is the
	// most that a pipe of an unprivileged user holds (pipe(7)).
	drainReads = 16
	// maxQueue bounds what waits for a log that is not being read.
	maxQueue = 4096
)

// muchOutput is more than programs write as they start.
const muchOutput = 128 << 10

// restFor is how long the loop rests when a round has brought less than littleRead
// bytes, hastily after the one before. They are on their way already, so the rest delays
// nobody who writes now and then; but of a process that writes line by line, as fast as it
// can, it lets more than one line come together. Without it there is a wake-up a line: a
// quarter of the throughput, at ten times the cost. The loop goes on so while its rests bring
// less than restedRead, which is far less than what would make a process wait for its pipe.
const (
	restFor    = 50 * time.Microsecond
	littleRead = 2 << 10
	restedRead = 16 << 10
	hastily    = 250 * time.Microsecond
)

// openAfter is how long a line may be unfinished before a terminal shows it, and
// lastWordsTake how long a terminal's last words may take from the process to reeve: the
// kernel hands them over in a work queue of its own.
const (
	openAfter     = 40 * time.Millisecond
	lastWordsTake = 20 * time.Millisecond
)

// Mux writes many streams into one log.
type Mux struct {
	Options
	poll poller

	mu    sync.Mutex // guards what follows, and the poller's end
	queue []item
	puts  int // how many items were put into it
	shown int // how many of them had been dealt with when the log was written last
	lost  int // notices dropped since the queue was full

	ending bool // nothing is put into it any more

	// The rest belongs to the loop.
	streams map[*Stream]struct{}
	now     time.Time // of everything in this round
	buf     []byte
	batch   []byte
	wanted  []byte   // lines that some pattern has let pass
	own     *sieve   // for reeve's own messages; nil: all pass
	apart   []Notice // that Apart is not told of yet
	status  status
	waiting *item // an ended run whose last words are awaited
	until   time.Time
	closed  bool
	got     int  // bytes that were read in this round
	seen    int  // and in all rounds, until Flooded is called
	rested  bool // the loop has rested before it
	failed  bool
	waits   bool   // whoever writes Out may have to wait: it cannot be written otherwise
	torn    []byte // the rest of a line that could be written only in part

	thread  atomic.Int64 // that the loop writes in
	writing atomic.Int32 // see [Mux.write]
	enough  atomic.Bool  // the reader of the log has had its time
	written atomic.Int64 // bytes, to see whether the reader still reads
	done    chan struct{}
}

// New starts a mux. It ends with [Mux.Close].
func New(o Options) (*Mux, error) {
	m := &Mux{Options: o, buf: make([]byte, readSize), streams: map[*Stream]struct{}{}, done: make(chan struct{})}
	if err := m.poll.init(); err != nil {
		return nil, err
	}
	if o.Out < 0 {
		m.Format = silence{}
	}
	if len(o.Without) > 0 {
		m.own = &sieve{not: o.Without}
	}
	enlarge(o.Out)
	m.watchReader()
	go m.loop()
	return m, nil
}

// watchReader makes the poller notice the end of whoever reads the log.
func (m *Mux) watchReader() {
	if m.Out >= 0 {
		m.poll.keepAnEyeOn(m.Out)
	}
	for _, fd := range m.Lifelines {
		m.poll.keepAnEyeOn(fd)
	}
}

func (m *Mux) loop() {
	defer close(m.done)
	for {
		ready := m.poll.wait(m.timeout())
		for _, fd := range m.poll.gone {
			if fd == m.Out {
				m.close()
			} else {
				m.HungUp()
			}
		}
		before := m.now
		m.now = time.Now()
		m.Format.tick(m.now)
		finish := m.items()
		for _, s := range ready {
			if s.fd >= 0 {
				m.read(s)
			}
		}
		m.showOpen(time.Now())
		if finish {
			m.batch = m.Format.end(m.batch)
		}
		m.flush()
		m.tellApart()
		if finish {
			m.flush() // what it had to say of dropped notices
			m.end()
			return
		}
		if m.rested = m.wantsRest(before); m.rested {
			rest()
		}
		m.got = 0
	}
}

// wantsRest reports whether more is likely to come together if the loop rests.
func (m *Mux) wantsRest(before time.Time) bool {
	enough := littleRead
	if m.rested {
		enough = restedRead
	}
	return m.got > 0 && m.got < enough && m.now.Sub(before) < hastily
}

// end gives back what the loop has used.
func (m *Mux) end() {
	m.tellApart()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ending, m.queue = true, nil
	m.poll.close()
	m.History.close()
}

// timeout is how long to wait for something to read; negative: for ever.
func (m *Mux) timeout() time.Duration {
	first := m.until
	if m.Terminal {
		for s := range m.streams {
			if due := s.due(); !due.IsZero() && (first.IsZero() || due.Before(first)) {
				first = due
			}
		}
	}
	if first.IsZero() {
		return -1
	}
	return max(0, time.Until(first))
}

// items does what is in the queue, up to the end of a run whose last words are still
// on their way. It reports whether the log is to be finished.
func (m *Mux) items() (finish bool) {
	for {
		if m.waiting != nil {
			if !m.lastWords(m.waiting) {
				return false
			}
			m.waiting = nil
		}
		i, ok := m.take()
		switch {
		case !ok:
			return false
		case i.finish:
			m.finishAll()
			m.status.set("")
			return true
		case i.open != nil:
			m.add(i.open)
		case i.status != nil:
			m.status.set(*i.status)
		case i.draw != nil:
			m.draw(i.draw)
		case i.ended != nil:
			m.waiting, m.until = &i, time.Now().Add(lastWordsTake)
		default:
			m.notice(*i.notice)
			m.flushFull()
		}
	}
}

func (m *Mux) add(s *Stream) {
	m.streams[s] = struct{}{}
	s.tape, s.filed = m.History.tapeOf(s), m.Files.begin(s, m.now)
	if len(s.Without) > 0 && !(s.Attached && m.Terminal) {
		s.sifted = &sifted{sieve: &sieve{not: s.Without}}
	}
	if err := m.poll.add(s); err != nil {
		m.notice(Notice{Event: "warning", Text: "cannot read the output of " + s.Name + ": " + err.Error()})
		m.drop(s)
	}
}

// lastWords reads what an ended run has left and writes the notice of its end. It
// reports false while a terminal may still hand something over.
func (m *Mux) lastWords(i *item) bool {
	for _, s := range i.ended {
		if m.drain(s); s.fd >= 0 && s.Terminal && time.Now().Before(m.until) {
			return false
		}
	}
	m.until = time.Time{}
	if i.read != nil {
		i.read()
		return true
	}
	for _, s := range i.ended {
		m.finish(s)
	}
	m.notice(*i.notice)
	return true
}

// drain reads what is there, but not for ever: others may go on writing.
func (m *Mux) drain(s *Stream) {
	for range drainReads {
		if s.fd < 0 || !m.read(s) {
			return
		}
	}
}

// finishAll reads what is left everywhere.
func (m *Mux) finishAll() {
	for s := range m.streams {
		m.drain(s)
		if s.fd >= 0 {
			m.drop(s)
		}
	}
}

// read reads once from a stream, and reports whether there was anything.
func (m *Mux) read(s *Stream) bool {
	n, err := m.readOnce(s)
	switch {
	case n > 0:
		m.got += n
		m.noteFlood(n)
		if s.tape != nil {
			m.History.write(s, m.now, m.buf[:n])
		}
		if s.Watch != nil && !s.Watch.over {
			s.Watch.look(m.buf[:n])
		}
		if s.sifted != nil {
			m.sift(s, m.buf[:n])
		} else {
			m.show(s, m.buf[:n])
		}
		m.flushFull()
		return true
	case again(err):
		return false
	}
	// The end: 0, or EIO, which is how Linux says that a terminal has nobody left.
	m.drop(s)
	return false
}

// show has the log and the files show what a stream has brought.
func (m *Mux) show(s *Stream, p []byte) {
	if !s.Quiet {
		m.batch = m.Format.lines(m.batch, s, p)
	}
	if s.filed != nil && m.Files.write(s.filed, m.now, p) {
		m.flush()
		m.Files.await()
	}
}

// noteFlood counts what was read until that is much.
func (m *Mux) noteFlood(n int) {
	if m.Flooded == nil {
		return
	}
	if m.seen += n; m.seen >= muchOutput {
		m.Flooded()
		m.Flooded = nil
	}
}

// readOnce reads what there is, up to a buffer's worth. A terminal hands over 4 KiB at once,
// however much it has: batches of that size cost a third more than full ones.
func (m *Mux) readOnce(s *Stream) (n int, err error) {
	n, err = read(s.fd, m.buf)
	for more := n; s.Terminal && more >= terminalRead && n+more <= len(m.buf); n += max(more, 0) {
		more, _ = read(s.fd, m.buf[n:]) // an error is told again
	}
	return n, err
}

// drop ends a stream.
func (m *Mux) drop(s *Stream) {
	m.finish(s)
	m.Files.end(s.filed, m.now)
	m.poll.remove(s)
	delete(m.streams, s)
	s.close()
}

// finish ends a stream's unfinished line, if it has one.
func (m *Mux) finish(s *Stream) {
	if s.tape != nil {
		m.History.finish(s, m.now)
	}
	m.judge(s)
	s.sifted.forget()
	m.Files.finish(s.filed, m.now)
	m.batch = m.Format.finish(m.batch, s)
}

// notice writes a message of reeve's own.
func (m *Mux) notice(n Notice) {
	m.History.notice(n, m.now)
	if m.own != nil && !m.own.passes([]byte(n.Text)) {
		return
	}
	m.Files.notice(n, m.now)
	m.batch = m.Format.notice(m.batch, n)
	if m.Apart != nil {
		m.apart = append(m.apart, n)
	}
}

func (m *Mux) tellApart() {
	for _, n := range m.apart {
		m.Apart(n)
	}
	m.apart = nil
}

// showOpen shows the unfinished lines that have been so for a while.
func (m *Mux) showOpen(now time.Time) {
	if !m.Terminal {
		return
	}
	for s := range m.streams {
		if due := s.due(); !due.IsZero() && !now.Before(due) {
			m.judge(s)
			m.batch = m.Format.open(m.batch, s)
			s.since = time.Time{}
		}
	}
}
