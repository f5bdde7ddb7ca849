package live

import (
	"fmt"
	"syscall"

	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/supervisor"
	"reeve/watch"
)

// changeText says what has changed, in one line.
func changeText(c watch.Change) string {
	switch more := len(c.Files) - 1; {
	case c.All:
		return "too much has changed to tell what"
	case more > 0:
		return fmt.Sprintf("%s, and %d more", fileText(c.Files[0]), more)
	default:
		return fileText(c.Files[0])
	}
}

func fileText(f watch.File) string {
	if f.Gone {
		return f.Path + " is gone"
	}
	return f.Path + " changed"
}

// renewNotice says why an instance begins anew.
func renewNotice(l output.Label, s supervisor.Snapshot, of renewal) output.Notice {
	what := "starts"
	if s.Pid != 0 {
		what = "restarts"
	}
	n := output.Notice{Label: l, Event: "changed", Text: fmt.Sprintf("%s %s: %s", s.Name, what, of.why)}
	if of.change != nil {
		n.Fields = []output.Field{{Key: "files", Value: paths(*of.change)}}
	}
	return n
}

// signalNotice says why an instance gets a signal.
func signalNotice(l output.Label, sig syscall.Signal, why string) output.Notice {
	return output.Notice{
		Label: l, Event: "changed", Fields: []output.Field{{Key: "signal", Value: supervisor.SignalName(sig)}},
		Text: fmt.Sprintf("%s gets %s: %s", l.Name, supervisor.SignalName(sig), why),
	}
}

// loopNotice says that a type is not watched any longer.
func loopNotice(l output.Label, file string) output.Notice {
	return output.Notice{
		Label: l, Event: "watch-loop", Fields: []output.Field{{Key: "file", Value: file}}, Failure: true,
		Text: fmt.Sprintf("%s is no longer watched: %s has changed after each of its last restarts, as if they wrote it; leave it out with !%s, or watch again with reeve restart %s",
			l.Name, file, file, l.Name),
	}
}

// paths are the files of a change, of which a notice names so many at most.
func paths(c watch.Change) []string {
	names := []string{}
	for _, f := range c.Files[:min(len(c.Files), 100)] {
		names = append(names, f.Path)
	}
	return names
}

// buildNotice says what happens to the build of a type, in place of what would be said of another
// task. Living are the instances that run what has been built before.
func buildNotice(r supervisor.Report, n output.Notice, living []string) (output.Notice, bool) {
	switch {
	case r.Kind == supervisor.Started:
		n.Event = "building"
	case r.Kind == supervisor.Finished:
		n.Event = "built"
	case r.Kind == supervisor.Exited && r.Status == supervisor.Status{}:
		return n, false // that it is done is said
	case r.Kind == supervisor.Exited && r.Failed, r.Kind == supervisor.NotReady:
		n.Event = "build-failed"
		switch len(living) {
		case 0:
		case 1:
			n.Text += ": " + living[0] + " keeps running"
		default:
			n.Text += fmt.Sprintf(": %s and %d more keep running", living[0], len(living)-1)
		}
	case r.Kind == supervisor.Idle:
		n.Text = settings.TypeOf(r.Type) + " waits for files to change"
		return n, len(living) == 0
	}
	return n, true
}
