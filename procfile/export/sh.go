package export

import (
	"strings"

	"reeve/internal/pattern"
	"reeve/procfile"
)

// Several process managers have no place for config, or none that holds every value, and
// several open the log of a process before they switch to its user. There a shell of that
// user reads the app's env file, opens the log, and then turns into the command.

// Sourced is a command that reads an env file and turns into another. The file is named
// by its path.
func (t Type) Sourced(a App, env string) []string { return t.sourced(a, env, "") }

// Logged is the same with a log, which is opened by the user of the processes: root would
// follow the links that this user can put there.
func (p Page) Logged() []string { return p.Type.sourced(p.App, p.App.EnvFile(), p.LogFile()) }

func (t Type) sourced(a App, env, log string) []string {
	argv := t.Argv()
	script := ""
	if log != "" {
		script = a.makeLogDir() + "exec >>" + shellWord(log) + " 2>&1; "
	}
	if a.User != "" || len(a.Env) > 0 {
		script += "set -a; " + homeOf(a.User)
		if len(a.Env) > 0 {
			script += `. "$0"; `
		}
		script += "set +a; "
	}
	if script == "" {
		return argv
	}
	return append([]string{"/bin/sh", "-c", script + `exec "$@"`, env}, argv...)
}

// makeLogDir makes the directory of the logs where the user of the processes can do so.
func (a App) makeLogDir() string {
	if !a.UserUnits() {
		return ""
	}
	return "mkdir -p " + shellWord(a.Log) + "; "
}

// LogFile is the log of an instance; empty if it goes where the process manager has it.
func (p Page) LogFile() string {
	if p.App.Log == "" {
		return ""
	}
	return p.App.Log + "/" + p.LogName() + ".log"
}

// LogName is what an instance is called among those of its app.
func (p Page) LogName() string { return p.App.programName(*p.Type, *p.Instance) }

// programName is web-1, or release.
func (a App) programName(t Type, i Instance) string {
	if a.Release != nil && t.Name == a.Release.Name {
		return t.Name
	}
	return i.Dashed()
}

// homeOf is what a shell executes to set the variables that a login sets.
func homeOf(user string) string {
	if user == "" {
		return ""
	}
	return "HOME=~" + user + " USER=" + user + " LOGNAME=" + user + "; "
}

// Shelled reports whether a command needs a shell.
func (t Type) Shelled() bool { return t.Words == nil }

// endsInExec finds the commands whose shell turns into the last of its programs,
// operators those in which there may be several.
var (
	endsInExec = pattern.New(`(^|[;&|]\s*)exec\s+[^;&|()\n]*$`)
	operators  = ";&|(){}\n`"
)

// Stays reports whether a shell stays between the process manager and what it runs: it gets
// the stop signal in place of the program.
func (t Type) Stays() bool {
	return t.Shelled() && !endsInExec.Get().MatchString(t.Command) && !t.isSingle()
}

// isSingle reports whether the shell has only one program to execute. It may put in what is
// not known here, such as the value of a variable.
func (t Type) isSingle() bool {
	program := procfile.Program(t.Command)
	return program != "" && strings.HasPrefix(t.Command, program) && !strings.ContainsAny(t.Command, operators)
}

// shellCommand is what a shell executes: where there is only one program, it turns into
// that, which not all shells do by themselves.
func (t Type) shellCommand() string {
	if t.isSingle() {
		return "exec " + t.Command
	}
	return t.Command
}

// containerShell is the shell of a command in a container. Whoever stops that sends the
// signal to all that runs in it, as reeve does. The shell must not be the first to go,
// since with it the container ends: it waits for what it runs, and starts nothing more.
func (t Type) containerShell() []string {
	if !t.Stays() {
		return shellArgv(t.shellCommand())
	}
	return []string{"/bin/sh", "-c", "trap 'exit 143' " + t.Signal + `; eval "$0"`, t.Command}
}

// Login is what a shell executes to set the variables that a login sets.
func (a App) Login() string { return strings.TrimSuffix(homeOf(a.User), "; ") }

// EnvFile is the path of the app's env file.
func (a App) EnvFile() string { return a.Location + "/" + a.Name + ".env" }

// assignmentsOf are what sets the instance's variables in a shell.
func assignmentsOf(p Page) string {
	var words []string
	for _, v := range p.Instance.Env {
		words = append(words, v.Key+"="+shellWord(v.Value))
	}
	return strings.Join(words, " ")
}
