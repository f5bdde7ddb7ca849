package main

import (
	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
)

// say puts a message into the log.
func (l *launcher) say(n output.Notice) {
	l.mux.Notice(n)
	l.sayApart(n)
}

// sayApart says what is wrong where the log does not.
func (l *launcher) sayApart(n output.Notice) {
	if l.apart && (n.Failure || n.Event == "warning" || n.Event == "port-taken") {
		diag.Warn(n.Text)
	}
}
