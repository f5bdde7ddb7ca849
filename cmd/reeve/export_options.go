package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// exported are the settings that only export has.
type exported struct {
	app, user, log, run string
	template            string
	userUnits           bool
	image, namespace    string
	secret              []string
	dryRun              bool
	filesOnly           bool   // values come from files, and from the real environment only what is kept
	elsewhere           string // the root, if that is on another machine: the app's files are here
}

// lookHere lets an app that will run elsewhere be described by the files that are here.
// Only a whole path can be meant like that.
func (o *options) lookHere() {
	if _, err := os.Stat(o.Root); filepath.IsAbs(o.Root) && errors.Is(err, fs.ErrNotExist) {
		o.Root, o.elsewhere = "", filepath.Clean(o.Root)
	}
}
