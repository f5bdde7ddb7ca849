package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Export are the settings that only export has.
type Export struct {
	AppName, User, LogDir, RunDir string
	Template                      string
	UserUnits                     bool
	Image, Namespace              string
	Secret                        []string
	DryRun                        bool
	Elsewhere                     string // the root, if that is on another machine: the app's files are here
}

// lookHere lets an app that will run elsewhere be described by the files that are here.
// Only an absolute path can mean that.
func (o *Options) lookHere() {
	if _, err := os.Stat(o.Root); filepath.IsAbs(o.Root) && errors.Is(err, fs.ErrNotExist) {
		o.Root, o.Elsewhere = "", filepath.Clean(o.Root)
	}
}

// fixPort makes an export have the usual ports where reeve would choose them: nobody chooses when
// its reader starts. On the command line that would be a flag that does nothing.
func (o *Options) fixPort(onLine int) error {
	if onLine == AutoPort {
		return fmt.Errorf("--port %s: an export has fixed ports: use --port N", autoPort)
	}
	if o.Port == AutoPort {
		o.Port = 0
	}
	return nil
}
