package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"
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

// exportOptions are the flags that only export has. A -t is foreman's for templates.
var exportOptions = []option{
	{onExport, "timeout", "", "[TYPE=]SECONDS", "", "grace period between the stop signal and SIGKILL; also 1m30s (default 5)",
		func(o *options) pflag.Value {
			return &perTypeValue[time.Duration]{of: &o.timeout, parse: parseDuration}
		}},
	{onExport, "app", "a", "NAME", "", "what the app is called there (default the name of the root)",
		func(o *options) pflag.Value { return (*textValue)(&o.app) }},
	{onExport, "user", "u", "USER", "", "who the processes run as (default the app's name, in images whoever they say)",
		func(o *options) pflag.Value { return (*textValue)(&o.user) }},
	{onExport, "log", "l", "DIR", "", "where logs are kept (default /var/log/APP, or the journal)",
		func(o *options) pflag.Value { return (*textValue)(&o.log) }},
	{onExport, "run", "r", "DIR", "", "a directory for sockets and the like, which is made before a process starts",
		func(o *options) pflag.Value { return (*textValue)(&o.run) }},
	{onExport, "template", "t", "DIR", "", "templates that stand in for reeve's own, see docs/export.md",
		func(o *options) pflag.Value { return (*textValue)(&o.template) }},
	{onExport, "user-units", "", "", "", "for the process manager of a user, such as systemctl --user, and not of the system",
		func(o *options) pflag.Value { return (*switchValue)(&o.userUnits) }},
	{onExport, "image", "", "IMAGE", "", "the image that a cluster runs (default APP:latest)",
		func(o *options) pflag.Value { return (*textValue)(&o.image) }},
	{onExport, "namespace", "", "NAME", "", "where it goes in Kubernetes and Nomad",
		func(o *options) pflag.Value { return (*textValue)(&o.namespace) }},
	{onExport, "secret", "", "KEY[,KEY]", "", "variables that are secrets, besides those that look like some",
		func(o *options) pflag.Value { return &listValue{list: &o.secret} }},
	{onExport, "dry-run", "", "", "", "write nothing, and show what would be different",
		func(o *options) pflag.Value { return (*switchValue)(&o.dryRun) }},
}
