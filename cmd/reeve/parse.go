package main

import (
	"errors"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
)

// parse reads the command line of a command, and the weaker sources of its settings. Without
// options there is nothing left to do but to exit with the code: it was wrong, or help was
// asked for.
func parse(command string, args []string) (o *settings.Options, words []string, exitCode int) {
	o, words, err := settings.Parse(command, args)
	switch {
	case errors.Is(err, settings.ErrHelp):
		return nil, nil, help([]string{command})
	case err != nil:
		return nil, nil, diag.FailWith(diag.ExitUsage, err)
	}
	return o, words, diag.ExitOK
}
