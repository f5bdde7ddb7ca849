package main

import (
	"context"
	"errors"

	"reeve/supervisor/control"
)

// stop stops instances; the formation keeps running.
func stop(args []string) (exitCode int) {
	c, _, names, exitCode := connect("stop", args, func(names []string) error {
		if len(names) == 0 {
			return errors.New("stop needs a name, as in: reeve stop web.1; reeve quit stops the whole formation")
		}
		return nil
	})
	if c == nil {
		return exitCode
	}
	return tellOutcomes(func(ctx context.Context, tell func(control.Outcome)) error { return c.Stop(ctx, names, tell) })
}
