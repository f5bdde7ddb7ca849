package live

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"reeve/output"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// A log probe waits for a line of what its run writes.

// watchLines makes the streams of a run tell its probe of the line that it waits for.
func (w *prober) watchLines(s supervisor.Spec, streams []*output.Stream) {
	p := w.plans.options().Ready[s.Type]
	if p.Kind != probe.Log {
		return
	}
	found := make(chan struct{})
	var once sync.Once
	for _, stream := range streams {
		stream.Watch = &output.Watch{Line: p.Line, Found: func() { once.Do(func() { close(found) }) }}
	}
	w.lines.Store(s.Name, found)
}

// awaitLine waits for a line of the process's output.
func (w *prober) awaitLine(ctx context.Context, s supervisor.Spec, p probe.Probe) error {
	line, _ := w.lines.Load(s.Name)
	select {
	case <-line.(chan struct{}):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no line matches %s", p.Text)
	}
}

// awaitedLines are the instances whose run has a log probe that has not seen its line.
func (w *prober) awaitedLines() iter.Seq[string] {
	return func(yield func(string) bool) {
		w.lines.Range(func(instance, line any) bool {
			return isClosed(line.(chan struct{})) || yield(instance.(string))
		})
	}
}

// wasReady reports whether a run that has ended was ready, as it has said: in its log, or to reeve.
func (w *prober) wasReady(s supervisor.Spec) bool { return w.hadLine(s) || w.notices.wasReady(s.Name) }

// hadLine reports whether a run has written the line that its log probe waits for.
func (w *prober) hadLine(s supervisor.Spec) bool {
	line, ok := w.lines.Load(s.Name)
	return ok && isClosed(line.(chan struct{}))
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
