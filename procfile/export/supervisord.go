package export

import (
	"fmt"
	"strings"

	"reeve/procfile/export/internal/template"
)

// supervisord is a process manager in Python.
var supervisord = Format{
	Name:      "supervisord",
	Summary:   "a configuration for supervisord, a program for each instance",
	RootLogs:  true,
	usual:     "/etc/supervisor/conf.d",
	userUsual: "~/.config/supervisor/conf.d",
	logs:      "/var/log/{app}",
	userLogs:  "~/.local/state/{app}/log",
	next:      "supervisorctl update",
	pages: func(a App) []page {
		return append([]page{{path: a.Name + ".conf", template: "app.conf", mode: 0o644}}, envPage(a, a.User)...)
	},
	owned: []string{"{app}.conf", "{app}.env"},
	holds: holdsShell,
	check: func(a App) error {
		paths := []string{a.Root, a.Log}
		for _, t := range a.All() {
			paths = append(paths, t.Dir)
		}
		for _, path := range paths {
			for _, own := range []string{" ;", " #", "%(here)s"} {
				if strings.Contains(path, own) {
					return fmt.Errorf("supervisord has a meaning of its own for %q in %s: choose another directory", own, path)
				}
			}
		}
		return checkHost(a)
	},
	limits: []limit{
		noStopper, noHealth, noSocket, noProbe, notRestart, noEnding,
		{types: hasOrder, text: "%s: supervisord starts types in order, but does not wait until they are ready: --after sets only the order"},
		{app: hasRelease, text: "%s: supervisord does not run it before the others start: run it yourself first"},
		noRun,
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "Programs", Func: programs},
			{Name: "SupervisordCommand", Func: supervisordCommand},
			{Name: "Depth", Func: App.Depth},
			{Name: "AutoRestart", Func: autoRestart},
		}
	},
}

// programs are the names of all programs.
func programs(a App) string {
	var names []string
	for _, t := range a.All() {
		for _, i := range t.Instances {
			names = append(names, a.Name+"-"+a.programName(t, i))
		}
	}
	return strings.Join(names, ",")
}

// supervisordCommand is the command of a program. supervisord knows where its own file is.
func supervisordCommand(a App, t Type) string {
	const env = "\x00"
	return joined(t.Sourced(a, env), func(word string) string {
		switch {
		case word != env:
			return iniWord(word)
		case strings.ContainsAny(a.Location, "%\"\\"):
			return iniWord(a.EnvFile()) // which would not survive where it is put in
		}
		return `"%(here)s/` + a.Name + `.env"`
	})
}

// autoRestart is supervisord's word for a restart policy.
func autoRestart(t Type) string {
	return map[string]string{"never": "false", "on-failure": "unexpected", "always": "true"}[t.Restart]
}

// IniEnv is a list of assignments of values that need no escapes.
func IniEnv(vars []Variable) string {
	var list []string
	for _, v := range vars {
		list = append(list, v.Key+`="`+v.Value+`"`)
	}
	return strings.Join(list, ",")
}
