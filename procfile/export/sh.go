package export

import "strings"

// Several process managers have no place for config, or none that holds every value:
// there a shell reads the app's env file and then turns into the command.

// Sourced is a command that reads an env file and turns into another. The file is named
// by its path.
func (t Type) Sourced(a App, env string) []string {
	argv := t.Argv()
	if len(a.Env) == 0 && a.User == "" {
		return argv
	}
	script := "set -a; " + homeOf(a.User)
	if len(a.Env) > 0 {
		script += `. "$0"; `
	}
	return append([]string{"/bin/sh", "-c", script + `set +a; exec "$@"`, env}, argv...)
}

// homeOf is what a shell executes to set the variables that a login sets.
func homeOf(user string) string {
	if user == "" {
		return ""
	}
	return "HOME=~" + user + " USER=" + user + " LOGNAME=" + user + "; "
}

// Shelled says whether a command needs a shell.
func (t Type) Shelled() bool { return t.Words == nil }

// containerShell is the shell of a command in a container. Whoever stops that sends the
// signal to all that runs in it, as reeve does. The shell must not be the first to go,
// since with it the container ends: it waits for what it runs, and starts nothing more.
func (t Type) containerShell() []string {
	return []string{"/bin/sh", "-c", "trap 'exit 143' " + t.Signal + `; eval "$0"`, t.Command}
}

// Home is the same for templates.
func (a App) Home() string { return strings.TrimSuffix(homeOf(a.User), "; ") }

// LogDir is where a format that keeps logs in files has them.
func (a App) LogDir() string {
	if a.Log == "" {
		return "/var/log/" + a.Name
	}
	return a.Log
}

// EnvFile is the path of the app's env file.
func (a App) EnvFile() string { return a.Location + "/" + a.Name + ".env" }

// EnvSourced is the same as ShellLine, preceded by what sets the instance's variables.
func (p Page) Assignments() string {
	var words []string
	for _, v := range p.Instance.Env {
		words = append(words, v.Key+"="+shellWord(v.Value))
	}
	return strings.Join(words, " ")
}
