package supervisor

import (
	"os"

	"reeve/supervisor/terminal"
)

// OnTerminal makes a pseudo-terminal the run's own. Its standard files are those of its console, but
// for those that the command has got already.
func (c *Command) OnTerminal(t *terminal.Side) { c.Terminal = t }

// IsTerminal reports false: a terminal is no file.
func (c *Command) IsTerminal(*os.File) bool { return false }
