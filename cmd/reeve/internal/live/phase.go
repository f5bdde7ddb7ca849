package live

import (
	"context"
	"errors"
	"sync/atomic"

	"reeve/supervisor"
)

// phase is how far a formation has come: it waits for services, its release runs, it runs
// itself. That is said here and nowhere else, with the loop that runs by now. Every goroutine
// may ask it, and may ask the formation to stop, whichever phase it is in.
type phase struct {
	asked context.Context // ends when somebody asks the formation to stop; its cause is why
	ask   context.CancelCauseFunc
	now   atomic.Pointer[step]
	up    atomic.Bool // in the background, and everything is ready

	runs chan struct{} // closed when the formation itself runs
	over chan struct{} // closed when nothing will run any more
	why  error         // for which the formation itself never ran; it is there before that is closed
}

// stage is a phase of which there is a loop.
type stage uint8

const (
	released stage = iota // the release runs
	formed                // the formation does
)

// step is a stage, and its loop.
type step struct {
	stage stage
	loop  *supervisor.Supervisor
}

func newPhase() *phase {
	p := &phase{runs: make(chan struct{}), over: make(chan struct{})}
	p.asked, p.ask = context.WithCancelCause(context.Background())
	return p
}

// enter makes the loop of the next stage, which is stopped at once if somebody has asked for
// that meanwhile.
func (p *phase) enter(next stage, c supervisor.Config) *supervisor.Supervisor {
	s := supervisor.New(c)
	p.now.Store(&step{next, s})
	if next == formed {
		close(p.runs)
	}
	if p.asked.Err() != nil {
		s.Quit(context.Cause(p.asked).Error())
	}
	return s
}

// quit asks for the end of the formation, for a reason that its log tells.
func (p *phase) quit(reason string) {
	p.ask(errors.New(reason))
	if s := p.loop(); s != nil {
		s.Quit(reason)
	}
}

// loop is what runs by now; nil: nothing does.
func (p *phase) loop() *supervisor.Supervisor {
	if now := p.now.Load(); now != nil {
		return now.loop
	}
	return nil
}

// formation is the loop of the formation itself; nil: it does not run yet.
func (p *phase) formation() *supervisor.Supervisor {
	if now := p.now.Load(); now != nil && now.stage == formed {
		return now.loop
	}
	return nil
}

// await waits for the loop of the formation itself; nil: it will not come, or ctx has ended.
func (p *phase) await(ctx context.Context) *supervisor.Supervisor {
	select {
	case <-p.runs:
	case <-p.over:
	case <-ctx.Done():
	}
	return p.formation()
}

// end is called when nothing will run any more.
func (p *phase) end() { close(p.over) }

// onLoop has the loop call f, and reports whether there was one to do it.
func (p *phase) onLoop(f func()) bool {
	s := p.loop()
	return s != nil && s.Do(f)
}

// look calls f with the instances of what runs, while nothing happens. It reports whether something
// runs.
func (p *phase) look(f func([]supervisor.Snapshot)) bool {
	s := p.loop()
	return s != nil && s.Look(f)
}
