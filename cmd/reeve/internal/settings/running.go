package settings

import "reeve/procfile"

// The kinds of standard input.
const (
	openInput = "open"
	NoInput   = "null"
)

// CtrlCWord is the word of --attach for the key that otherwise stops the formation.
const CtrlCWord = "ctrl-c"

// IsAttached reports whether the keyboard belongs to a type from the beginning.
func (o Running) IsAttached(typ string) bool { return len(o.Attach) > 0 && typ == o.Attach[0] }

// AttachedInstance is the instance that --attach names; empty: none.
func (o Running) AttachedInstance() string {
	if len(o.Attach) == 0 {
		return ""
	}
	return procfile.InstanceName(o.Attach[0], 1)
}

// ReadsNothing reports whether the instances of a type have an empty input. That of what runs
// to completion is, unless it is asked for, since a question that nobody answers should fail.
func (o *Options) ReadsNothing(typ string) bool {
	if _, said := o.Stdin.Own(typ); !said && (typ == procfile.Release || o.IsTask(typ) || IsBuild(typ)) {
		return true
	}
	return o.Stdin.Of(typ) == NoInput
}
