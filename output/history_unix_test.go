//go:build unix

package output

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// logs gives all that a history has.
func logs(t *testing.T, h *History) string {
	t.Helper()
	return (&recorded{History: h}).shows(t, everything, NewText(TextOptions{}))
}

func TestMuxKeepsHistory(t *testing.T) {
	h := NewHistory(1 << 20)
	p := newMux(t, Options{History: h})
	var streams []*Stream
	for i := range 3 {
		s, w := pipeStream(t, fmt.Sprint("p", i))
		p.Open(s)
		writeTo(t, w, string(numbered("line", 500))+"last words")
		streams = append(streams, s)
	}
	p.Ended(streams, Notice{Text: "all have ended"})
	p.await("ended\n")
	writeTo(t, p.begin("new"), "unfinished")
	if want := p.finish(); logs(t, h) != want {
		t.Errorf("the history is\n%.2000s\nand the log\n%.2000s", logs(t, h), want)
	}
}

// What nobody is shown is kept all the same.
func TestMuxKeepsQuietStreams(t *testing.T) {
	h := NewHistory(1 << 20)
	p := newMux(t, Options{History: h})
	s, w := pipeStream(t, "web")
	s.Quiet = true
	p.Open(s)
	writeTo(t, w, "hello\n")
	p.Ended([]*Stream{s}, Notice{Text: "web exited"})
	if got := p.finish(); got != "system | web exited\n" || logs(t, h) != "web    | hello\n"+got {
		t.Errorf("the log is %q and the history %q", got, logs(t, h))
	}
}

// A detached formation has no log but its history.
func TestMuxWithoutALog(t *testing.T) {
	h := NewHistory(1 << 20)
	m, err := New(Options{Out: -1, History: h})
	check(t, err)
	s, w := pipeStream(t, "web")
	m.Open(s)
	writeTo(t, w, "hello\nthere")
	m.Ended([]*Stream{s}, Notice{Text: "web exited"})
	if !m.Close(context.Background(), patience) {
		t.Error("the mux gave up")
	}
	if got := logs(t, h); got != "web    | hello\nweb    | there\nsystem | web exited\n" {
		t.Errorf("the history is %q", got)
	}
}

// While the log is stuck the history can be read.
func TestHistoryOfAMuxThatIsStuck(t *testing.T) {
	h := NewHistory(1 << 20)
	p := newMux(t, Options{History: h})
	w := p.begin("web")
	var flooded sync.WaitGroup
	var wrote atomic.Int64
	flooded.Go(func() { flood(w, &wrote) })
	p.await("xxx\n")
	for queue := -1; queue <= 0; queue = queued(p.Out) {
		runtime.Gosched()
	}
	if got := logs(t, h); !strings.HasPrefix(got, "web    | xxx") || !strings.HasSuffix(got, "\n") {
		t.Errorf("the history begins with %.100q", got)
	}
	p.finish()
	flooded.Wait()
}

// Somebody who follows and does not read holds nobody back.
func TestFollowerThatDoesNotRead(t *testing.T) {
	h := NewHistory(1 << 16)
	m, err := New(Options{Out: -1, History: h})
	check(t, err)
	s, w := pipeStream(t, "web")
	m.Open(s)
	f := follow(t, h, everything)
	writeTo(t, w, "first\n")
	f.await("first\n")
	for range 1000 { // blocks for ever if the mux waits for the follower
		writeTo(t, w, floodBlock)
	}
	check(t, w.Close())
	m.Notice(Notice{Text: "the end"})
	if !m.Close(context.Background(), patience) {
		t.Error("the mux gave up")
	}
	f.await("the end\n")
	if !strings.Contains(f.read, " lines of web: they came faster") {
		t.Error("it is not told what it has missed")
	}
}

// What the attached process writes is on the terminal at once, even without a newline.
func TestMuxShowsAttachedAtOnce(t *testing.T) {
	p := newMux(t, Options{Terminal: true})
	s, w := pipeStream(t, "web")
	s.Attached = true
	p.Open(s)
	writeTo(t, w, "\x1b[1m(Pdb) ")
	if got := p.await("(Pdb) "); got != "\x1b[1m(Pdb) " {
		t.Errorf("got %q", got)
	}
	p.say("hello")
	p.await("system | hello\n\x1b[1m(Pdb) ")
	if got := display([]byte(p.finish())).text(); strings.Join(got, "|") != "system | hello|(Pdb) |" {
		t.Errorf("the screen has %q", got)
	}
}
