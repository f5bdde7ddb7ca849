package live

import (
	"slices"
	"strings"
	"time"

	"reeve/supervisor"
	"reeve/supervisor/control"
)

// standing is how an instance stands that somebody waits for.
type standing struct {
	state string // as in [control.Waited]
	text  string
	line  string    // that it was to write
	next  time.Time // when that changes by itself; zero: never
}

// standing says how an instance stands at a glance.
func (w *waiter) standing(s supervisor.Snapshot, g supervisor.Glance, now time.Time) standing {
	if w.search == nil {
		switch {
		case !s.Schedule.IsSet(), g.Ending != nil:
			return readiness(s, g, now)
		case len(w.query.Names) == 0:
			return standing{state: control.Met, text: "runs when it is due"}
		}
		return w.nextRun(s, g, now)
	}
	if line, ok := w.search.Found(s.Name, s.LastPid); ok {
		return standing{state: control.Met, text: "has written: " + line, line: line}
	}
	st := silence(s, g)
	if st.state != control.Failed || s.LastPid == 0 || w.search.HasEnded(s.Name, s.LastPid) {
		return st
	}
	// Its last lines are on their way. They may be stuck behind a reader of the log who does
	// not read, but not for long.
	if stuck := s.Since.Add(lastLinesBound); now.Before(stuck) {
		return standing{state: control.Waiting, text: noLineText, next: stuck}
	}
	return st
}

// nextRun says how a run stands of what time starts: the one that is under way, or the next one. That
// an earlier one has succeeded says nothing of it.
func (w *waiter) nextRun(s supervisor.Snapshot, g supervisor.Glance, now time.Time) standing {
	over, known := w.over[s.Name]
	if !known {
		over = s.Runs
		if s.Pid != 0 {
			over--
		}
		w.over[s.Name] = over
	}
	switch {
	case s.Runs > over:
		return readiness(s, g, now)
	case s.Held:
		return standing{state: control.Failed, text: fate(s, g)}
	case s.State == supervisor.Done && !s.Due.IsZero():
		return standing{state: control.Waiting, text: nextText(s.Due)}
	}
	return standing{state: control.Waiting, text: pendingText(s, g)}
}

// lastLinesBound is how long the last lines of a run may take to be read.
const lastLinesBound = time.Second

// readiness says whether an instance is ready.
func readiness(s supervisor.Snapshot, g supervisor.Glance, now time.Time) standing {
	up := s.Began.Add(upFor)
	switch {
	case s.State == supervisor.Done:
		return standing{state: control.Met, text: "is done"}
	case g.Ending != nil:
		return standing{state: control.Failed, text: fate(s, g)}
	case s.State == supervisor.Stopped && s.WasReady && !s.Held && hasSucceeded(s):
		return standing{state: control.Met, text: "has ended with exit code 0"}
	case isLost(s, g):
		return standing{state: control.Failed, text: fate(s, g)}
	case s.State == supervisor.Running && s.Ready && (s.Probed || !now.Before(up)):
		return standing{state: control.Met, text: "is ready"}
	case s.State == supervisor.Running && s.Ready:
		return standing{state: control.Waiting, text: "has only just started", next: up}
	}
	return standing{state: control.Waiting, text: pendingText(s, g)}
}

// silence says whether an instance that has not written the line still may.
func silence(s supervisor.Snapshot, g supervisor.Glance) standing {
	switch {
	case s.Pid != 0: // even while it stops
		return standing{state: control.Waiting, text: noLineText}
	case g.Ending != nil:
		return standing{state: control.Failed, text: fate(s, g)}
	case !s.Due.IsZero() && s.State != supervisor.Waiting:
		return standing{state: control.Waiting, text: nextText(s.Due)}
	case s.State == supervisor.Done, s.State == supervisor.Stopped && !s.Held && !s.Idle && hasSucceeded(s):
		return standing{state: control.Failed, text: "has ended without such a line"}
	case isLost(s, g):
		return standing{state: control.Failed, text: fate(s, g)}
	}
	return standing{state: control.Waiting, text: pendingText(s, g)}
}

// isLost reports whether an instance will not run until somebody asks for it.
func isLost(s supervisor.Snapshot, g supervisor.Glance) bool {
	if s.Idle {
		return g.Over // else files may change
	}
	return s.Held || s.State == supervisor.Stopped && (s.HasEnded || s.Last.Err != nil) || g.Over || heldBefore(s, g) != ""
}

// hasSucceeded reports whether an instance that runs no longer has ended well.
func hasSucceeded(s supervisor.Snapshot) bool {
	return s.HasEnded && s.Last.Err == nil && s.Last.ExitCode() == 0 && s.Restart != supervisor.RestartAlways
}

// heldBefore is a type that an instance waits for although somebody has stopped it; empty:
// there is none.
func heldBefore(s supervisor.Snapshot, g supervisor.Glance) string {
	if s.State != supervisor.Waiting {
		return ""
	}
	for _, before := range g.All {
		if before.Held && slices.Contains(s.After, before.Type) && !before.WasReady {
			return before.Type
		}
	}
	return ""
}

// fate says why an instance will not be what it was to be.
func fate(s supervisor.Snapshot, g supervisor.Glance) string {
	switch before := heldBefore(s, g); {
	case g.Ending != nil && g.Ending.Instance == s.Name:
		return "failed: " + failureText(g.Ending.Status)
	case g.Ending != nil:
		return endsText
	case s.Held:
		return "was stopped: reeve restart " + s.Name + " starts it again"
	case before != "":
		return "waits for " + before + ", which was stopped: reeve restart " + before + " starts it again"
	case s.HasEnded || s.Last.Err != nil:
		return "failed: " + failureText(s.Last)
	}
	return endsText
}

// pendingText says what an instance does instead of being ready.
func pendingText(s supervisor.Snapshot, g supervisor.Glance) string {
	build, failed := buildOf(s, g)
	switch {
	case s.Building:
		return "is being built"
	case failed:
		return "cannot be built: " + failureText(build.Last) + "; this is tried again when its files change"
	case s.Idle && !s.Due.IsZero() && s.HasEnded:
		return failureText(s.Last) + ", and " + nextText(s.Due)
	case s.Idle && !s.Due.IsZero():
		return nextText(s.Due)
	case s.Idle:
		return failureText(s.Last) + ", and starts again when its files change"
	}
	switch s.State {
	case supervisor.Waiting:
		if before := notReadyBefore(s, g); len(before) > 0 {
			return "waits for " + strings.Join(before, ", ")
		}
		return "is about to start"
	case supervisor.Running:
		switch {
		case s.Task:
			return "is running"
		case s.Ill:
			return "is not healthy"
		}
		return "is not ready yet"
	case supervisor.Stopping, supervisor.Killing:
		return "is stopping"
	case supervisor.Backoff:
		return failureText(s.Last) + ", and will be restarted"
	}
	return "is not running"
}

// buildOf finds the build that an instance waits for in vain, until files change.
func buildOf(s supervisor.Snapshot, g supervisor.Glance) (build supervisor.Snapshot, failed bool) {
	for _, b := range g.All {
		if b.Build && b.Idle && s.State == supervisor.Waiting && slices.Contains(s.After, b.Type) {
			return b, true
		}
	}
	return build, false
}

// notReadyBefore names the instances that one waits for.
func notReadyBefore(s supervisor.Snapshot, g supervisor.Glance) (names []string) {
	for _, before := range g.All {
		if slices.Contains(s.After, before.Type) && !before.Ready && !before.Removed {
			names = append(names, before.Name)
		}
	}
	return names
}
