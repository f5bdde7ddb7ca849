package live

import (
	"fmt"
	"os"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/env/service"
	"reeve/output"
	"reeve/supervisor/terminal"
)

// What reeve start says. What happens to the formation is said in the log, under the name
// "system".

// strangerText says who answers a probe in an instance's place.
func strangerText(port int, who, instance string) string {
	return fmt.Sprintf("port %d is held by %s, not by %s", port, who, instance)
}

// warningNotice is a warning about nothing in particular.
func warningNotice(text string) output.Notice {
	return output.Notice{Event: "warning", Text: text}
}

// unguardedNotice says what it means that there is no guardian.
func unguardedNotice(cause error) output.Notice {
	return output.Notice{Event: "unguarded", Text: UnguardedText(cause)}
}

// UnguardedText is the same as text. Without a cause, there was a guardian.
func UnguardedText(cause error) string {
	const meaning = "until there is one, processes keep running if reeve is killed (SIGKILL)"
	if cause == nil {
		return "reeve's guardian has ended: " + meaning
	}
	return fmt.Sprintf("cannot start reeve's guardian: %v: %s", diag.Reason(cause), meaning)
}

// reloadError says in one line why a restart cannot have the environment that the files
// describe now.
func reloadError(err error) error {
	var texts []string
	for _, p := range diag.In(err) {
		texts = append(texts, p.Error())
	}
	return reloadFailure{strings.Join(texts, "; "), err}
}

// WarnAgain says something that goes on, and when to say it again: on a terminal in one
// line that changes every second.
func WarnAgain(text string, since time.Duration) (next time.Duration) {
	if !console.IsTerminal(os.Stderr) {
		diag.Warn(text)
		return service.SayAgain
	}
	columns := int(terminal.SizeOf(int(os.Stderr.Fd())).Columns)
	fmt.Fprint(diag.Stderr, "\r\x1b[K"+console.Cut("reeve: "+lifeText(text, since), columns-1))
	return lifeOnScreen
}

// WarnNoMore takes the line away.
func WarnNoMore() {
	if console.IsTerminal(os.Stderr) {
		fmt.Fprint(diag.Stderr, "\r\x1b[K")
	}
}
