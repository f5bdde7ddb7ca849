package live

import (
	"io"
	"time"

	"reeve/cmd/reeve/internal/past"
	"reeve/internal/asjson"
	"reeve/internal/stack"
	"reeve/output"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

const (
	// keptLimit bounds how many bytes of the log are kept, which may be in memory there.
	keptLimit = 8 << 20
	// keepPatience is how long the exit may take longer for that.
	keepPatience = 300 * time.Millisecond
)

// sumUp prepares what there is to know of the formation, which has ended.
func (b *backend) sumUp(code int) {
	f := b.formation(nil, control.Outline)
	if s := b.ask.phase.loop(); s != nil {
		f.Instances = b.instances(s.Last())
	}
	b.known = asjson.Append(nil, past.Last{Formation: f, Ended: time.Now(), Code: code, HasLog: b.facts.options().History > 0})
}

// keep begins to keep that, and the log, if there is room for it. Await waits until it has.
func (b *backend) keep(in *control.Listener) (await func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		stack.Of8K()
		_ = in.Keep(func(w io.Writer) error {
			if _, err := w.Write(append(b.known, '\n')); err != nil || b.facts.options().History == 0 {
				return err
			}
			return b.history.Save(w, keptLimit)
		})
	}()
	return func() {
		select {
		case <-done: // a timer would wake another thread
			return
		default:
		}
		select {
		case <-done:
		case <-time.After(keepPatience):
		}
	}
}

// instances describes instances, in the order of the Procfile.
func (b *backend) instances(all []supervisor.Snapshot) []control.Instance {
	described := []control.Instance{}
	for _, s := range past.InOrder(withoutBuilds(all), b.facts.places()) {
		described = append(described, b.instance(s))
	}
	return described
}

// rehearse does what sumUp and keep do, with next to nothing and for nobody, while there is nothing else
// to do: what a program does for the first time takes it several times as long. Of the median of a
// stop of one process it takes 0.6 ms away. It is not done when the stop begins, since the
// processors are then for what ends.
func rehearse() {
	_ = asjson.Append(nil, past.Last{Formation: control.Formation{
		Types: []control.Type{{}}, Instances: []control.Instance{{Started: &time.Time{}, Exit: &control.Exit{}}},
	}})
	output.Rehearse()
}
