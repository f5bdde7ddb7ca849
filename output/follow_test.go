package output

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// follower reads a history as somebody does who waits for more.
type follower struct {
	t    *testing.T
	out  chan string
	done chan error
	stop context.CancelFunc
	read string
}

func follow(t *testing.T, h *History, q Query) *follower {
	ctx, stop := context.WithCancel(t.Context())
	f := &follower{t: t, out: make(chan string), done: make(chan error, 1), stop: stop}
	q.Follow = true
	go func() {
		f.done <- h.Write(ctx, q, NewText(TextOptions{NoPrefix: true}), func(p []byte) error {
			select {
			case f.out <- string(p):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	t.Cleanup(stop)
	return f
}

// await reads until some text has come.
func (f *follower) await(text string) {
	f.t.Helper()
	for !strings.Contains(f.read, text) {
		select {
		case p := <-f.out:
			f.read += p
		case <-time.After(time.Minute):
			f.t.Fatalf("waiting for %q after %q", text, f.read)
		}
	}
}

func TestFollow(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	web := r.begin("web", 1)
	r.brings(web, "one\ntwo\nthr")
	f := follow(t, r.History, Query{Lines: 1, Match: func(l Label) bool { return l.Name != "worker" && l.Name != System }})
	f.await("two\n")
	r.brings(web, "ee\nfo")
	f.await("three\n")
	r.ends(web)
	f.await("fo\n")
	r.brings(r.begin("worker", 3), "nobody asks for it\n")
	r.says(Notice{Text: "nor for this"})
	r.brings(r.begin("web", 2), "five\n")
	r.brings(r.begin("new", 4), "six\n")
	r.says(Notice{Label: web.Label, Text: "seven"})
	f.await("seven\n")
	r.brings(web, "unfinished")
	r.close()
	if err := <-f.done; err != nil || f.read != "two\nthree\nfo\nfive\nsix\nseven\n" {
		t.Errorf("got %q, %v", f.read, err)
	}
}

func TestFollowEndsWithItsContext(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	f := follow(t, r.History, everything)
	r.says(Notice{Text: "hello"})
	f.await("hello")
	f.stop()
	if err := <-f.done; err != nil {
		t.Error(err)
	}
	if r.followers != 0 {
		t.Error("it is still counted")
	}
}

// Somebody who is too slow misses lines, and is told how many.
func TestFollowTooSlowly(t *testing.T) {
	for _, size := range []int{1, 7, 100} {
		r := startRecord(leastTape, NewText(TextOptions{}))
		web := r.begin("web", 1)
		r.brings(web, "begin\nunfinished")
		f := follow(t, r.History, everything)
		f.await("begin\n")
		r.brings(web, " line\n") // the follower is now stuck with it, or not yet there
		text := numbered("x", 1000)
		for p := range slices.Chunk(text, size) {
			r.brings(web, string(p))
		}
		r.brings(web, "the end\n")
		f.await("the end\n")
		got, lost := 0, 0
		for line := range strings.Lines(f.read) {
			var n int
			if _, err := fmt.Sscanf(line, "lost %d line", &n); err == nil {
				lost += n
			} else {
				got++
			}
		}
		if got+lost != 1000+3 || lost == 0 {
			t.Errorf("reads of %d: %d lines were seen and %d lost", size, got, lost)
		}
	}
}

// Whoever follows sees the live log, whatever they fall behind.
func TestFollowInOrder(t *testing.T) {
	r := newRecorded(1<<20, NewText(TextOptions{NoPrefix: true}))
	f := follow(t, r.History, everything)
	p := &play{rand.New(rand.NewPCG(1, 5)), append(words[:6:6], "\n")}
	for i := range 3000 {
		r.happen(p)
		if i%100 == 0 {
			r.says(Notice{Text: fmt.Sprint("round ", i)})
			f.await(fmt.Sprint("round ", i, "\n"))
		}
	}
	for _, s := range r.streams {
		r.ends(s)
	}
	r.says(Notice{Text: "the end"})
	f.await("the end\n")
	if f.read != string(r.live.out) {
		t.Errorf("got\n%q\nwant\n%q", f.read, r.live.out)
	}
}
