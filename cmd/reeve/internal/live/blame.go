package live

import (
	"reeve/output"
	"reeve/supervisor"
)

// The neighbours of a process that has ended a formation have much to say before they, too,
// have ended. So the last line tells again why it all came to an end.

// blame finds the failure that has ended a formation. The zero value is ready for use. It
// belongs to the supervisor's goroutine.
type blame struct {
	on    supervisor.Report // Instance is empty: on nobody
	spent map[string]bool   // instances that were started again often enough
	over  bool              // it is decided
}

// note records what happens.
func (b *blame) note(r supervisor.Report) {
	switch {
	case b.over:
	case r.Kind == supervisor.FormationStopping:
		b.on, b.over = supervisor.Report{}, true
		if r.Instance != "" && (r.Status.ExitCode() != 0 || b.spent[r.Instance]) {
			b.on = r
		}
	case r.Kind == supervisor.RestartsSpent:
		if b.spent == nil {
			b.spent = map[string]bool{}
		}
		b.spent[r.Instance] = true
	case r.IsFailure() && b.on.Instance == "":
		b.on = r // it may, but it counts if nothing else happens
	case r.Kind == supervisor.Restarting && r.Instance == b.on.Instance:
		b.on = supervisor.Report{}
	}
}

// sayWhy makes it the last line of the log what has ended the formation, if that was a failure.
func (l *launcher) sayWhy(exitCode int) {
	r := l.runs.blame.on
	if r.Instance == "" || exitCode == 0 {
		return
	}
	l.mux.Notice(output.Notice{
		Label: l.facts.label(r.Instance, r.Type), Event: "failed", Failure: true, Text: blameText(r),
		Fields: append(statusFields(r.Status), output.Field{Key: "ran", Value: r.Ran.Seconds()}),
	})
}
