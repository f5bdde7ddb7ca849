package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/procfile/propose"
)

// initProcfile writes a Procfile for the app in the current directory, by what it finds
// there.
func initProcfile(args []string) (exitCode int) {
	preview := len(args) == 1 && args[0] == "-"
	if len(args) > 0 && !preview {
		return diag.Fail(diag.ExitUsage, "init takes no arguments, or - to print its proposal")
	}
	found := propose.For(os.DirFS("."))
	if _, err := os.Stat(place.Procfile); err == nil && len(found) == 0 && !preview {
		return diag.Fail(diag.ExitFailure, "there is already a %s, which stays as it is", place.Procfile)
	}
	if len(found) == 0 {
		return diag.Fail(diag.ExitFailure, "cannot tell how to run this app: write a %s yourself, with lines such as web: bin/server --port $PORT; see: reeve help procfile", place.Procfile)
	}
	settings := propose.Settings(found)
	if preview {
		return previewInit(found, settings)
	}
	if err := create(place.Procfile, func(w io.Writer) error { return propose.Write(w, found) }); err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	fmt.Println(wroteText(found))
	if len(settings) > 0 {
		return createSettings(settings)
	}
	return diag.ExitOK
}

// previewInit prints what would be written: one Procfile, which has the settings as
// comments.
func previewInit(found []propose.Proposal, settings []propose.Setting) (exitCode int) {
	var text, toml strings.Builder
	_ = propose.Write(&text, found) // a builder takes everything
	if len(settings) > 0 {
		_ = propose.WriteSettings(&toml, settings)
		text.WriteString("\n# And in " + place.SettingsFile + ":\n#\n")
		for line := range strings.Lines(toml.String()) {
			text.WriteString(strings.TrimRight("#   "+line, " \n") + "\n")
		}
	}
	if _, err := os.Stdout.WriteString(text.String()); err != nil {
		return diag.Fail(diag.ExitFailure, "cannot write the proposal: %w", diag.Reason(err))
	}
	return diag.ExitOK
}

// createSettings writes what the programs need to stop well, if nobody has written
// settings yet.
func createSettings(settings []propose.Setting) (exitCode int) {
	if _, err := os.Lstat(place.SettingsFile); err == nil {
		fmt.Println(addSettingsText(settings))
		return diag.ExitOK
	}
	if err := create(place.SettingsFile, func(w io.Writer) error { return propose.WriteSettings(w, settings) }); err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	fmt.Println(wroteSettingsText(settings))
	return diag.ExitOK
}

// create writes a file where there is none.
func create(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return existsAlready(path)
	}
	if err == nil {
		err = errors.Join(write(f), f.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, diag.Reason(err))
	}
	return nil
}
