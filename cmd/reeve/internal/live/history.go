package live

import (
	"context"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"

	"reeve/cmd/reeve/internal/past"
	"reeve/internal/http1"
	"reeve/output"
	"reeve/supervisor/control"
)

// Logs writes the part of the log that is asked for.
func (b *backend) Logs(ctx context.Context, q control.LogQuery, write func([]byte) error) error {
	if b.facts.options().History == 0 {
		return control.Error{Status: http1.Conflict, Text: past.NoHistoryText}
	}
	for _, name := range q.Names {
		if err := b.mayHaveLog(name); err != nil {
			return err
		}
	}
	if err := past.MayTellApart(q, b.history, b.app().Settings.Groups); err != nil || q.Stderr && !b.facts.split {
		return control.Error{Status: http1.Conflict, Text: past.NotApartText}
	}
	defer b.readers.begin()()
	format := past.Format(q, widest(b.app(), b.facts.options()), b.began)
	return b.history.Write(ctx, past.Query(q, b.app().Settings.Groups), format, func(p []byte) error {
		err := write(p)
		if errors.Is(err, control.ErrNoTime) {
			return output.ErrEnough
		}
		return err
	})
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

// mayHaveLog reports a name that means no instance, not even one that is gone.
func (b *backend) mayHaveLog(name string) error {
	for _, known := range b.app().Types() {
		if b.app().Settings.Groups.Means(name, known, known) {
			return nil
		}
	}
	if name == output.System || b.history.Has(func(of output.Label) bool { return b.app().Settings.Groups.Means(name, of.Name, of.Type) }) {
		return nil
	}
	_, err := b.resolve([]string{name})
	return err
}
