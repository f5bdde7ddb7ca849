package live

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
	"reeve/output/logdir"
)

// What is said of a log, or of log files, that cannot be written.

// foreignFilesError says that a directory of log files belongs to another formation.
func foreignFilesError(dir string, err error) error {
	return fmt.Errorf("cannot write log files in %s: %w: choose another --log-dir", dir, err)
}

// filesNotice says what is wrong with log files, or was.
func filesNotice(dir string, err error) output.Notice {
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		err = errno
	}
	n := output.Notice{Event: "log-files", Fields: []output.Field{{Key: "dir", Value: dir}, {Key: "error", Value: err.Error()}}, Failure: true}
	switch {
	case errors.Is(err, logdir.ErrVanished):
		n.Failure, n.Text = false, fmt.Sprintf("%s was removed, and has been created again for log files", dir)
	default:
		n.Text = fmt.Sprintf("cannot write log files in %s: %v: lines are left out until that is possible", dir, err)
	}
	return n
}

// lateFilesText says that the end of log files is lost.
func lateFilesText(dir string) string {
	return fmt.Sprintf("cannot write log files in %s: the disk does not respond: their last lines are lost", dir)
}

// logFailed says, once, that the log cannot be written.
func logFailed(err error) {
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		err = errno
	}
	fmt.Fprintf(diag.Stderr, "reeve: cannot write the log: %v: the formation keeps running without it\n", err)
}

// logLost says that the end of the log is lost; why is the error of the context that bounds it.
func logLost(why error) {
	switch {
	case errors.Is(why, context.DeadlineExceeded):
		diag.Warn("the log is being read too slowly: its end is lost")
	case errors.Is(why, context.Canceled):
		diag.Warn("not waiting for the reader of the log: its end is lost")
	default:
		diag.Warn("nobody reads the log: its end is lost")
	}
}
