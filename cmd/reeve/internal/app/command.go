package app

import (
	"path/filepath"
	"slices"
	"strconv"

	"reeve/env"
	"reeve/internal/pattern"
	"reeve/procfile"
	"reeve/supervisor"
)

// DirOf is where a type runs, and all that belongs to it.
func (a *App) DirOf(typ string) string {
	dir := a.Settings.Dirs[typ]
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	return filepath.Join(a.Root, dir)
}

// Command is what a process type executes in an environment.
func (a *App) Command(entry procfile.Entry, environ env.Environ) (*supervisor.Command, procfile.Invocation) {
	invocation := procfile.Invoke(entry.Command, environ.Lookup)
	return a.commandOf(entry, invocation, environ), invocation
}

// CommandWith is that with further arguments.
func (a *App) CommandWith(entry procfile.Entry, environ env.Environ, more []string) (*supervisor.Command, error) {
	invocation, err := procfile.Invoke(entry.Command, environ.Lookup).With(more)
	return a.commandOf(entry, invocation, environ), err
}

func (a *App) commandOf(entry procfile.Entry, invocation procfile.Invocation, environ env.Environ) *supervisor.Command {
	c := &supervisor.Command{
		Args:    invocation.Args,
		Line:    invocation.Line,
		Program: nameIn(entry.Command, invocation.Args[0]),
		Env:     environ.With(invocation.Assign...),
		Dir:     a.DirOf(entry.Type),
	}
	if invocation.Shell {
		c.Program = ""
	}
	return c
}

// Assigned is what reeve gives to an instance, or to a one-off, which may be of no
// type.
func (a *App) Assigned(typ, name string) env.Environ {
	// PWD as a shell would set it: programs prefer it to asking the system.
	own := env.Environ{"PS=" + name, "PWD=" + a.DirOf(typ)}
	if a.NoPort {
		return own
	}
	_, number := procfile.ParseInstance(name)
	port, ok := a.Ports.Of(typ, number)
	if !ok {
		port = a.Base // a one-off, or release, which has no place of its own
	}
	return slices.Concat(own, a.Ports.Environ(typ), env.Environ{"PORT=" + strconv.Itoa(port)})
}

// Lookup finds a process type where there is a Procfile.
func (a *App) Lookup(typ string) (procfile.Entry, bool) {
	if a.Procfile == nil {
		return procfile.Entry{}, false
	}
	return a.Procfile.Lookup(typ)
}

// StandardPath is where process managers look for programs.
const StandardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// LeaderKey is the variable with the pid of the process that a stop command is to stop.
const LeaderKey = "REEVE_PID"

// RunName is what a one-off is called in PS.
const RunName = "run.1"

// ShellKey matches the names that every shell can give to variables.
var ShellKey = pattern.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
