package live

import (
	"errors"
	"fmt"
	"strings"

	"reeve/procfile"
	"reeve/supervisor"
)

// What is said to those who wait for a formation. A text follows the name that it is about.

const (
	noLineText     = "has not written such a line"
	endsText       = "ends with the formation"
	notStartedText = "has not started yet"
)

// neverStartedText says why the formation has not started, once nothing will run any more. Several
// reasons are a line each.
func neverStartedText(asked, why error) string {
	if asked != nil {
		return endingText(&supervisor.Report{Reason: asked.Error()})
	}
	return "the formation did not start: " + strings.ReplaceAll(why.Error(), "\n", "; ")
}

// releaseEnd says why nothing comes after a release.
func releaseEnd(code int, asked bool) error {
	if asked {
		return errors.New("release was stopped")
	}
	return fmt.Errorf("release failed with exit code %d", code)
}

// neverReady reports whether a run was not ready in time, or comes after one that was not.
func neverReady(s supervisor.Status) bool { return s.Err != nil && s.Code == 1 }

// failureText says how a run has failed.
func failureText(s supervisor.Status) string {
	if neverReady(s) {
		return s.Err.Error()
	}
	return statusText(s)
}

// endingText says why the formation ends; nil: it has come to its end.
func endingText(r *supervisor.Report) string {
	switch {
	case r == nil:
		return "the formation has ended"
	case r.Signal != 0:
		return "the formation was stopped by " + supervisor.SignalName(r.Signal)
	case r.Instance != "" && neverReady(r.Status):
		return "the formation was stopped, since " + r.Instance + " failed: " + r.Status.Err.Error()
	case r.Instance != "":
		return "the formation was stopped, since " + r.Instance + " " + failureText(r.Status)
	}
	return "the formation was stopped: " + r.Reason
}

// absentText says that there is nothing of a name.
func absentText(name string) string {
	if _, number := procfile.ParseInstance(name); number > 0 {
		return "is not in the formation"
	}
	return "has no instances in the formation" + scaleHint(name)
}

// scaleHint says how a name gets an instance, if it is a process type.
func scaleHint(name string) string {
	if _, number := procfile.ParseInstance(name); number > 0 || strings.ContainsAny(name, `*?[\`) {
		return ""
	}
	return ": reeve scale " + name + "=1 starts one"
}
