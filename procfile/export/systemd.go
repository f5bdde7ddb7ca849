package export

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"reeve/procfile/export/internal/template"
)

// systemd runs on most of today's Linux.
var systemd = Format{
	Name:      "systemd",
	Summary:   "units for systemd, a service for each instance and a target for all",
	usual:     "/etc/systemd/system",
	userUsual: "~/.config/systemd/user",
	Tasks:     true,
	Schedules: true,
	Hears:     true,
	next:      "systemctl daemon-reload && systemctl enable --now {app}.target",
	userNext:  "systemctl --user daemon-reload && systemctl --user enable --now {app}.target",
	pages: func(a App) []page {
		pages := []page{{path: a.Name + ".target", template: "master.target", mode: 0o644}}
		pages = append(pages, each(a, func(_ *Type, i *Instance) []page {
			return []page{{path: a.Name + "-" + i.Name + ".service", template: "process.service", mode: 0o644}}
		})...)
		pages = append(pages, each(a, func(t *Type, i *Instance) []page {
			if !t.IsScheduled() {
				return nil
			}
			return []page{{path: a.Name + "-" + i.Name + ".timer", template: "process.timer", mode: 0o644}}
		})...)
		pages = append(pages, each(a, func(t *Type, i *Instance) []page {
			if t.Socket == nil || i.Number > 1 {
				return nil
			}
			return []page{{path: socketUnit(a, *t), template: "process.socket", mode: 0o644}}
		})...)
		pages = append(pages, release(a, page{path: a.Name + "-release.service", template: "release.service", mode: 0o644})...)
		return append(pages, envPage(a, "")...)
	},
	owned: []string{"{app}.target", "{app}-{type}.{n}.service", "{app}-{type}.{n}.timer", "{app}-{type}.socket", "{app}-release.service", "{app}.env"},
	holds: holdsSystemd,
	check: checkSystemd,
	limits: []limit{
		noLogProbe, notRestart,
		{types: func(t Type) bool { return hasHealth(t) && !hasWatchdog(t) }, text: "%s: systemd checks the health of no process that does not tell it itself (--health notify): --health is left out"},
		{types: func(t Type) bool { return hasWatchdog(t) && t.HealthFailures > 1 }, text: "%s: systemd waits for no second failure: --health-failures is left out"},
		{app: elsewhere, text: "%s is not created: systemd creates directories only below /run, and only for system units"},
		{app: triedBefore, text: "%s: what comes after it is not started if its first run fails, although systemd runs it again"},
		{types: func(t Type) bool { return t.Ends() && t.IsTask() }, text: "%s: if it fails, only what comes after it is not started here: with start everything ends"},
		{types: func(t Type) bool { return t.Ends() && t.Restart != "never" && !t.IsTask() }, text: "%s: once it is no longer restarted, the others keep running here: with start they end as well"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "Services", Func: services},
			{Name: "Timers", Func: timers},
			{Name: "Calendars", Func: ofInstance(calendars)},
			{Name: "Bound", Func: bound},
			{Name: "HasWatchdog", Func: hasWatchdog},
			{Name: "Sockets", Func: sockets},
			{Name: "SocketUnit", Func: ofInstance(func(p Page) string { return socketUnit(p.App, *p.Type) })},
			{Name: "After", Func: ofInstance(unitsBefore)},
			{Name: "ExecStart", Func: ofInstance(execLogged)},
			{Name: "ExecStop", Func: execStop},
			{Name: "ExecReady", Func: execReady},
			{Name: "LimitInterval", Func: limitInterval},
			{Name: "RunDirectory", Func: runDirectory},
		}
	},
}

func checkSystemd(a App) error {
	if strings.ContainsAny(a.Location, "*?[") {
		return fmt.Errorf("systemd takes *, ? and [ in an env file's path for a pattern: choose a location other than %s", a.Location)
	}
	return checkHost(a)
}

// holdsSystemd says what EnvironmentFile= refuses: see env_name_is_valid and
// env_value_is_valid in systemd.
func holdsSystemd(v Variable) error {
	switch {
	case !shellName.Get().MatchString(v.Key):
		return fmt.Errorf("systemd does not allow such names")
	case !utf8.ValidString(v.Value):
		return fmt.Errorf("systemd allows only UTF-8")
	case strings.ContainsFunc(v.Value, isRefusedBySystemd):
		return fmt.Errorf("systemd allows no control characters but tabs and newlines")
	}
	return nil
}

func isRefusedBySystemd(r rune) bool {
	return r < utf8.RuneSelf && unicode.IsControl(r) && r != '\t' && r != '\n'
}

// UserUnits reports whether systemd's units are those of a user.
func (a App) UserUnits() bool { return a.Units == "user" }

// units lists the units of the instances that meet a condition.
func units(p Page, which func(Type) bool) []string {
	var names []string
	for _, t := range p.App.Types {
		if which(t) {
			for _, i := range t.Instances {
				names = append(names, p.App.Name+"-"+i.Name+".service")
			}
		}
	}
	return names
}

// services are the units of all instances that the target starts.
func services(p Page) []string { return units(p, func(t Type) bool { return !t.IsScheduled() }) }

// timers are the units that start the others.
func timers(p Page) (names []string) {
	for _, service := range units(p, Type.IsScheduled) {
		names = append(names, strings.TrimSuffix(service, ".service")+".timer")
	}
	return names
}

// bound are the units of those whose every end ends the formation. One that is started
// again cannot be among them, and no task that somebody runs again: to BindsTo= it is gone in
// between (seen with systemd 252).
func bound(p Page) []string {
	return units(p, func(t Type) bool { return t.Ends() && t.Restart == "never" && !t.IsTask() })
}

// socketUnit is the unit of the socket that a type's instances share.
func socketUnit(a App, t Type) string { return a.Name + "-" + t.Name + ".socket" }

// sockets are the units of all sockets.
func sockets(p Page) (names []string) {
	for _, t := range p.App.Types {
		if t.Socket != nil {
			names = append(names, socketUnit(p.App, t))
		}
	}
	return names
}

// unitsBefore are the units that have to be up before this one is started.
func unitsBefore(p Page) []string {
	var names []string
	if p.App.Release != nil {
		names = append(names, p.App.Name+"-release.service")
	}
	if p.Type.Socket != nil {
		names = append(names, socketUnit(p.App, *p.Type))
	}
	for _, i := range p.App.Before(*p.Type) {
		names = append(names, p.App.Name+"-"+i.Name+".service")
	}
	return names
}

// execStart is the command line of a service. Its % are specifiers, its $ variables.
func execStart(t Type) string {
	plain := func(s string) string { return strings.ReplaceAll(s, "$", "$$") }
	words := []string{}
	if t.Words == nil {
		for _, word := range shellArgv(t.shellCommand()) {
			words = append(words, plain(word))
		}
		return joined(words, unitWord)
	}
	words = append(words, t.assignments()...)
	for n, word := range words {
		words[n] = plain(word)
	}
	if len(words) == 0 && (t.Program == "" || strings.ContainsAny(t.Program, "\"'$\\\n\t")) {
		words = []string{"/usr/bin/env"} // systemd takes a program only by a path without these
	}
	words = append(words, t.words(plain, func(name string) string { return "${" + name + "}" })...)
	return joined(words, unitWord)
}

// execLogged is the same with a log: a shell of the user opens it, since systemd would do
// so as root, and follow the links that the user can put there.
func execLogged(p Page) string {
	log := p.LogFile()
	if log == "" {
		return execStart(*p.Type)
	}
	words := []string{"/bin/sh", "-c", p.App.makeLogDir() + `exec "$@" >>"$0" 2>&1`, log}
	for n, word := range words {
		words[n] = strings.ReplaceAll(word, "$", "$$")
	}
	return joined(words, unitWord) + " " + execStart(*p.Type)
}

// execReady is the command line that ends when a service is ready.
func execReady(t Type) string {
	script := "until " + t.Ready.Shell() + "; do sleep 0.2; done"
	words := []string{"/usr/bin/timeout", seconds(t.ReadyTimeout), "/bin/sh", "-c", strings.ReplaceAll(script, "$", "$$")}
	return joined(words, unitWord)
}

// execStop is the command line that stops a service in place of the signal, and waits for the end
// of it: systemd sends the signal afterwards, which is right if the command has failed. After a
// crash there is nothing to stop.
func execStop(t Type) string {
	if t.StopCommand == "" {
		return ""
	}
	run := "REEVE_PID=$MAINPID " + joined(shellArgv(t.StopCommand), shellWord)
	script := `[ -z "$MAINPID" ] || { ` + run + ` && while kill -s 0 "$MAINPID" 2>/dev/null; do sleep 0.2; done; }`
	return joined([]string{"/bin/sh", "-c", strings.ReplaceAll(script, "$", "$$")}, unitWord)
}

// limitInterval is the time in which a service may be started Limit times again, if each
// run is too short to count as a success.
func limitInterval(t Type) time.Duration { return time.Duration(t.Limit+1) * 11 * time.Second }

// triedBefore are the tasks that are run again when they fail, and that others come after.
func triedBefore(a App) string {
	var names []string
	for _, t := range a.Types {
		needed := slices.ContainsFunc(a.Types, func(other Type) bool { return slices.Contains(other.After, t.Name) })
		if t.IsTask() && t.Restart != "never" && needed {
			names = append(names, t.Name)
		}
	}
	return strings.Join(names, ", ")
}

// runDirectory is what RuntimeDirectory= makes of the directory for sockets; empty if
// it is not one of those that systemd makes.
func runDirectory(a App) string {
	for _, parent := range []string{"/run/", "/var/run/"} {
		if name, ok := strings.CutPrefix(a.Run, parent); ok && !a.UserUnits() {
			return name
		}
	}
	return ""
}

// elsewhere is the directory for sockets if systemd does not make it.
func elsewhere(a App) string {
	if runDirectory(a) != "" {
		return ""
	}
	return a.Run
}
