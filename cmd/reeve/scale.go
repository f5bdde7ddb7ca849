package main

import (
	"context"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/procfile"
	"reeve/supervisor/control"
)

// scale changes the number of instances of process types.
func scale(args []string) (exitCode int) {
	c, _, words, exitCode := connect("scale", args)
	if c == nil {
		return exitCode
	}
	counts, err := procfile.ParseFormation(strings.Join(words, ","))
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	if len(counts) == 0 {
		return diag.Fail(diag.ExitUsage, "scale needs a number, as in: reeve scale web=2")
	}
	asked := map[string]int{}
	for _, q := range counts {
		asked[q.Type] = q.Count
	}
	return tellOutcomes(func(ctx context.Context, tell func(control.Outcome)) error { return c.Scale(ctx, asked, tell) })
}
