package live

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/output"
	"reeve/supervisor"
)

// What happens to instances and to the formation, as it is said in the log.

// exitedEvent is the event of the end of a run, of which all output has come by then.
const exitedEvent = "exited"

// noticeOf puts what the supervisor reports into words. Nothing is said of some
// reports.
func noticeOf(r supervisor.Report, l output.Label, grace time.Duration) (n output.Notice, ok bool) {
	n = output.Notice{Label: l, Pid: r.Pid}
	switch r.Kind {
	case supervisor.Started:
		n.Event, n.Text = "started", fmt.Sprintf("%s started with pid %d", r.Instance, r.Pid)
	case supervisor.Exited:
		n.Event, n.Fields, n.Failure = exitedEvent, statusFields(r.Status), r.Failed
		n.Text = r.Instance + " " + statusText(r.Status)
	case supervisor.Restarting:
		n.Event, n.Fields = "restarting", []output.Field{{Key: "delay", Value: r.Delay.Seconds()}}
		n.Text = fmt.Sprintf("%s restarts in %v", r.Instance, r.Delay)
	case supervisor.RestartsSpent:
		n.Event, n.Failure, n.Fields = "restarts-spent", true, []output.Field{{Key: "restarts", Value: r.Restarts}}
		n.Text = fmt.Sprintf("%s has reached its restart limit of %d", r.Instance, r.Restarts)
	case supervisor.Idle:
		n.Event, n.Text = "idle", r.Instance+" waits for files to change"
	case supervisor.Skipped, supervisor.Missed:
		n = lapseNotice(r, n)
	case supervisor.BecameReady:
		n.Event, n.Text = "ready", r.Instance+" is ready"
	case supervisor.Finished:
		n.Event, n.Fields = "done", []output.Field{{Key: "ran", Value: r.Ran.Seconds()}}
		n.Text = fmt.Sprintf("%s is done after %s", r.Instance, spanText(r.Ran))
	case supervisor.NotReady:
		n.Event, n.Fields, n.Failure = "not-ready", statusFields(r.Status), true
		n.Text = fmt.Sprintf("%s failed: %v", r.Instance, r.Status.Err)
	case supervisor.StopCommandStarted:
		n.Event, n.Text = "stop-command", fmt.Sprintf("stopping %s with its stop command, pid %d", r.Instance, r.Pid)
	case supervisor.StopCommandEnded:
		n.Event, n.Fields, n.Failure = "stop-command-exited", statusFields(r.Status), r.Failed
		n.Text = fmt.Sprintf("the stop command of %s %s", r.Instance, statusText(r.Status))
		if r.Failed {
			n.Text += "; sending " + supervisor.SignalName(r.Signal) + " instead"
		}
	case supervisor.Ailing:
		n.Event, n.Fields = "unhealthy", statusFields(r.Status)
		n.Text = fmt.Sprintf("%s is not healthy: %v", r.Instance, r.Status.Err)
	case supervisor.Recovered:
		n.Event, n.Text = "healthy", r.Instance+" is healthy again"
	case supervisor.NotHealthy:
		n.Event, n.Fields, n.Failure = "not-healthy", statusFields(r.Status), true
		n.Text = fmt.Sprintf("%s failed: %v", r.Instance, r.Status.Err)
	case supervisor.GraceOver:
		n.Event = "killing"
		n.Text = fmt.Sprintf("%s is still running after %s: sending SIGKILL", r.Instance, grace)
	case supervisor.Stuck:
		n.Event, n.Fields = "stuck", leftFields(r.Left)
		n.Text = fmt.Sprintf("%s has survived SIGKILL so far: %s; a third Ctrl-C leaves it behind", r.Instance, leftText(r.Left))
	case supervisor.Abandoned:
		n.Event, n.Fields = "abandoned", leftFields(r.Left)
		n.Text = fmt.Sprintf("leaving %s behind: %s", r.Instance, leftText(r.Left))
	case supervisor.FormationStopping:
		n = output.Notice{Event: "stopping", Fields: stoppingFields(r), Text: stoppingText(r)}
	case supervisor.FormationKilling:
		n.Event, n.Fields = "killing", []output.Field{{Key: "signal", Value: supervisor.SignalName(r.Signal)}}
		n.Text = supervisor.SignalName(r.Signal) + " again: sending SIGKILL to all"
	case supervisor.Fostered:
		n.Event, n.Fields = "fostered", leftFields(r.Left)
		n.Text = fmt.Sprintf("it is not known which instance started %s: it is stopped with %s", leftText(r.Left), r.Instance)
	case supervisor.Unguarded:
		n = unguardedNotice(nil)
	default:
		return n, false
	}
	return n, true
}

// blameText says what has ended a formation.
func blameText(r supervisor.Report) string {
	text := fmt.Sprintf("the formation has ended: %s failed with exit code %d", r.Instance, r.Status.ExitCode())
	switch {
	case r.Status.Err != nil:
		return text + ": " + r.Status.Err.Error()
	case r.Status.Signal != 0:
		text += fmt.Sprintf(" (%s)", supervisor.SignalName(r.Status.Signal))
	}
	return text + " after " + spanText(r.Ran)
}

// spanText is a span of time, to a tenth of a second if it is short.
func spanText(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// statusText says how a process ended.
func statusText(s supervisor.Status) string {
	var known app.Explained
	switch {
	case errors.As(s.Err, &known):
		return fmt.Sprintf("cannot start: %v (exit code %d): %s", s.Err, s.Code, known.Remedy)
	case errors.Is(s.Err, supervisor.ErrNotFound):
		return fmt.Sprintf("cannot start: %v (exit code %d): is it installed, and in the PATH of the app's environment?", s.Err, s.Code)
	case errors.Is(s.Err, supervisor.ErrNotExecutable):
		return fmt.Sprintf("cannot start: %v (exit code %d): %s", s.Err, s.Code, supervisor.IsExecutable)
	case s.Err != nil:
		return fmt.Sprintf("cannot start: %v (exit code %d)", s.Err, s.Code)
	case s.Signal != 0:
		return "ended by " + supervisor.SignalName(s.Signal)
	}
	return fmt.Sprintf("exited with code %d", s.Code) + supervisor.CodeText(s.Code)
}

func statusFields(s supervisor.Status) []output.Field {
	switch {
	case s.Err != nil:
		return []output.Field{{Key: "code", Value: s.Code}, {Key: "error", Value: s.Err.Error()}}
	case s.Signal != 0:
		return []output.Field{{Key: "code", Value: s.ExitCode()}, {Key: "signal", Value: supervisor.SignalName(s.Signal)}}
	}
	return []output.Field{{Key: "code", Value: s.Code}}
}

// stoppingText says why the formation ends.
func stoppingText(r supervisor.Report) string {
	switch {
	case r.Signal != 0:
		return supervisor.SignalName(r.Signal) + " received: stopping all"
	case r.Instance != "":
		return fmt.Sprintf("stopping all, since %s ended", r.Instance)
	}
	return r.Reason + ": stopping all"
}

func stoppingFields(r supervisor.Report) []output.Field {
	switch {
	case r.Signal != 0:
		return []output.Field{{Key: "signal", Value: supervisor.SignalName(r.Signal)}}
	case r.Instance != "":
		return []output.Field{{Key: "ended", Value: r.Instance}, {Key: "code", Value: r.Status.ExitCode()}}
	}
	return []output.Field{{Key: "reason", Value: r.Reason}}
}

// leftText names processes that are still there.
func leftText(left []supervisor.Process) string {
	if len(left) == 0 {
		return "its processes are unknown"
	}
	var names []string
	for _, p := range left {
		name := fmt.Sprintf("pid %d", p.Pid)
		if p.Name != "" { // which is not known without /proc
			name += fmt.Sprintf(" (%s)", p.Name)
		}
		switch {
		case p.Owner != "":
			name += ": not permitted: it runs as " + p.Owner
		case p.State == "D":
			name += " is in uninterruptible sleep"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func leftFields(left []supervisor.Process) []output.Field {
	pids := []int{}
	for _, p := range left {
		pids = append(pids, p.Pid)
	}
	return []output.Field{{Key: "pids", Value: pids}}
}
