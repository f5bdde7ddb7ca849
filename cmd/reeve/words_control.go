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
