package output

import (
	"bytes"
	"errors"
	"sync"
	"time"

	"reeve/output/logdir"
)

// Files also writes the log to a directory: a file for each instance, and one for reeve's own messages.
//
// The mux hands over copies of what it reads. A goroutine cuts them into lines, in a format of its own, and
// writes these, so that no disk ever holds up the mux. What waits to be written is bounded. In a flood the mux
// waits for the disk as it does for the log's reader, since otherwise lines would be lost that the disk could
// take. But once the disk has taken nothing for a while, nothing waits for it any longer, and whole lines are
// dropped if there is no room for them. The file says how many are missing, and where.
type Files struct {
	FilesOptions
	open func(name string) logFile

	mu        sync.Mutex // guards what follows
	next      *load      // what is to be written
	stalled   bool       // the mux has waited in vain since something was taken
	impatient time.Time  // it does not wait again until then
	told      time.Time  // when there was something to tell of last
	over      bool

	news, taken, hurry chan struct{}
	done               chan struct{}

	// The rest belongs to the writing goroutine.
	files map[string]*outFile
	now   time.Time
	spare *load // for what will be handed over after next
}

// FilesOptions say where and how files are written.
type FilesOptions struct {
	Dir    *logdir.Dir
	Format Format // used here alone
	// Unmarked files have nothing but what processes write, not even that something is missing.
	Unmarked bool
	// Trouble is told why files cannot be written, from any goroutine: once, until all has gone well for a
	// while. [ErrSlow] is one reason, and [logdir.ErrVanished] says that there was one.
	Trouble func(error)
	// Wait is how long the log waits for the disk, if that is not to be the usual time.
	Wait time.Duration
}

// ErrSlow says that lines come faster than the disk takes them.
var ErrSlow = errors.New("the disk is too slow")

// Bounds of what waits to be written, and of who waits for that.
const (
	filesRoom    = 1 << 20                // bytes
	filesHurry   = 256 << 10              // at which the writer does not rest
	filesWait    = 500 * time.Millisecond // less than the end of a log waits for its reader
	impatientFor = 10 * time.Second
	retryAfter   = time.Second
	troubleFree  = time.Minute
)

// load is what is handed over in one go.
type load struct {
	filings []filing
	text    []byte
}

// filing is one thing to write. What it has of the text comes after what those before it have.
type filing struct {
	of            *filed // nil: reeve itself
	time          time.Time
	lost          int // lines before it that there was no room for
	size          int // of its text
	notice        *Notice
	begins        bool
	breaks, ended bool // the unfinished line is ended, and the stream with it
}

const filingSize = 96

func (l *load) size() int { return len(l.text) + len(l.filings)*filingSize }

// filed is a stream of which there is a file.
type filed struct {
	// The mux's: whether a line has begun, and the lines that were dropped since something was.
	begun, dropping bool
	dropped         int

	stream Stream // the writer's
}

// logFile is a file of a [logdir.Dir].
type logFile interface {
	Touch() error
	Append(lines []byte) (rest []byte, err error)
	Close()
}

// outFile is a file that is written.
type outFile struct {
	logFile
	label   Label
	streams int
	buf     []byte
	missing int       // lines that could not be written since one was
	again   time.Time // when to try again
}

// NewFiles begins to write into a directory that is claimed, or is to be claimed as soon as that is possible.
// It ends with [Files.Close].
func NewFiles(o FilesOptions) *Files {
	f := &Files{FilesOptions: o, open: func(name string) logFile { return o.Dir.File(name) }}
	f.start()
	return f
}

func (f *Files) start() {
	if f.Wait == 0 {
		f.Wait = filesWait
	}
	f.next, f.spare, f.files = &load{}, &load{}, map[string]*outFile{}
	f.news, f.taken, f.hurry = make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{}, 1)
	f.done = make(chan struct{})
	go f.run()
}

// The mux's side.

// begin begins the file of a stream, or goes on with it; nil: there are no files.
func (f *Files) begin(s *Stream, now time.Time) *filed {
	if f == nil {
		return nil
	}
	of := &filed{stream: Stream{Label: s.Label, Pid: s.Pid, Source: s.Source, Terminal: s.Terminal, fd: -1}}
	f.hand(filing{of: of, time: now, begins: true}, nil)
	return of
}

// write hands over what a stream has brought, and reports whether to wait for room.
func (f *Files) write(of *filed, now time.Time, p []byte) (wait bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next.size() >= filesRoom {
		of.dropping, of.dropped = true, of.dropped+bytes.Count(p, []byte{'\n'})
		of.begun = p[len(p)-1] != '\n'
		return f.mayWait(now)
	}
	if of.dropping && of.begun { // the rest of a line whose beginning is dropped
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			return false
		}
		of.begun, of.dropped, p = false, of.dropped+1, p[i+1:]
	}
	if len(p) == 0 {
		return false
	}
	of.begun = p[len(p)-1] != '\n'
	f.put(filing{of: of, time: now, lost: of.takeDropped(), size: len(p)}, p)
	return f.mayWait(now)
}

// mayWait reports whether there is no room, and waiting for it may help.
func (f *Files) mayWait(now time.Time) bool {
	return f.next.size() >= filesRoom && !f.stalled && !f.over && now.After(f.impatient)
}

func (of *filed) takeDropped() (lines int) {
	lines, of.dropped, of.dropping = of.dropped, 0, false
	return lines
}

// finish ends a stream's unfinished line, if it has one.
func (f *Files) finish(of *filed, now time.Time) {
	if of != nil && of.begun {
		if of.dropping {
			of.dropped++
		}
		lost := of.takeDropped()
		of.begun = false
		f.hand(filing{of: of, time: now, lost: lost, breaks: true}, nil)
	}
}

// end ends a stream.
func (f *Files) end(of *filed, now time.Time) {
	if of != nil {
		f.finish(of, now)
		f.hand(filing{of: of, time: now, lost: of.takeDropped(), ended: true}, nil)
	}
}

// notice hands over a message of reeve's own.
func (f *Files) notice(n Notice, now time.Time) {
	if f != nil {
		f.hand(filing{time: now, notice: &n}, nil)
	}
}

// hand hands over what is not a stream's text. There is little of it, so it is not bounded.
func (f *Files) hand(what filing, p []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.put(what, p)
}

func (f *Files) put(what filing, p []byte) {
	if f.over {
		return
	}
	if len(f.next.filings) == 0 {
		ring(f.news)
	}
	f.next.filings = append(f.next.filings, what)
	f.next.text = append(f.next.text, p...)
	if f.next.size() >= filesHurry {
		ring(f.hurry)
	}
}

// ring wakes whoever waits, now or next.
func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// await waits until there is room again, but not for ever, and not again soon.
func (f *Files) await() {
	var late <-chan time.Time
	for f.isCrowded() {
		if late == nil {
			timer := time.NewTimer(f.Wait)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-f.taken:
		case <-late:
			f.mu.Lock()
			f.stalled, f.impatient = true, time.Now().Add(impatientFor)
			f.mu.Unlock()
			f.tell(ErrSlow)
			return
		}
	}
}

func (f *Files) isCrowded() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mayWait(time.Now())
}

// tell tells of trouble, unless that was done not long ago.
func (f *Files) tell(err error) {
	f.mu.Lock()
	isNew := f.told.IsZero() || time.Since(f.told) > troubleFree
	f.told = time.Now()
	f.mu.Unlock()
	if isNew {
		f.Trouble(err)
	}
}

// Close writes what is left and gives the directory back, for as long as somebody has patience. It reports
// whether that was too short, and nobody has been told of any trouble yet.
func (f *Files) Close(patience time.Duration) (late bool) {
	f.mu.Lock()
	f.over = true
	f.mu.Unlock()
	ring(f.news)
	ring(f.hurry)
	select {
	case <-f.done:
		return false
	case <-time.After(patience):
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.told.IsZero()
}

// missingLines says, in a file, that lines are not there.
func missingLines(n int, l Label) Notice {
	return Notice{
		Label: l, Event: "lost", Fields: []Field{{"lines", n}},
		Text: countLines(n) + " of " + l.Name + " could not be written here",
	}
}

// fileName is the name of the file of an instance, or of reeve itself.
func fileName(l Label) string { return l.Name + ".log" }
