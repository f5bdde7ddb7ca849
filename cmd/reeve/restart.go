package main

import (
	"context"

	"reeve/supervisor/control"
)

// restart begins new runs of instances.
func restart(args []string) (exitCode int) {
	c, _, names, exitCode := connect("restart", args, anyNames)
	if c == nil {
		return exitCode
	}
	return tellOutcomes(func(ctx context.Context, tell func(control.Outcome)) error { return c.Restart(ctx, names, tell) })
}
