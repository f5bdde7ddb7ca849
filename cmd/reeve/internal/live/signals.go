package live

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"reeve/supervisor"
)

// Interrupted says that a signal has ended a wait.
type Interrupted syscall.Signal

func (Interrupted) Error() string { return "interrupted" }

// UntilAsked calls a function with a context that ends when a signal asks to stop, or its parent
// does. Other
// signals mean nothing to what only waits.
func UntilAsked(parent context.Context, signals <-chan os.Signal, wait func(context.Context) error) error {
	ctx, end := context.WithCancelCause(parent)
	defer end(nil)
	var listening sync.WaitGroup
	over := make(chan struct{})
	listening.Go(func() {
		for {
			select {
			case sig := <-signals:
				if n, ok := sig.(syscall.Signal); ok && supervisor.AsksToStop(n) {
					end(Interrupted(n))
					return
				}
			case <-over:
				return
			}
		}
	})
	err := wait(ctx)
	close(over)
	listening.Wait()
	if asked := context.Cause(ctx); asked != nil {
		return asked
	}
	return err
}

// hupIgnored reports whether reeve was started to survive its terminal, as by nohup. It is
// asked first by [GetReady], before that changes it.
var hupIgnored = sync.OnceValue(func() bool { return signal.Ignored(syscall.SIGHUP) })

// Readiness is what reeve must have before it runs anything: the signals that concern a formation,
// in channels, and its threads. Both cost changes of threads, which may be 0.3 ms each, so they come
// beside everything else.
type Readiness struct {
	Signals, Children chan os.Signal
	// Before anything is started, the guardian included, stops is awaited: from then on nothing is lost that asks to stop, and
	// no end of a child. The rest is there before the first process, whose program is being loaded
	// meanwhile, can have done anything.
	stops, all chan struct{}
}

// GetReady begins to make reeve ready.
func GetReady() *Readiness {
	r := &Readiness{make(chan os.Signal, 64), make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})}
	nohup := hupIgnored()
	go func() {
		signal.Notify(r.Signals, supervisor.StopSignals...)
		signal.Notify(r.Children, supervisor.ChildSignal)
		if nohup {
			// Caught, into a channel that nobody reads, and not ignored: children would
			// inherit that.
			signal.Reset(syscall.SIGHUP)
			signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
		}
		close(r.stops)
		signal.Notify(r.Signals, supervisor.RunSignals...)
		supervisor.KeepTime(r.Signals)
		supervisor.HaveThreads()
		close(r.all)
	}()
	return r
}

// Withdraw gives all signals back their usual effects.
func (r *Readiness) Withdraw() {
	<-r.all
	signal.Reset()
}
