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

// hintTyping waits for that. It takes no thread and no time while nobody types.
func hintTyping(ctx context.Context, l *launcher) {
	if l.attached() != "" || IsDetached() || !console.IsTerminal(os.Stdin) || !console.IsTerminal(os.Stdout) {
		return
	}
	if !terminal.AwaitTyped(int(os.Stdin.Fd())) || ctx.Err() != nil {
		return
	}
	l.phase.onLoop(func() {
		var asking []string
		for _, instance := range l.history.Unfinished() {
			if _, ok := l.runs.terminals.open[instance]; ok {
				asking = append(asking, instance)
			}
		}
		l.mux.Notice(output.Notice{Event: "hint", Text: typingText(asking, len(l.runs.terminals.open))})
	})
}
