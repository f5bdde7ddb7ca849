//go:build unix

package output

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// When nobody reads the log any longer, its end is in the history all the same.
func TestCloseWithoutReader(t *testing.T) {
	h := NewHistory(1 << 20)
	p := newMux(t, Options{History: h})
	w, quiet := p.begin("web"), p.begin("db")
	p.fill()
	writeTo(t, w, "hello\n")
	writeTo(t, quiet, "last words")
	p.say("the end")
	if p.Close(context.Background(), time.Millisecond) {
		t.Error("the mux finished a log that nobody reads")
	}
	got := shownBy(t, h, everything, NewText(TextOptions{}))
	for _, want := range []string{"web    | hello\n", "db     | last words\n", "system | the end\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the history", want)
		}
	}
}

// fill leaves no room in the log's pipe.
func (p *muxLog) fill() {
	p.t.Helper()
	check(p.t, unix.SetNonblock(p.Out, true))
	for {
		if _, err := unix.Write(p.Out, []byte(floodBlock)); err != nil {
			break
		}
	}
	check(p.t, unix.SetNonblock(p.Out, false))
}

// A reader that goes on reading gets everything, however small its pieces are: what counts
// is what it takes, and not when a write of reeve's returns.
func TestCloseWithSlowReader(t *testing.T) {
	if here() == 0 {
		t.Skip("only on Linux can a write be told to return that has not written everything")
	}
	t.Parallel()
	for name, piece := range map[string]int{"pages": 8 << 10, "less than pages": 2 << 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newMux(t, Options{})
			w := p.begin("web")
			p.fill()
			for range 10 {
				writeTo(t, w, floodBlock)
			}
			writeTo(t, w, "last words")
			done := make(chan string)
			go func() {
				var all []byte
				buf := make([]byte, piece)
				for i := 0; ; i++ {
					n, err := p.r.Read(buf)
					if all = append(all, buf[:n]...); err != nil || strings.Contains(string(buf[:n]), "last words") {
						break
					}
					if i < 20 { // that is how slow it is at first
						time.Sleep(2 * closePoll)
					}
				}
				done <- string(all)
			}()
			whole := p.Close(context.Background(), 16*closePoll)
			if got := <-done; !whole || !strings.HasSuffix(got, "| last words\n") {
				t.Errorf("whole: %v, the end: %q", whole, got[max(0, len(got)-40):])
			}
		})
	}
}

// Whoever has enough of waiting for a slow reader need not wait.
func TestCloseIsCutShort(t *testing.T) {
	p := newMux(t, Options{})
	p.fill()
	p.say("the end")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if p.Close(ctx, patience) {
		t.Error("the mux finished a log that nobody reads")
	}
}

// The reader of a quiet log may go without anything being written.
func TestReaderGoesWhileNothingIsWritten(t *testing.T) {
	for name, pair := range map[string]func(t *testing.T) (ours, theirs *os.File){
		"pipe": func(t *testing.T) (ours, theirs *os.File) {
			r, w, err := os.Pipe()
			check(t, err)
			return w, r
		},
		"socket": func(t *testing.T) (ours, theirs *os.File) {
			ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
			check(t, err)
			return os.NewFile(uintptr(ends[0]), "ours"), os.NewFile(uintptr(ends[1]), "theirs")
		},
		"terminal": func(t *testing.T) (ours, theirs *os.File) {
			master, slave, err := pty.Open()
			check(t, err)
			return slave, master
		},
	} {
		for _, as := range []string{"output", "lifeline"} {
			t.Run(name+" as "+as, func(t *testing.T) {
				ours, theirs := pair(t)
				closed := make(chan struct{}, 10)
				out, o := ours, Options{Closed: func() { closed <- struct{}{} }}
				if as == "lifeline" {
					null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
					check(t, err)
					defer null.Close()
					out = null
					o = Options{Lifelines: []int{int(ours.Fd())}, HungUp: func() { closed <- struct{}{} }}
				}
				m := startMux(t, out, o)
				check(t, theirs.Close())
				select {
				case <-closed:
				case <-time.After(patience):
					t.Fatal("the mux has not noticed")
				}
				if !m.Close(context.Background(), patience) || len(closed) > 0 {
					t.Error("it was said again, or there was something to write")
				}
				check(t, ours.Close())
			})
		}
	}
}
