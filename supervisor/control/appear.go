package control

import (
	"context"
	"time"
)

// appearPoll is how often somebody looks who cannot be told.
const appearPoll = 250 * time.Millisecond

// Appearances tells whenever a formation may have begun, or ended: something has changed where
// their sockets are. It is told by the system, where that can, until the context ends.
func Appearances(ctx context.Context) <-chan struct{} {
	news := make(chan struct{}, 1)
	wait, err := watchDirectories(ctx, directories())
	if err != nil {
		wait = func() error {
			time.Sleep(appearPoll)
			return ctx.Err()
		}
	}
	go func() {
		for wait() == nil {
			select {
			case news <- struct{}{}:
			default: // somebody will look soon
			}
		}
	}()
	return news
}
