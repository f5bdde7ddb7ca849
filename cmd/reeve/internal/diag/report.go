package diag

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"reeve/output"
)

// Stderr takes everything that reeve says on standard error. It may be that nobody reads it, or
// no longer: neither is a reason to wait or to end.
var Stderr = output.NewImpatient(os.Stderr)

// Fail prints what is wrong and returns the exit code.
func Fail(exitCode int, format string, args ...any) int {
	return FailWith(exitCode, fmt.Errorf(format, args...))
}

// FailWith prints every problem of an error and returns the exit code.
func FailWith(exitCode int, err error) int {
	for _, p := range In(err) {
		line := p.Error()
		if p.File == "" {
			line = "reeve: " + line
		}
		fmt.Fprintln(Stderr, line)
	}
	return exitCode
}

// Reason gives the cause of a file's error without its path, which the message names
// already.
func Reason(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// Warn prints a message that does not keep a command from running.
func Warn(text string) { fmt.Fprintln(Stderr, "reeve: "+text) }

// WarnAt prints a problem that does not keep a command from running.
func WarnAt(p Problem) {
	if p.File == "" {
		Warn(p.Message)
		return
	}
	fmt.Fprintln(Stderr, p.Error())
}
