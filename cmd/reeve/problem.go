package main

import (
	"fmt"

	"reeve/env"
	"reeve/procfile"
)

// problem is one thing that is wrong with an app, or looks so.
type problem struct {
	File     string   `json:"file,omitempty"` // empty: it is in no file
	Line     int      `json:"line,omitempty"` // 0: it is on no line
	Severity severity `json:"severity"`
	Message  string   `json:"message"`
}

type severity string

const (
	isError   severity = "error" // what would keep the app from starting or running
	isWarning severity = "warning"
)

// Error is "FILE:LINE: what is wrong".
func (p problem) Error() string { return p.place() + p.Message }

// place is what stands in front of the message.
func (p problem) place() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File + ": "
	}
	return fmt.Sprintf("%s:%d: ", p.File, p.Line)
}

// problemsIn takes an error apart into what was joined.
func problemsIn(err error) []problem {
	switch e := err.(type) {
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var all []problem
		for _, one := range e.Unwrap() {
			all = append(all, problemsIn(one)...)
		}
		return all
	case problem:
		e.Severity = isError
		return []problem{e}
	case *procfile.Mistake:
		return []problem{{e.Path, e.Line, isError, e.Text}}
	case *env.Mistake:
		return []problem{{e.Path, e.Line, isError, e.Text}}
	}
	return []problem{{Severity: isError, Message: err.Error()}}
}
