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

// filesPatience is how long the end waits for a disk that may not answer.
const filesPatience = time.Second

// openFiles begins log files, if somebody wants them. The error is that of a directory which is another
// formation's. A directory that cannot be written keeps nothing from starting: it is said in the log, and tried
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
				diag.Warn(n.Text) // it has come to the very last lines
			}
		},
	})
	return nil
}

// filesFormat is that of the log, for nobody's screen.
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

// logsBelow is the directory of log files as a path from the root, with slashes; empty: it is not below that.
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
