package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"reeve/procfile/propose"
)

// initProcfile writes a Procfile for the app in the current directory, by what it finds
// there.
func initProcfile(args []string) (exitCode int) {
	preview := len(args) == 1 && args[0] == "-"
	if len(args) > 0 && !preview {
		return fail(exitUsage, "init takes nothing, or - to print what it would write")
	}
	found := propose.For(os.DirFS("."))
	if _, err := os.Stat(standardProcfile); err == nil && len(found) == 0 && !preview {
		return fail(exitFailure, "there is a %s already, which stays as it is", standardProcfile)
	}
	if len(found) == 0 {
		return fail(exitFailure, "cannot tell how to run what is here: write a %s yourself, see: reeve help procfile", standardProcfile)
	}
	if preview {
		if err := propose.Write(os.Stdout, found); err != nil {
			return fail(exitFailure, "cannot write the proposal: %w", reason(err))
		}
		return exitOK
	}
	if err := createProcfile(found); err != nil {
		return failWith(exitFailure, err)
	}
	fmt.Println(wroteText(found))
	return exitOK
}

// createProcfile writes it where there is none.
func createProcfile(found []propose.Proposal) error {
	f, err := os.OpenFile(standardProcfile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return errorf("there is a %s already, which stays as it is: reeve init - prints what would be in a new one", standardProcfile)
	}
	if err == nil {
		err = errors.Join(propose.Write(f, found), f.Close())
	}
	if err != nil {
		return errorf("cannot write %s: %w", standardProcfile, reason(err))
	}
	return nil
}
