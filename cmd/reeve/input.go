package main

import (
	"fmt"
	"os"

	"reeve/cmd/reeve/internal/diag"
	"reeve/procfile"
	"reeve/supervisor"
)

// What a process reads is its terminal, if it has one. Else it is a pipe of its own into
// which nobody writes: watchers such as those of esbuild and Tailwind take the end of their
// input for the wish that they end, and with /dev/null that comes at once.

// The kinds of standard input.
const (
	openInput = "open"
	noInput   = "null"
)

// inputs are the ends of the pipes that runs read from, by the leaders' pids. They belong to
// the supervisor's goroutine.
type inputs map[int]*os.File

// end ends the input of runs.
func (in inputs) end(runs ...int) {
	for _, pid := range runs {
		closeInput(in[pid])
		delete(in, pid)
	}
}

func closeInput(end *os.File) {
	if end != nil {
		_ = end.Close()
	}
}

// connectInput gives a command something to read, unless its terminal is to do that, and
// returns what ends it; nil: nothing does.
func (l *launcher) connectInput(c *supervisor.Command, typ string) (end *os.File, err error) {
	switch {
	case l.options.isAttached(typ):
	case l.options.readsNothing(typ):
		c.Files[0], err = supervisor.NoInput()
	case !l.hasTerminal(typ):
		c.Files[0], end, err = supervisor.OpenInput()
	}
	if err != nil {
		return nil, fmt.Errorf("no standard input: %w", diag.Reason(err))
	}
	return end, nil
}

// readsNothing says whether the instances of a type have an empty input. That of release
// is, unless it is asked for, since a question that nobody answers should fail.
func (o *options) readsNothing(typ string) bool {
	if _, said := o.stdin.types[typ]; !said && typ == procfile.Release {
		return true
	}
	return o.stdin.of(typ) == noInput
}
