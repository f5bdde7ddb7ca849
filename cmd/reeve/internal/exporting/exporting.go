// Package exporting describes an app for another process manager, and brings what a
// format of procfile/export makes of that to its place.
//
// [Prepare] loads the app as files describe it, for the shell of whoever exports is not that of
// the process manager, and makes the files; it writes none. They are printed, or compared with
// what is in the location: a [Plan] has what would be written, and what an earlier export of the
// app has left there. Nothing but that is ever replaced or removed.
package exporting

import (
	"bytes"
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

// Stdout is the location that stands for standard output.
const Stdout = "-"

// Export is an export that is ready to be written.
type Export struct {
	App       *app.App
	format    export.Format
	location  string // as it was given
	described export.App
	files     []export.File
	notices   []string
}

// Prepare makes the files of an export.
func Prepare(o *settings.Options, f export.Format, location string) (*Export, error) {
	a, err := app.Load(o, app.Request{FilesOnly: true})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(checkSettings(a, f), checkLinks(a)); err != nil {
		return nil, err
	}
	e := &Export{App: a, format: f, location: location}
	if e.described, err = describe(a, f, location); err != nil {
		return nil, err
	}
	if err := e.checkLogs(); err != nil {
		return nil, err
	}
	own, err := ownTemplates(a.Settings.Template)
	if err != nil {
		return nil, err
	}
	e.files, e.notices, err = f.Export(e.described, own)
	if left := slices.Sorted(maps.Keys(a.TypeEnvs)); len(left) > 0 {
		e.notices = append(e.notices, typeEnvLeftText(left))
	}
	return e, err
}

// ownTemplates are the user's templates, if there are any.
func ownTemplates(dir string) (fs.FS, error) {
	if dir == "" {
		return nil, nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--template %s: %w", dir, cmp.Or(diag.Reason(err), errNoDirectory))
	}
	return os.DirFS(dir), nil
}

var errNoDirectory = errors.New("not a directory")

// placeOf is the directory in which the files will be, as the files themselves name it.
func placeOf(f export.Format, o settings.Export, location string) (string, error) {
	if location == Stdout {
		home, _ := os.UserHomeDir()
		return f.Usual(o.UserUnits, home), nil
	}
	path, err := filepath.Abs(location)
	if err != nil {
		return "", fmt.Errorf("cannot determine the current directory: %w", diag.Reason(err))
	}
	return path, nil
}

// Text is all files in one, for standard output.
func (e *Export) Text() []byte {
	var out bytes.Buffer
	for n, file := range e.files {
		if len(e.files) > 1 {
			out.WriteString(e.format.Between(file, n == 0))
		}
		out.Write(file.Content)
		if !bytes.HasSuffix(file.Content, []byte("\n")) {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}

// Next is what to do once the files are in place; empty: nothing.
func (e *Export) Next() string { return e.format.Next(e.described) }
