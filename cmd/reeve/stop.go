package main

import (
	"context"

	"reeve/cmd/reeve/internal/diag"
	"reeve/supervisor/control"
)

// stop stops instances, and lets the formation go on.
func stop(args []string) (exitCode int) {
	c, _, names, exitCode := connect("stop", args)
	if c == nil {
		return exitCode
	}
	if len(names) == 0 {
		return diag.Fail(diag.ExitUsage, "stop needs a name, as in: reeve stop web.1; reeve quit stops the whole formation")
	}
	return tellOutcomes(func(ctx context.Context, tell func(control.Outcome)) error { return c.Stop(ctx, names, tell) })
}
