package live

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// outcomeOf says what has become of a request for an instance; up is what has happened if
// it runs now.
func outcomeOf(o supervisor.Outcome, up string) control.Outcome {
	said := control.Outcome{Instance: o.Instance, Pid: o.Pid}
	switch o.Result {
	case supervisor.Up:
		said.OK, said.Text = true, fmt.Sprintf("%s with pid %d", up, o.Pid)
	case supervisor.Complete:
		said.OK, said.Text = true, "is done"
	case supervisor.Down:
		said.OK, said.Text = true, "stopped"
		if o.Status.Signal == syscall.SIGKILL {
			said.Text = "stopped: it had to be killed"
		}
	case supervisor.Planned:
		said.OK, said.Text = true, nextText(o.Due)
	case supervisor.Failed:
		said.Text = "failed: " + statusText(o.Status)
	case supervisor.Blocked:
		said.Text = fmt.Sprintf("is waiting for %s, which does not run: run reeve restart %s", o.After, o.After)
	case supervisor.Overtaken:
		said.Text = "was stopped by another request"
	case supervisor.Ending:
		said.Text = "cannot start: the formation is being stopped"
	}
	return said
}

// requestNotice says what somebody has asked of the formation.
func requestNotice(command string, of []string) output.Notice {
	return output.Notice{
		Event: "request", Fields: []output.Field{{Key: "command", Value: command}, {Key: "of", Value: of}},
		Text: "reeve " + command + " " + strings.Join(of, " "),
	}
}

// waitingForText says what a formation waits for; empty: nothing.
func waitingForText(starting, working, stopping []string) string {
	var parts []string
	if len(starting) > 0 {
		parts = append(parts, strings.Join(starting, ", ")+" to be ready")
	}
	if len(working) > 0 {
		parts = append(parts, strings.Join(working, ", ")+" to be done")
	}
	if len(stopping) > 0 {
		parts = append(parts, strings.Join(stopping, ", ")+" to stop")
	}
	if len(parts) == 0 {
		return ""
	}
	return "waiting for " + strings.Join(parts, ", and for ")
}

// stoppingName names an instance that is to stop, and when it will be made to.
func stoppingName(instance string, left time.Duration) string {
	return fmt.Sprintf("%s (SIGKILL in %v)", instance, max(left, 0).Round(time.Second))
}

// lifeText says how long something is waited for already.
func lifeText(waiting string, since time.Duration) string {
	return fmt.Sprintf("%s, for %v so far", waiting, since.Round(time.Second))
}

// noSocketNotice says that a formation cannot be talked to.
func noSocketNotice(err error) output.Notice {
	return output.Notice{Event: "hint", Text: fmt.Sprintf("reeve ps and other commands cannot reach this formation: cannot create a socket: %v", diag.Reason(err))}
}

// runningText says that the app runs already.
func runningText(e control.RunningError) string {
	text := "this app is already running"
	if e.Pid != 0 {
		text += fmt.Sprintf(" (pid %d)", e.Pid)
	}
	return text + ": reeve ps shows it, reeve quit stops it"
}
