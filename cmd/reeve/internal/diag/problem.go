// Package diag represents problems, with their file and line, and prints them.
//
// An error is one line on standard error: "reeve: what failed: why", lower case, no
// full stop, with a hint where the remedy is not obvious. A mistake in a file is
// "FILE:LINE: what is wrong", with nothing in front, so that editors can jump there.
// No message contains the value of a variable.
package diag

import (
	"fmt"

	"reeve/env"
	"reeve/procfile"
)

// Problem is one thing that is wrong with an app, or looks so.
type Problem struct {
	File     string   `json:"file,omitempty"` // empty: it is in no file
	Line     int      `json:"line,omitempty"` // 0: it is on no line
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
}

// Severity is how bad a problem is.
type Severity string

const (
	Error   Severity = "error" // what would keep the app from starting or running
	Warning Severity = "warning"
)

// Error is "FILE:LINE: what is wrong".
func (p Problem) Error() string { return p.Place() + p.Message }

// IsError reports whether the app cannot start or run because of the problem.
func (p Problem) IsError() bool { return p.Severity == Error }

// Place is the FILE:LINE in front of the message; empty: the problem is in no file.
func (p Problem) Place() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File + ": "
	}
	return fmt.Sprintf("%s:%d: ", p.File, p.Line)
}

// In lists the problems that an error has joined.
func In(err error) []Problem {
	switch e := err.(type) {
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var all []Problem
		for _, one := range e.Unwrap() {
			all = append(all, In(one)...)
		}
		return all
	case Problem:
		e.Severity = Error
		return []Problem{e}
	case *procfile.Mistake:
		return []Problem{{e.Path, e.Line, Error, e.Text}}
	case *env.Mistake:
		return []Problem{{e.Path, e.Line, Error, e.Text}}
	}
	return []Problem{{Severity: Error, Message: err.Error()}}
}
