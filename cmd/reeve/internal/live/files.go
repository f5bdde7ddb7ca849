package live

import (
	"errors"
	"path/filepath"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/output/logdir"
)

// filesPatience is how long the end waits for a disk that may not respond.
const filesPatience = time.Second

// openFiles begins log files, if they are asked for. It fails if the directory belongs to another formation. A
// directory that cannot be written to does not keep the formation from starting: the log says so, and reeve tries
// again.
func (l *launcher) openFiles(o *settings.Options) error {
	if o.FilesDir == "" {
		return nil
	}
	dir := &logdir.Dir{Path: place.Absolute(o.FilesDir), Size: o.FilesSize, Keep: o.FilesKeep}
	shown := place.Shorten(dir.Path, place.WorkingDir())
	if err := dir.Claim(); errors.As(err, new(logdir.InUseError)) {
		return foreignFilesError(shown, err)
	}
	l.files = output.NewFiles(output.FilesOptions{
		Dir: dir, Format: l.filesFormat(o), Unmarked: o.IsBare(),
		Trouble: func(err error) {
			if n := filesNotice(shown, err); !l.mux.Notice(n) {
				diag.Warn(n.Text) // only the very last lines are left
			}
		},
	})
	return nil
}

// filesFormat is the format of the log, without anything meant for a screen.
func (l *launcher) filesFormat(o *settings.Options) output.Format {
	if o.LogFormat == "json" {
		return output.NewPlainJSON()
	}
	t := textOptions(l.app(), o, false)
	t.Raw, t.Color, t.Plain = false, false, true
	return output.NewText(t)
}

func (l *launcher) closeFiles() {
	if l.files != nil && l.files.Close(filesPatience) {
		diag.Warn(lateFilesText(place.Shorten(l.files.Dir.Path, place.WorkingDir())))
	}
}

// logsBelow is the directory of log files as a path from the root, with slashes; empty: it is not below the root.
func logsBelow(root string, o *settings.Options) string {
	if o.FilesDir == "" {
		return ""
	}
	below, err := filepath.Rel(root, place.Absolute(o.FilesDir))
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return ""
	}
	return filepath.ToSlash(below)
}
