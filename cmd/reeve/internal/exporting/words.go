package exporting

import (
	"fmt"
	"strings"
)

// What reeve export says. Values of variables are in the files alone.

// keepText says how to export what is set in the exporter's shell.
func keepText(keys []string) string {
	return fmt.Sprintf("your shell has %s, but exports take values from files: --keep %s exports yours",
		strings.Join(keys, ", "), strings.Join(keys, ","))
}

func foreignFile(path, app string) error {
	return fmt.Errorf("%s exists, and reeve did not write it for the app %s: move it away, or choose another location", path, app)
}

func noUserText(name string) string {
	return fmt.Sprintf("there is no user %s here: create one, or name another with --user", name)
}

func noLogText(dir, owner string) string {
	return fmt.Sprintf("there is no directory %s here for the logs: create it before the processes start: install -d -o %s %s", dir, owner, dir)
}

func borrowedFile(path, link, who string) error {
	return fmt.Errorf("refusing %s: %s is a link that belongs to %s, and %s cannot read the file: name the file itself", path, link, who, who)
}

func sharedLog(dir, where, who string) error {
	return fmt.Errorf("root would open logs in %s, and %s can put links into %s: choose a directory that is root's alone with --log", dir, who, where)
}

func shakyLocationText(where, who string) string {
	return fmt.Sprintf("%s can change the contents of %s: let root run the export only from a directory that is root's alone", who, where)
}

func elsewhereText(root string) string {
	return fmt.Sprintf("%s is not on this machine: the user, the programs and the log directories are not checked", root)
}

func programElsewhereText(typ, name string) string {
	return fmt.Sprintf("%s: %s is not in the PATH that it will have: is it installed, or elsewhere? --keep PATH exports yours", typ, name)
}

func unreadableText(owner string, files []string) string {
	what := files[0]
	if len(files) > 1 {
		what = fmt.Sprintf("%s and %d more", what, len(files)-1)
	}
	return fmt.Sprintf("%s: %s must be able to read this, but reeve cannot change its owner: export as root, or chown %s", what, owner, owner)
}

// typeEnvLeftText says that an export has one environment for all.
func typeEnvLeftText(types []string) string {
	return "env in the tables of " + strings.Join(types, ", ") + " is left out: an export has one environment for all process types"
}
