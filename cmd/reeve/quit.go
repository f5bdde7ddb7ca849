package main

import (
	"context"
	"fmt"

	"reeve/cmd/reeve/internal/diag"
)

// quit stops the formation, and waits until nothing is left of it.
func quit(args []string) (exitCode int) {
	c, _, _, exitCode := connect("quit", args, func(words []string) error {
		if len(words) > 0 {
			return fmt.Errorf("quit takes no arguments: reeve stop %s stops instances", words[0])
		}
		return nil
	})
	if c == nil {
		return exitCode
	}
	code, err := c.Quit(context.Background())
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if code != 0 {
		return diag.Fail(diag.ExitFailure, "the formation has stopped, with exit code %d", code)
	}
	say("the formation has stopped")
	return diag.ExitOK
}
