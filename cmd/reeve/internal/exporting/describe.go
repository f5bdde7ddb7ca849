package exporting

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/held"
	"reeve/cmd/reeve/internal/place"
	"reeve/env"
	"reeve/internal/sorting"
	"reeve/procfile"
	"reeve/procfile/export"
	"reeve/supervisor"
)

// describe puts everything together that a format can use.
func describe(a *app.App, f export.Format, location string) (export.App, error) {
	o := a.Settings
	place, err := placeOf(f, o.Export, location)
	if err != nil {
		return export.App{}, err
	}
	home, _ := os.UserHomeDir()
	d := export.App{
		Name: o.AppName, Root: cmp.Or(o.Elsewhere, a.Root), Location: place, Home: home,
		User: o.User, Log: absolutePath(o.LogDir), Run: absolutePath(o.RunDir), Units: "system",
		Image: o.Image, Namespace: o.Namespace,
		Env: exportedEnv(a), Zone: a.ZoneName(),
	}
	if d.Name == "" {
		d.Name = appName(d.Root)
	}
	if o.UserUnits {
		d.Units = "user"
	}
	if d.User == "" && !f.Cluster && !o.UserUnits {
		d.User = d.Name
	}
	for _, m := range a.Formation {
		if m.Count > 0 && m.Type != procfile.Release {
			d.Types = append(d.Types, describeType(a, m, f))
		}
	}
	if exportsRelease(a) {
		entry, _ := a.Lookup(procfile.Release)
		release := describeType(a, procfile.Member{Entry: entry, Count: 1}, f)
		release.Restart, release.Limit, release.After, release.Ready, release.Health = "never", 0, nil, nil, nil
		d.Release = &release
	}
	return d, nil
}

// exportsRelease reports whether the release entry should run before the formation: if there
// is one and nobody has left it out.
func exportsRelease(a *app.App) bool {
	_, ok := a.Lookup(procfile.Release)
	asked, _ := procfile.ParseFormation(a.Settings.Quantities)
	count, said := asked.Count(procfile.Release)
	return ok && !slices.Contains(a.Settings.Exclude, procfile.Release) && (!said || count > 0)
}

// describeType describes one process type.
func describeType(a *app.App, m procfile.Member, f export.Format) export.Type {
	name := procfile.InstanceName(m.Type, 1)
	s := a.Settings.Spec(name, m.Type)
	t := export.Type{
		Name: m.Type, Command: m.Command, Dir: a.Settings.Dirs[m.Type],
		Listens: listensOnPort(a, m.Type),
		Signal:  signalWord(s.Stop), StopCommand: a.Settings.StopCommand[m.Type], Grace: s.Grace,
		Restart: s.Restart.String(), Limit: s.RestartLimit, CanDie: s.CanDie,
		After: runningOf(a, s.After), ReadyTimeout: s.ReadyTimeout, Schedule: a.Settings.ScheduleOf(m.Type),
	}
	if a.Settings.IsWatched(m.Type) {
		for _, p := range a.Settings.Patterns[m.Type].Places() {
			t.Watch = append(t.Watch, export.Watched{Path: p.Path, Include: p.Include, Ignore: p.Exclude})
		}
	}
	probeDir := "" // process managers of a machine try a probe where the type runs
	if f.Cluster {
		probeDir = t.Dir
	}
	if p, ok := a.Settings.Ready[m.Type]; ok {
		t.Ready = &export.Probe{Probe: p, Dir: probeDir}
	}
	if p, ok := a.Settings.Health[m.Type]; ok {
		t.Health, t.HealthInterval, t.HealthFailures = &export.Probe{Probe: p, Dir: probeDir}, s.Health.Every, s.Health.Failures
	}
	if at, ok := a.Settings.Listen[m.Type]; ok {
		t.Socket = describeSocket(at.In(cmp.Or(a.Settings.Elsewhere, a.Root), firstPort(a, m.Type)))
	}
	if !a.NoPort {
		t.Port = firstPort(a, m.Type)
	}
	for n := range m.Count {
		name := procfile.InstanceName(m.Type, n+1)
		t.Instances = append(t.Instances, export.Instance{Name: name, Number: n + 1, Env: assignedTo(a, m.Type, name)})
	}
	environ := exportedEnviron(a).With(a.Assigned(m.Type, name)...)
	words, assign := procfile.Words(t.Command, environ.Lookup)
	t.Words = words
	for key, value := range env.Environ(assign).All() {
		t.Assign = append(t.Assign, export.Variable{Key: key, Value: value})
	}
	if !f.Cluster { // an image has programs of its own
		t.Program = programFile(a, t.Name, words, environ.With(assign...))
	}
	return t
}

// describeSocket describes a socket as systemd does.
func describeSocket(at held.Address) *export.Socket {
	if stream, ok := at.OfLoopback(); ok {
		return &export.Socket{Stream: stream, Loopback: true}
	}
	return &export.Socket{Stream: at.String()}
}

// firstPort is the port of a type's first instance.
func firstPort(a *app.App, typ string) int {
	if port, ok := a.Ports.Of(typ, 1); ok {
		return port
	}
	return a.Base
}

// runningOf keeps those of some types that run.
func runningOf(a *app.App, types []string) []string {
	return slices.DeleteFunc(slices.Clone(types), func(typ string) bool {
		return a.Formation.Count(typ) == 0 || typ == procfile.Release
	})
}

// assignedTo is what reeve assigns to an instance, without the directory, which the
// process manager sees to.
func assignedTo(a *app.App, typ, name string) []export.Variable {
	var vars []export.Variable
	for key, value := range a.Assigned(typ, name).All() {
		if key != "PWD" {
			vars = append(vars, export.Variable{Key: key, Value: value})
		}
	}
	sorting.Stable(vars, func(v, w export.Variable) int { return strings.Compare(v.Key, w.Key) })
	return vars
}

// exportedEnv is the app's config: what the env files set, what is required and what is
// kept, without what reeve assigns.
func exportedEnv(a *app.App) []export.Variable {
	var vars []export.Variable
	for key, value := range exportedEnviron(a).All() {
		secret := slices.Contains(a.Settings.Secret, key) || !export.IsPublic(key, value)
		vars = append(vars, export.Variable{Key: key, Value: value, Secret: secret})
	}
	return vars
}

func exportedEnviron(a *app.App) env.Environ {
	environ := a.Env.Environ().Without(a.Assigned("", ""))
	source, _ := a.Env.Source("PORT")
	if source.Winner.Line == 0 && len(source.Losers) == 0 && !slices.Contains(a.Settings.Keep, "PORT") {
		environ = environ.Without(env.Environ{"PORT="}) // it was only the base
	}
	return environ
}

// listensOnPort reports whether anybody uses the port of a type: it is web, it is probed there,
// or its port is mentioned in a command or an env file.
func listensOnPort(a *app.App, typ string) bool {
	if typ == "web" || a.Settings.Ready[typ].OwnPort() || a.Settings.Health[typ].OwnPort() {
		return true
	}
	mentioned := regexp.MustCompile(`\b` + env.PortVariable(typ) + `\b`)
	for _, e := range a.Procfile.Entries {
		if mentioned.MatchString(e.Command) {
			return true
		}
	}
	return slices.ContainsFunc(a.Envs(), func(e *env.Env) bool { return e.RefersTo(env.PortVariable(typ)) })
}

// programFile is the file of a program, if it is known.
func programFile(a *app.App, typ string, words []procfile.Word, environ env.Environ) string {
	if len(words) == 0 || len(words[0]) != 1 || words[0][0].Variable != "" {
		return ""
	}
	switch name := words[0][0].Text; {
	case filepath.IsAbs(name):
		return name
	case strings.Contains(name, "/"):
		return filepath.Join(dirOf(a, typ), name)
	case a.Settings.Elsewhere == "":
		return lookPath(a, typ, name, environ)
	}
	return "" // another machine may have it elsewhere
}

// dirOf is where a type will run on the machine that the export is for.
func dirOf(a *app.App, typ string) string {
	if elsewhere := a.Settings.Elsewhere; elsewhere != "" {
		return export.App{Root: elsewhere}.DirOf(export.Type{Dir: a.Settings.Dirs[typ]})
	}
	return a.DirOf(typ)
}

// lookPath finds a program where the process will look for it.
func lookPath(a *app.App, typ, name string, environ env.Environ) string {
	if _, ok := environ.Lookup("PATH"); !ok {
		environ = append(slices.Clip(environ), "PATH="+app.StandardPath)
	}
	c := supervisor.Command{Args: []string{name}, Env: environ, Dir: a.DirOf(typ)}
	path, err := c.LookPath()
	if err != nil {
		return ""
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(a.DirOf(typ), path)
	}
	return path
}

// signalWord is the name of a signal without SIG.
func signalWord(s syscall.Signal) string {
	if s == syscall.SIGTERM {
		return "TERM"
	}
	return strings.TrimPrefix(supervisor.SignalName(s), "SIG")
}

func absolutePath(path string) string {
	if path == "" {
		return ""
	}
	return place.Absolute(path)
}

// appName names an app after its root.
func appName(root string) string {
	name := strings.TrimLeft(notAppName.Get().ReplaceAllString(filepath.Base(root), "-"), "-_.")
	if name == "" {
		return "app"
	}
	return name
}
