package live

import (
	"fmt"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/output"
	"reeve/supervisor"
)

// dueNotice says when a process type with a schedule runs.
func dueNotice(l output.Label, d app.Due, now time.Time) output.Notice {
	n := output.Notice{
		Label: l, Event: "scheduled", Text: app.DueText(d, now),
		Fields: []output.Field{{Key: "schedule", Value: d.Schedule.String()}},
	}
	if !d.At.IsZero() {
		n.Fields = append(n.Fields, nextField(d.At))
	}
	return n
}

func nextField(at time.Time) output.Field {
	return output.Field{Key: "next", Value: at.Format(time.RFC3339)}
}

// lapseNotice says that an instance was due but has not been started.
func lapseNotice(r supervisor.Report, n output.Notice) output.Notice {
	now := time.Now()
	next := "next at " + app.TimeText(r.Next, now)
	n.Event, n.Text = "skipped", fmt.Sprintf("%s is due, but its last run is not over: skipped, %s", r.Instance, next)
	if r.Kind == supervisor.Missed {
		n.Event, n.Text = "missed", fmt.Sprintf("%s was due at %s, which is too long ago: skipped, %s", r.Instance, app.TimeText(r.Due, now), next)
	}
	n.Fields = []output.Field{{Key: "due", Value: r.Due.Format(time.RFC3339)}, nextField(r.Next)}
	return n
}

// nextText says when an instance is due.
func nextText(at time.Time) string { return "is due at " + app.TimeText(at, time.Now()) }
