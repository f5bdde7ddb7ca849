package export

import (
	"fmt"
	"time"

	"reeve/procfile/export/internal/template"
)

// s6 is s6-rc, as s6-overlay reads its service definitions.
var s6 = Format{
	Name:      "s6",
	Summary:   "service definitions for s6-rc, as s6-overlay reads them",
	usual:     "/etc/s6-overlay/s6-rc.d",
	userUsual: "~/.config/s6-rc/source",
	Tasks:     true,
	next:      "s6-overlay starts it with the container; elsewhere: s6-rc-compile, s6-rc -u change {app}",
	pages: func(a App) []page {
		pages := under("user",
			page{path: "type", template: "bundle", mode: 0o644},
			page{path: "contents.d/" + a.Name, template: "empty", mode: 0o644})
		pages = append(pages, page{path: a.Name + "/type", template: "bundle", mode: 0o644})
		for _, name := range s6Names(a) {
			pages = append(pages, page{path: a.Name + "/contents.d/" + name, template: "empty", mode: 0o644})
		}
		pages = append(pages, s6Release(a)...)
		return append(pages, each(a, func(t *Type, i *Instance) []page { return s6Service(a, t, i) })...)
	},
	Inside: []string{"env/*", "contents.d/*", "dependencies.d/*", "data/check", "notification-fd", "timeout-up"},
	owned:  []string{"{app}", "{app}-{type}-{n}", "{app}-release"},
	holds:  holdsDir,
	check: func(a App) error {
		if a.Name == "user" {
			return fmt.Errorf("user is the bundle that s6-overlay starts: choose another name with --app")
		}
		return checkHost(a)
	},
	limits: []limit{
		noStopper, noHealth, noSocket, noLogProbe, notRestart, noEnding,
		{types: func(t Type) bool { return t.IsTask() && t.Restart != "never" }, text: "%s: s6-rc runs a task once, and fails what comes after it if that fails: --restart is left out"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "InRoot", Func: ofInstance(inRoot)},
			{Name: "ServiceName", Func: ofInstance(s6Name)},
			{Name: "PermaWindow", Func: limitInterval},
			{Name: "FinishGrace", Func: finishGrace},
		}
	},
}

// s6Names are the names of all services.
func s6Names(a App) []string {
	var names []string
	if a.Release != nil {
		names = append(names, a.Name+"-release")
	}
	for _, t := range a.Types {
		for _, i := range t.Instances {
			names = append(names, a.Name+"-"+i.Dashed())
		}
	}
	return names
}

// s6Name is what the service of an instance is called.
func s6Name(p Page) string { return p.App.Name + "-" + p.LogName() }

// s6Service is the definition of an instance, and what comes before it.
func s6Service(a App, t *Type, i *Instance) []page {
	pages := s6Longrun(t)
	if t.IsTask() {
		pages = s6Oneshot(t)
	}
	if a.Release != nil {
		pages = append(pages, page{path: "dependencies.d/" + a.Name + "-release", template: "empty", mode: 0o644})
	}
	for _, before := range a.Before(*t) {
		pages = append(pages, page{path: "dependencies.d/" + a.Name + "-" + before.Dashed(), template: "empty", mode: 0o644})
	}
	pages = append(pages, envDir(a, i, a.User, func(Variable) bool { return true })...)
	return under(a.Name+"-"+i.Dashed(), pages...)
}

// s6Longrun is the definition of what is to stay.
func s6Longrun(t *Type) []page {
	pages := []page{
		{path: "type", template: "longrun", mode: 0o644},
		{path: "run", template: "run", mode: 0o755},
		{path: "finish", template: "finish", mode: 0o755},
		{path: "down-signal", template: "down-signal", mode: 0o644},
		{path: "timeout-kill", template: "timeout-kill", mode: 0o644},
		{path: "timeout-finish", template: "timeout-finish", mode: 0o644},
	}
	if t.Checkable() {
		pages = append(pages,
			page{path: "notification-fd", template: "notification-fd", mode: 0o644},
			page{path: "data/check", template: "check", mode: 0o755},
			page{path: "timeout-up", template: "timeout-up", mode: 0o644})
	}
	return pages
}

// s6Oneshot is the definition of what runs to completion.
func s6Oneshot(t *Type) []page {
	pages := []page{
		{path: "type", template: "oneshot", mode: 0o644},
		{path: "up", template: "up", mode: 0o644},
		{path: "run", template: "release", mode: 0o755},
	}
	if t.Limited() {
		pages = append(pages, page{path: "timeout-up", template: "timeout-up", mode: 0o644})
	}
	return pages
}

// s6Release is the definition of the release.
func s6Release(a App) []page {
	if a.Release == nil {
		return nil
	}
	pages := s6Oneshot(a.Release)
	pages = append(pages, envDir(a, &a.Release.Instances[0], a.User, func(Variable) bool { return true })...)
	return under(a.Name+"-release", release(a, pages...)...)
}

// finishGrace is how long finish may take: the grace period, and a little more.
func finishGrace(t Type) time.Duration { return t.Grace + 2*time.Second }

// inRoot is the command of an instance, in the app's root and with its log. The user of
// the processes opens that.
func inRoot(p Page) []string {
	script := `cd "$0" && exec "$@"`
	if log := p.LogFile(); log != "" {
		script = p.App.makeLogDir() + script + " >>" + shellWord(log) + " 2>&1"
	}
	return append([]string{"/bin/sh", "-c", script, p.App.DirOf(*p.Type)}, p.Type.Argv()...)
}
