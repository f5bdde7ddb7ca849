package live

import (
	"context"
	"os"

	"reeve/cmd/reeve/internal/console"
	"reeve/output"
	"reeve/supervisor/terminal"
)

// Who types at a process's prompt in the log types into nothing: the terminal echoes it, and
// no process reads it. This is said once, with what to do instead.

// typingHint waits for that. It takes no thread and no time while nobody types.
type typingHint struct {
	terminals *terminals
	history   *output.History
}

// mayType reports whether somebody may type into the log.
func (f *facts) mayType() bool {
	return f.attached() == "" && !IsDetached() && console.IsTerminal(os.Stdin) && console.IsTerminal(os.Stdout)
}

func (h typingHint) run(ctx context.Context, ask *requests) {
	if !terminal.AwaitTyped(int(os.Stdin.Fd())) || ctx.Err() != nil {
		return
	}
	ask.onLoop(func() {
		var asking []string
		for _, instance := range h.history.Unfinished() {
			if _, ok := h.terminals.open[instance]; ok {
				asking = append(asking, instance)
			}
		}
		ask.say(output.Notice{Event: "hint", Text: typingText(asking, len(h.terminals.open))})
	})
}
