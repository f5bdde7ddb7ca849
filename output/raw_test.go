package output

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
)

func TestRaw(t *testing.T) {
	r := startRecord(0, NewText(TextOptions{}))
	ctx := t.Context()
	early := r.Raw("web")
	if p := early.Tail(10); len(p) > 0 {
		t.Errorf("before the beginning there was %q", p)
	}
	web := onPty("web")
	web.tape = r.tapeOf(web)
	r.brings(web, "\x1b[31mone\r\n")
	r.brings(web, "two")
	reader := r.Raw("web")
	for _, c := range []struct {
		limit int
		want  string
	}{{5, "\r\ntwo"}, {100, "\x1b[31mone\r\ntwo"}, {0, ""}} {
		if got := string(reader.Tail(c.limit)); got != c.want {
			t.Errorf("the last %d bytes are %q", c.limit, got)
		}
	}
	r.ends(web)
	r.brings(web, "\x07three")
	for _, c := range []struct {
		*RawReader
		want string
	}{{reader, "\x07three"}, {early, "\x1b[31mone\r\ntwo\x07three"}, {r.Raw("web"), "\x1b[31mone\r\ntwo\x07three"}} {
		if p, lost, err := c.Next(ctx); string(p) != c.want || lost || err != nil {
			t.Errorf("got %q, %v, %v", p, lost, err)
		}
	}
	go r.brings(web, "four")
	if p, _, err := reader.Next(ctx); string(p) != "four" || err != nil {
		t.Errorf("waiting brought %q, %v", p, err)
	}
	go r.close()
	if p, _, err := reader.Next(ctx); len(p) > 0 || !errors.Is(err, io.EOF) {
		t.Errorf("the end brought %q, %v", p, err)
	}
}

func TestRawTooSlowly(t *testing.T) {
	r := startRecord(0, NewText(TextOptions{}))
	web := onPty("web")
	web.tape = r.tapeOf(web)
	r.brings(web, "one")
	reader := r.Raw("web")
	text := numbered("x", 10000)
	for p := range slices.Chunk(text, 1000) {
		r.brings(web, string(p))
	}
	var got []byte
	for missed := true; len(got) == 0 || !bytes.HasSuffix(text, got); missed = false {
		p, lost, err := reader.Next(t.Context())
		if lost != missed || err != nil {
			t.Fatalf("lost %v, %v", lost, err)
		}
		got = append(got, p...)
	}
	if len(got) < terminalTape*3/4 {
		t.Errorf("only %d bytes", len(got))
	}
	if p := reader.Tail(1000); !bytes.HasSuffix(text, p) || len(p) != 1000 {
		t.Errorf("the tail is %q", p)
	}
}

func TestRawEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	reader := NewHistory(1 << 20).Raw("web")
	stop()
	if _, _, err := reader.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
