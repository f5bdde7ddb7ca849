package main

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"reeve/output"
	"reeve/supervisor/control"
)

// Logs writes the part of the log that is asked for.
func (b *backend) Logs(ctx context.Context, q control.LogQuery, write func([]byte) error) error {
	if b.options.History == 0 {
		return control.Error{Status: http.StatusConflict, Text: noHistoryText}
	}
	for _, name := range q.Names {
		if err := b.mayHaveLog(name); err != nil {
			return err
		}
	}
	defer b.readers.begin()()
	format := formatFor(q, widest(b.app, b.options), b.began)
	return b.history.Write(ctx, logPart(q), format, func(p []byte) error {
		err := write(p)
		if errors.Is(err, control.ErrNoTime) {
			return output.ErrEnough
		}
		return err
	})
}

// logPart is the part of the history that a query asks for.
func logPart(q control.LogQuery) output.Query {
	part := output.Query{Lines: q.Lines, Follow: q.Follow}
	if q.Since > 0 {
		part.Since = time.Now().Add(-q.Since)
	}
	if len(q.Names) > 0 {
		part.Match = func(of output.Label) bool {
			return slices.ContainsFunc(q.Names, func(name string) bool { return means(name, of.Name, of.Type) })
		}
	}
	return part
}

// readers counts those who read the log just now. When all have gone, the memory that they
// have used is given back: the runtime would keep it for a while, and a container may be
// small.
type readers struct{ now atomic.Int32 }

// readersRest is how long nobody must have read.
const readersRest = time.Second

func (r *readers) begin() (end func()) {
	r.now.Add(1)
	return func() {
		if r.now.Add(-1) == 0 {
			time.AfterFunc(readersRest, func() {
				if r.now.Load() == 0 {
					debug.FreeOSMemory()
				}
			})
		}
	}
}

// mayHaveLog complains of a name that means no instance, not even one that is gone.
func (b *backend) mayHaveLog(name string) error {
	for _, known := range b.app.Types() {
		if means(name, known, known) {
			return nil
		}
	}
	if name == output.System || b.history.Has(func(of output.Label) bool { return means(name, of.Name, of.Type) }) {
		return nil
	}
	_, err := b.resolve([]string{name})
	return err
}

// formatFor makes the format that a query asks for, of a formation with names of some width
// that began at some time.
func formatFor(q control.LogQuery, width int, began time.Time) output.Format {
	if q.JSON {
		return output.NewJSON()
	}
	t := output.TextOptions{
		Terminal: q.Terminal, Color: q.Color != "", Palette: output.Basic,
		NoPrefix: q.NoPrefix, Width: width,
	}
	if q.Color == richColors {
		t.Palette = output.Rich
	}
	if q.Timestamp != "" {
		t.Timestamps = output.NewClock(q.Timestamp, began)
	}
	if q.NoPrefix && !q.Terminal {
		return output.WithoutNotices(output.NewText(t))
	}
	return output.NewText(t)
}
