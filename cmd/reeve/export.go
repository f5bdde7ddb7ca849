package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile/export"
)

// toStdout is the location that stands for standard output.
const toStdout = "-"

// exportApp writes the formation for another process manager.
func exportApp(args []string) (exitCode int) {
	o, words, exitCode := parse("export", args)
	if o == nil {
		return exitCode
	}
	e, err := prepareExport(o, words)
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	warnOf(e.app, e.app.Settings.Ignored)
	sayBeforeExport(o, e)
	if e.location == toStdout {
		return printExport(e.format, e.files)
	}
	plan, err := planExport(e)
	switch {
	case err != nil:
		return diag.FailWith(diag.ExitFailure, err)
	case o.DryRun:
		return plan.show()
	}
	return plan.carryOut(e.format.Next(e.described))
}

// exporting is an export that is ready to be written.
type exporting struct {
	app       *app.App
	format    export.Format
	location  string // as it was given
	described export.App
	files     []export.File
	notices   []string
}

// prepareExport makes the files of an export, and writes none.
func prepareExport(o *settings.Options, words []string) (e exporting, err error) {
	if e.format, e.location, err = exportTarget(words); err != nil {
		return e, err
	}
	if e.app, err = app.Load(o, app.Request{FilesOnly: true}); err != nil {
		return e, err
	}
	o = e.app.Settings
	if err = errors.Join(checkExport(e.app, o.Export, e.format), checkLinks(e.app)); err != nil {
		return e, err
	}
	if e.described, err = describe(e.app, o, e.format, e.location); err != nil {
		return e, err
	}
	if err = e.checkLogs(o.Export); err != nil {
		return e, err
	}
	own, err := ownTemplates(o.Export)
	if err != nil {
		return e, err
	}
	e.files, e.notices, err = e.format.Export(e.described, own)
	if left := slices.Sorted(maps.Keys(e.app.TypeEnvs)); len(left) > 0 {
		e.notices = append(e.notices, typeEnvLeftText(left))
	}
	return e, err
}

// exportTarget reads what stands behind export.
func exportTarget(words []string) (f export.Format, location string, err error) {
	if len(words) != 2 {
		return f, "", fmt.Errorf("export needs a format and a location, as in: reeve export systemd /etc/systemd/system")
	}
	f, ok := export.Lookup(words[0])
	if !ok {
		return f, "", unknownFormat(words[0])
	}
	if words[1] == "" {
		return f, "", fmt.Errorf("the location is empty: name a directory, or - for standard output")
	}
	return f, words[1], nil
}

// ownTemplates are the user's templates, if there are any.
func ownTemplates(o settings.Export) (fs.FS, error) {
	if o.Template == "" {
		return nil, nil
	}
	if info, err := os.Stat(o.Template); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--template %s: %w", o.Template, cmp.Or(diag.Reason(err), errNoDirectory))
	}
	return os.DirFS(o.Template), nil
}

var errNoDirectory = errors.New("it is not a directory")

// placeOf is the directory in which the files will be, as the files themselves name it.
func placeOf(f export.Format, o settings.Export, location string) (string, error) {
	if location == toStdout {
		home, _ := os.UserHomeDir()
		return f.Usual(o.UserUnits, home), nil
	}
	path, err := filepath.Abs(location)
	if err != nil {
		return "", fmt.Errorf("cannot determine the current directory: %w", diag.Reason(err))
	}
	return path, nil
}
