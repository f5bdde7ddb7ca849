package main

import (
	"context"
	"os"
	"sync"
	"syscall"

	"reeve/supervisor"
)

// interrupted says that a signal has ended a wait.
type interrupted syscall.Signal

func (interrupted) Error() string { return "interrupted" }

// untilAsked calls a function with a context that ends when a signal asks to stop. Other
// signals mean nothing to what only waits.
func untilAsked(signals <-chan os.Signal, wait func(context.Context) error) error {
	ctx, end := context.WithCancelCause(context.Background())
	defer end(nil)
	var listening sync.WaitGroup
	over := make(chan struct{})
	listening.Go(func() {
		for {
			select {
			case sig := <-signals:
				if n, ok := sig.(syscall.Signal); ok && supervisor.AsksToStop(n) {
					end(interrupted(n))
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
