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
	"sync"
	"sync/atomic"
	"time"

	"reeve/internal/stack"
)

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
	stack.Of8K()
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
