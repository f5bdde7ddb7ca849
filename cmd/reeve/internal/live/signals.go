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
// asked first by [Subscribe], before that changes it.
var hupIgnored = sync.OnceValue(func() bool { return signal.Ignored(syscall.SIGHUP) })

// Subscribe makes all signals that concern a formation arrive in channels.
func Subscribe() (signals, children chan os.Signal) {
	nohup := hupIgnored()
	signals, children = make(chan os.Signal, 64), make(chan os.Signal, 1)
	signal.Notify(children, supervisor.ChildSignal)
	signal.Notify(signals, supervisor.FormationSignals...)
	if nohup {
		// Caught, into a channel that nobody reads, and not ignored: children would
		// inherit that.
		signal.Reset(syscall.SIGHUP)
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	return signals, children
}
