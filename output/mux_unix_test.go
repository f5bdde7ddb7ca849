//go:build unix

package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Nothing here sleeps: a test waits for bytes or for the end of a goroutine, and this
// is when it gives up.
const patience = time.Minute

// muxLog is a mux whose log the test reads from a pipe.
type muxLog struct {
	*Mux
	t    *testing.T
	r, w *os.File
	read []byte // so far
}

func newMux(t *testing.T, o Options) *muxLog {
	t.Helper()
	r, w, err := os.Pipe()
	check(t, err)
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	check(t, r.SetReadDeadline(time.Now().Add(patience)))
	p := &muxLog{t: t, r: r, w: w}
	p.Mux = startMux(t, w, o)
	return p
}

// startMux starts a mux that writes to a file, in blocking mode.
func startMux(t *testing.T, out *os.File, o Options) *Mux {
	t.Helper()
	o.Out = int(out.Fd())
	check(t, unix.SetNonblock(o.Out, false))
	if o.Format == nil {
		o.Format = NewText(TextOptions{Terminal: o.Terminal})
	}
	if o.Closed == nil {
		o.Closed = func() { t.Error("the log was closed") }
	}
	if o.Failed == nil {
		o.Failed = func(err error) { t.Errorf("the log failed: %v", err) }
	}
	m, err := New(o)
	check(t, err)
	return m
}

// pipeStream makes a stream, and the end that its process writes to.
func pipeStream(t *testing.T, name string) (*Stream, *os.File) {
	t.Helper()
	var ends [2]int
	check(t, unix.Pipe(ends[:]))
	check(t, unix.SetNonblock(ends[0], true))
	w := os.NewFile(uintptr(ends[1]), name)
	t.Cleanup(func() { _ = w.Close() })
	return NewStream(ends[0], Label{Name: name, Type: name}), w
}

// begin opens a stream in the mux.
func (p *muxLog) begin(name string) *os.File {
	p.t.Helper()
	s, w := pipeStream(p.t, name)
	p.Open(s)
	return w
}

func (p *muxLog) say(text string) { p.Notice(Notice{Text: text}) }

// await reads until the log has some text, and returns what has been read for it.
func (p *muxLog) await(text string) string {
	p.t.Helper()
	begin, buf := len(p.read), make([]byte, 64<<10)
	for seen := 0; !bytes.Contains(p.read[seen:], []byte(text)); {
		seen = max(0, len(p.read)-len(text))
		n, err := p.r.Read(buf)
		p.read = append(p.read, buf[:n]...)
		if err != nil {
			p.t.Fatalf("waiting for %q: %v; the log ends with %q", text, err, p.read[max(0, len(p.read)-200):])
		}
	}
	return string(p.read[begin:])
}

// finish closes the mux and returns the whole log.
func (p *muxLog) finish() string {
	p.t.Helper()
	rest := make(chan []byte)
	go func() {
		var b bytes.Buffer
		_, _ = b.ReadFrom(p.r)
		rest <- b.Bytes()
	}()
	if !p.Close(context.Background(), patience) {
		p.t.Error("the mux gave up")
	}
	check(p.t, p.w.Close())
	p.read = append(p.read, <-rest...)
	return string(p.read)
}

func writeTo(t *testing.T, w *os.File, text string) {
	t.Helper()
	_, err := w.WriteString(text)
	check(t, err)
}

// floodBlock is whole lines, and so few that a pipe takes all of them or none.
var floodBlock = strings.Repeat(strings.Repeat("x", 79)+"\n", 51)

// flood writes lines until nobody reads them any longer, and counts them.
func flood(w *os.File, bytes *atomic.Int64) {
	for {
		n, err := w.WriteString(floodBlock)
		bytes.Add(int64(n))
		if err != nil {
			return
		}
	}
}

func TestMuxKeepsEveryLine(t *testing.T) {
	const lines = 20000
	for _, palette := range []Palette{nil, {""}} {
		p := newMux(t, Options{Format: NewText(TextOptions{Color: palette != nil, Palette: palette})})
		p.flood(lines)
		next := map[string]int{}
		for line := range strings.Lines(p.finish()) {
			checkNumbered(t, line, next)
		}
		for i := range 4 {
			if got := next[fmt.Sprint("p", i)]; got != lines {
				t.Errorf("p%d has %d lines", i, got)
			}
		}
	}
}

// flood has the processes p0 to p3 write so many numbered lines each at the same time, and returns when
// all have written theirs.
func (p *muxLog) flood(lines int) {
	var writers sync.WaitGroup
	for i := range 4 {
		name := fmt.Sprint("p", i)
		w := p.begin(name)
		writers.Go(func() {
			defer w.Close()
			writeInPieces(w, numbered(name, lines), rand.New(rand.NewPCG(uint64(i), 3)))
		})
	}
	written := make(chan struct{})
	go func() { writers.Wait(); close(written); p.say("all written") }()
	p.await("all written")
	<-written
}

// writeInPieces writes text in pieces that begin and end anywhere.
func writeInPieces(w *os.File, text []byte, r *rand.Rand) {
	for len(text) > 0 {
		n := min(len(text), 1+r.IntN(5000))
		if _, err := w.Write(text[:n]); err != nil {
			return
		}
		text = text[n:]
	}
}

// checkNumbered wants a line of the log to be its process's next one, and counts it.
func checkNumbered(t *testing.T, line string, next map[string]int) {
	t.Helper()
	name, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "     | ")
	if name == "system | all written" {
		return
	}
	i := next[name]
	next[name]++
	if want := fmt.Sprintf("%s %d %s", name, i, strings.Repeat("-", i*i%97)); text != want {
		t.Fatalf("got %q, want %s's %q", line, name, want)
	}
}

func TestMuxReportsTheEndBehindTheLastWords(t *testing.T) {
	p := newMux(t, Options{})
	for i := range 100 {
		s, w := pipeStream(t, "web")
		p.Open(s)
		writeTo(t, w, fmt.Sprintf("first %d\nlast %d", i, i))
		if i%2 == 0 {
			check(t, w.Close())
		} // else a grandchild keeps it open
		p.Ended([]*Stream{s}, Notice{Text: fmt.Sprint("exited ", i)})
	}
	var want strings.Builder
	for i := range 100 {
		fmt.Fprintf(&want, "web    | first %d\nweb    | last %d\nsystem | exited %d\n", i, i, i)
	}
	if got := p.finish(); got != want.String() {
		t.Errorf("got %q", got)
	}
}

// A grandchild that goes on writing does not hold the report of the end back.
func TestMuxReportsTheEndBesideAFlood(t *testing.T) {
	p := newMux(t, Options{})
	s, w := pipeStream(t, "web")
	p.Open(s)
	writeTo(t, w, "last words\n")
	var grandchild sync.WaitGroup
	var wrote atomic.Int64
	grandchild.Go(func() { flood(w, &wrote) })
	p.await("xxx\n")
	p.Ended([]*Stream{s}, Notice{Text: "web exited"})
	if n := len(p.await("system | web exited")); n > 4<<20 {
		t.Errorf("the report came behind %d more bytes", n)
	}
	if got := string(p.read); strings.Index(got, "last words") > strings.Index(got, "web exited") {
		t.Error("the last words came behind the report")
	}
	p.await("exited\nweb    | xxx") // the grandchild is still heard
	p.finish()
	grandchild.Wait()
}

func TestMuxReadsTerminals(t *testing.T) {
	for _, grandchild := range []bool{false, true} {
		p := newMux(t, Options{})
		master, slave, err := pty.Open()
		if err != nil {
			t.Skip(err)
		}
		fd, err := unix.Dup(int(master.Fd()))
		check(t, err)
		check(t, master.Close())
		check(t, unix.SetNonblock(fd, true))
		s := NewStream(fd, Label{Name: "web"})
		s.Terminal = true
		p.Open(s)
		writeTo(t, slave, "first\nlast")
		if !grandchild {
			check(t, slave.Close())
		}
		p.Ended([]*Stream{s}, Notice{Text: "web exited"})
		p.await("web exited\n")
		if got := p.finish(); got != "web    | first\nweb    | last\nsystem | web exited\n" {
			t.Errorf("grandchild: %v: got %q", grandchild, got)
		}
		_ = slave.Close()
	}
}

func TestMuxShowsOpenLines(t *testing.T) {
	p := newMux(t, Options{Terminal: true})
	w := p.begin("web")
	writeTo(t, w, "name? ")
	p.await("web    | name? ")
	writeTo(t, w, "bob")
	p.await("bob")
	writeTo(t, w, "\n")
	p.await("bob\n")
	writeTo(t, w, "10%\r")
	p.await("10%")
	writeTo(t, w, "20%\r")
	p.await("20%")
	if got := display([]byte(p.finish())).text(); len(got) != 3 || got[1] != "web    | 20%" {
		t.Errorf("the screen has %q", got)
	}
}

func TestMuxHidesQuietStreams(t *testing.T) {
	p := newMux(t, Options{})
	s, w := pipeStream(t, "web")
	s.Quiet = true
	p.Open(s)
	writeTo(t, w, "hello\nthere")
	p.Ended([]*Stream{s}, Notice{Text: "web exited"})
	if got := p.finish(); got != "system | web exited\n" {
		t.Errorf("got %q", got)
	}
}

// queueing gives the numbers of messages that wait for the loop and that were dropped.
func (m *Mux) queueing() (waiting, lost int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.queue), m.lost
}

// A reader that stops holds back the processes, and neither notices nor the end.
func TestMuxWhoseReaderStops(t *testing.T) {
	p := newMux(t, Options{})
	var flooded sync.WaitGroup
	var wrote atomic.Int64
	for i := range 4 {
		w := p.begin(fmt.Sprint("p", i))
		flooded.Go(func() { flood(w, &wrote) })
	}
	p.await("xxx\n")
	notices := 0
	for lost := 0; lost < 1000; _, lost = p.queueing() {
		p.say(fmt.Sprintf("notice %d", notices))
		notices++
	}
	waiting, _ := p.queueing()
	if n := wrote.Load(); n > 4<<20 || waiting > maxQueue+1 {
		t.Errorf("the processes could write %d bytes, and %d messages wait", n, waiting)
	}
	got := p.finish() // the reader is back
	flooded.Wait()
	said, lost := strings.Count(got, "system | notice "), 0
	for line := range strings.Lines(got) {
		var n int
		if _, err := fmt.Sscanf(line, "system | %d messages were dropped", &n); err == nil {
			lost += n
		}
	}
	if said+lost != notices || lost < 1000 {
		t.Errorf("%d of %d notices were written, and %d said to be lost", said, notices, lost)
	}
}

func TestMuxWhoseReaderIsGone(t *testing.T) {
	closed := make(chan struct{}, 10)
	p := newMux(t, Options{Closed: func() { closed <- struct{}{} }})
	w := p.begin("web")
	writeTo(t, w, "hello\n")
	p.await("hello")
	check(t, p.r.Close())
	for range 100 { // more than a pipe holds: somebody must be reading
		writeTo(t, w, floodBlock)
		p.say("hello")
	}
	if !p.Close(context.Background(), patience) {
		t.Error("the mux gave up")
	}
	if len(closed) != 1 {
		t.Errorf("%d times it was said that the log is closed", len(closed))
	}
}

func TestMuxThatCannotWrite(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	failed := make(chan error, 10)
	m := startMux(t, full, Options{Failed: func(err error) { failed <- err }})
	s, w := pipeStream(t, "web")
	m.Open(s)
	for range 100 {
		writeTo(t, w, floodBlock)
		m.Notice(Notice{Text: "hello"})
	}
	if !m.Close(context.Background(), patience) {
		t.Error("the mux gave up")
	}
	if err := <-failed; len(failed) != 0 || !errors.Is(err, unix.ENOSPC) {
		t.Errorf("it failed with %v and %d times more", err, len(failed))
	}
}

// Somebody else may have made the pipe or terminal that reeve was given non-blocking.
func TestMuxThatMayNotBlock(t *testing.T) {
	p := newMux(t, Options{})
	check(t, unix.SetNonblock(p.Out, true))
	for {
		if _, err := unix.Write(p.Out, []byte("full\n")); err != nil {
			break
		}
	}
	p.say("hello")
	for waiting := 1; waiting > 0; waiting, _ = p.queueing() {
		runtime.Gosched() // then it writes, and cannot
	}
	p.begin("p0")
	if got := p.finish(); !strings.HasSuffix(got, "full\nsystem | hello\n") {
		t.Errorf("the log ends with %q", got[max(0, len(got)-100):])
	}
}

// A line waits for what is under way: the log's pipe, and a batch before and after
// the process's turn comes.
func TestMuxIsFair(t *testing.T) {
	for _, floods := range []int{1, 160} { // as many as one wait of the poller cannot report
		p := newMux(t, Options{})
		var flooded sync.WaitGroup
		var wrote atomic.Int64
		for i := range floods {
			w := p.begin(fmt.Sprint("p", i))
			flooded.Go(func() { flood(w, &wrote) })
		}
		quiet := p.begin("quiet")
		p.await("xxx\n")
		turn := floods * readSize * 2 // a read from each, with prefixes
		for i := range 1 + 10/floods {
			line := fmt.Sprint("line ", i)
			writeTo(t, quiet, line+"\n")
			if n, limit := len(p.await("quiet  | "+line)), 2*turn+4*batchSize; n > limit {
				t.Errorf("beside %d floods line %d came behind %d bytes, not %d", floods, i, n, limit)
			}
			p.read = p.read[:0]
		}
		p.finish()
		flooded.Wait()
	}
}

func TestMuxReadsManyAtOnce(t *testing.T) {
	p := newMux(t, Options{})
	const n = 300
	var streams []*Stream
	for i := range n {
		s, w := pipeStream(t, fmt.Sprintf("p%03d", i))
		writeTo(t, w, fmt.Sprint("one\ntwo ", i))
		check(t, w.Close())
		streams = append(streams, s)
	}
	for _, s := range streams {
		p.Open(s)
	}
	p.await(fmt.Sprint("two ", n-1))
	lines := map[string]int{}
	for line := range strings.Lines(p.finish()) {
		lines[line]++
	}
	for i := range n {
		for _, text := range []string{"one", fmt.Sprint("two ", i)} {
			if line := fmt.Sprintf("p%03d   | %s\n", i, text); lines[line] != 1 {
				t.Errorf("%q was written %d times", line, lines[line])
			}
		}
	}
}

func TestMuxGivesEverythingBack(t *testing.T) {
	useMux(t) // whatever the runtime opens once
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range 3 {
		useMux(t)
	}
	for end := time.Now().Add(patience); runtime.NumGoroutine() > goroutines; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines instead of %d", runtime.NumGoroutine(), goroutines)
		}
	}
	for name := range openFiles(t) {
		if !files[name] {
			t.Errorf("the descriptor %s is left open", name)
		}
	}
}

// useMux runs a mux to its end, with streams in every state.
func useMux(t *testing.T) {
	t.Helper()
	p := newMux(t, Options{Terminal: true})
	over := p.begin("over")
	writeTo(t, over, "bye")
	check(t, over.Close())
	p.await("bye")
	w := p.begin("open")
	writeTo(t, w, "hello")
	p.await("hello")
	never, unused := pipeStream(t, "never")
	never.Discard()
	p.finish()
	p.say("too late")
	check(t, errors.Join(w.Close(), unused.Close(), p.r.Close()))
}

// openFiles has the open descriptors.
func openFiles(t *testing.T) map[string]bool {
	t.Helper()
	paths, err := filepath.Glob("/dev/fd/*")
	check(t, err)
	files := map[string]bool{}
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil || !errors.Is(err, os.ErrNotExist) {
			files[filepath.Base(p)] = true
		}
	}
	return files
}

// TestMuxTellsOfAFlood writes much, twice, and is told of it once.
func TestMuxTellsOfAFlood(t *testing.T) {
	var told atomic.Int64
	p := newMux(t, Options{Flooded: func() { told.Add(1) }})
	w := p.begin("p")
	writeTo(t, w, "few\n")
	p.await("few\n")
	few := told.Load()
	for _, last := range []string{"much\n", "more\n"} {
		go func() { _, _ = w.WriteString(strings.Repeat(strings.Repeat("x", 1023)+"\n", muchOutput>>10) + last) }()
		p.await(last)
	}
	p.finish()
	if few != 0 || told.Load() != 1 {
		t.Errorf("told %d times of little, and %d times of all", few, told.Load())
	}
}
