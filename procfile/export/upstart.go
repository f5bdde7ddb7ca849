package export

import (
	"fmt"

	"reeve/procfile/export/internal/template"
)

// upstart is what Ubuntu 14.04 and RHEL 6 were started by.
var upstart = Format{
	Name:    "upstart",
	Summary: "jobs for upstart, one for each instance, each type and the app",
	usual:   "/etc/init",
	logs:    "/var/log/{app}",
	next:    "initctl reload-configuration && start {app}",
	pages: func(a App) []page {
		pages := []page{{path: a.Name + ".conf", template: "master.conf", mode: 0o644}}
		for n := range a.Types {
			p := page{path: a.Name + "-" + a.Types[n].Name + ".conf", template: "process_master.conf", mode: 0o644}
			p.Type = &a.Types[n]
			pages = append(pages, p)
		}
		pages = append(pages, each(a, func(_ *Type, i *Instance) []page {
			return []page{{path: a.Name + "-" + i.Dashed() + ".conf", template: "process.conf", mode: 0o644}}
		})...)
		pages = append(pages, release(a, page{path: a.Name + "-release.conf", template: "release.conf", mode: 0o644})...)
		return append(pages, envPage(a, a.User)...)
	},
	owned:  []string{"{app}.conf", "{app}-{type}.conf", "{app}-{type}-{n}.conf", "{app}.env"},
	holds:  holdsShell,
	check:  checkHost,
	limits: []limit{noStopper, noHealth, noSocket, noLogProbe, notRestart, noEnding, noRun},
	view: func() []template.Method {
		return []template.Method{
			{Name: "UpstartAfter", Func: ofType(upstartAfter)},
			{Name: "LimitInterval", Func: limitInterval},
		}
	},
}

// upstartAfter is the event on which a type starts: when the app does, or the release has
// succeeded, or when every instance of the types that it comes after is up.
func upstartAfter(p Page) string {
	event := "starting " + p.App.Name
	if p.App.Release != nil {
		event = "stopped " + p.App.Name + "-release RESULT=ok"
	}
	for n, i := range p.App.Before(*p.Type) {
		started := fmt.Sprintf("started %s-%s", p.App.Name, i.Dashed())
		if n == 0 {
			event = started
		} else {
			event += " and " + started
		}
	}
	if len(p.Type.After) > 1 || len(p.App.Before(*p.Type)) > 1 {
		event = "(" + event + ")"
	}
	return event
}
