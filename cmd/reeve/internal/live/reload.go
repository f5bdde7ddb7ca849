package live

import "reeve/supervisor"

// reloadFailure is why a restart cannot have the environment that the files describe now. It
// hides its cause, so that a missing file is not taken for a missing command, unless the cause is
// one that passes.
type reloadFailure struct {
	text  string
	cause error
}

func (f reloadFailure) Error() string { return f.text }

func (f reloadFailure) Unwrap() error {
	if supervisor.IsScarcity(f.cause) {
		return f.cause
	}
	return nil
}
