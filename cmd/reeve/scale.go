package main

import (
	"context"
	"errors"
	"strings"

	"reeve/procfile"
	"reeve/supervisor/control"
)

// scale changes the number of instances of process types.
func scale(args []string) (exitCode int) {
	asked := map[string]int{}
	c, _, _, exitCode := connect("scale", args, func(words []string) error {
		counts, err := procfile.ParseFormation(strings.Join(words, ","))
		if err == nil && len(counts) == 0 {
			err = errors.New("scale needs a number, as in: reeve scale web=2")
		}
		for _, q := range counts {
			asked[q.Type] = q.Count
		}
		return err
	})
	if c == nil {
		return exitCode
	}
	return tellOutcomes(func(ctx context.Context, tell func(control.Outcome)) error { return c.Scale(ctx, asked, tell) })
}
