package live

import (
	"fmt"
	"os"

	"reeve/cmd/reeve/internal/diag"
	"reeve/supervisor"
)

// What a process reads is its terminal, if it has one. Else it is a pipe of its own into
// which nobody writes: watchers such as those of esbuild and Tailwind take the end of their
// input for the wish that they end, and with /dev/null that comes at once.

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
	case l.facts.options().IsAttached(typ):
	case l.facts.options().ReadsNothing(typ):
		c.Files[0], err = supervisor.NoInput()
	case !l.facts.hasTerminal(typ):
		c.Files[0], end, err = supervisor.OpenInput()
	}
	if err != nil {
		return nil, fmt.Errorf("no standard input: %w", diag.Reason(err))
	}
	return end, nil
}
