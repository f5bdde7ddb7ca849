package main

import (
	"slices"

	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
)

// reeve's own lines have the name system. Where they cannot be told from what processes write,
// as in a log of JSON lines without a prefix, they do not belong into it.

// quietTypes are the process types whose output is kept out of the log.
func (o *options) quietTypes() []string {
	return slices.DeleteFunc(slices.Clone(o.quiet), func(typ string) bool { return typ == output.System })
}

// saysOwn says whether reeve's own lines are in the log.
func (o *options) saysOwn(screen bool) bool {
	return !slices.Contains(o.quiet, output.System) && !o.saysApart(screen)
}

// saysApart says whether what is wrong is said on standard error, since reeve's own lines
// cannot be told from others in the log.
func (o *options) saysApart(screen bool) bool {
	return o.noPrefix && o.logFormat != "json" && !screen && !slices.Contains(o.quiet, output.System)
}

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
