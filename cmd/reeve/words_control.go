package main

import (
	"fmt"

	"reeve/cmd/reeve/internal/app"
	"reeve/supervisor/control"
)

// This file has the words about a running formation, for those who talk to it.

// notRunning says that no formation runs somewhere: [control.ErrNotRunning] in words.
type notRunning string

func (n notRunning) Error() string {
	return "no formation is running " + string(n) + ": reeve start starts one"
}

func (notRunning) Unwrap() error { return control.ErrNotRunning }

// isSuspended says that a formation cannot answer.
type isSuspended struct{ cause control.SuspendedError }

func (s isSuspended) Error() string { return app.SuspendedText(s.cause.Pid) }

func (s isSuspended) Unwrap() error { return s.cause }

// detachedText says how to find a formation that was detached.
func detachedText(pid string) string {
	return fmt.Sprintf("the formation runs in the background (pid %s): reeve logs -f shows its log, reeve quit stops it", pid)
}

// doneText says that there is nothing left to run in the background.
const doneText = "everything is done, so nothing runs in the background: reeve logs shows the log"

// nothingAnywhereText says that this user has no formation.
const nothingAnywhereText = "no formation of this user is running"

// quitText says that a formation has stopped.
func quitText(code int) string {
	if code != 0 {
		return fmt.Sprintf("the formation has stopped, with exit code %d", code)
	}
	return "the formation has stopped"
}

// silentText says that the reeve of a formation does not answer.
func silentText(pid int) string {
	if pid == 0 {
		return "reeve does not answer"
	}
	return fmt.Sprintf("reeve (pid %d) does not answer: kill -9 %d stops it and its processes", pid, pid)
}

// exitText says how a process has ended.
func exitText(e control.Exit) string {
	switch {
	case e.Error != "":
		return "cannot start: " + e.Error
	case e.Signal != "":
		return "ended by " + e.Signal
	}
	return fmt.Sprintf("exited with code %d", e.Code)
}
