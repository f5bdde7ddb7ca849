package main

import (
	"context"

	"reeve/cmd/reeve/internal/diag"
)

// quit stops the formation, and waits until nothing is left of it.
func quit(args []string) (exitCode int) {
	o, words, exitCode := parse("quit", args)
	if o == nil {
		return exitCode
	}
	if len(words) > 0 {
		return diag.Fail(diag.ExitUsage, "quit takes no arguments: reeve stop %s stops instances", words[0])
	}
	if o.All {
		if err := checkAll("quit", o, words); err != nil {
			return diag.FailWith(diag.ExitUsage, err)
		}
		return quitAll()
	}
	c, exitCode := connected("quit", o, words)
	if c == nil {
		return exitCode
	}
	code, err := c.Quit(context.Background())
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	if code != 0 {
		return diag.Fail(diag.ExitFailure, "%s", quitText(code))
	}
	say("%s", quitText(code))
	return diag.ExitOK
}
