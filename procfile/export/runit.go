package export

import (
	"fmt"
	"strings"

	"reeve/procfile/export/internal/template"
)

// runit is a family of small programs, which reads service directories.
var runit = Format{
	Name:      "runit",
	Summary:   "service directories for runit, one for each instance, with a log service each",
	OwnLogs:   true,
	usual:     "/etc/sv",
	userUsual: "~/.config/sv",
	logs:      "/var/log/{app}",
	userLogs:  "~/.local/state/{app}/log",
	next:      "ln -s {location}/{app}-* /etc/service/",
	userNext:  "link {location}/{app}-* into the directory of your runsvdir",
	pages: func(a App) []page {
		return each(a, func(t *Type, i *Instance) []page {
			pages := []page{
				{path: "run", template: "run", mode: 0o755},
				{path: "finish", template: "finish", mode: 0o755},
				{path: "control/t", template: "control", mode: 0o755},
				{path: "log/run", template: "log", mode: 0o755},
			}
			if t.Checkable() {
				pages = append(pages, page{path: "check", template: "check", mode: 0o755})
			}
			if len(trailing(a)) > 0 {
				pages = append(pages, page{path: "rest.env", template: "rest", mode: 0o600, owner: a.User})
			}
			pages = append(pages, envDir(a, i, "", func(v Variable) bool { return !endsBlank(v) })...)
			return under(a.Name+"-"+i.Dashed(), pages...)
		})
	},
	Inside: []string{"env/*", "check", "rest.env"},
	owned:  []string{"{app}-{type}-{n}"},
	holds:  holdsDir,
	check:  checkHost,
	limits: []limit{
		noStopper, noHealth, noSocket, noLogProbe, notRestart, noEnding, noLimit,
		{app: hasRelease, text: "%s: runit has nothing that runs once: run it yourself before the others, as with reeve run release"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "Trailing", Func: rest},
			{Name: "HalfGrace", Func: halfGrace},
		}
	},
}

// envDir are the files of a directory of variables, those of one instance and those of
// all that are wanted. They belong to whoever reads them.
func envDir(a App, i *Instance, owner string, wanted func(Variable) bool) []page {
	var pages []page
	for _, v := range append(append([]Variable{}, i.Env...), a.Env...) {
		if wanted(v) {
			pages = append(pages, page{path: "env/" + v.Key, template: "value", mode: 0o600, owner: owner, Page: Page{Var: v}})
		}
	}
	return pages
}

// holdsDir says what cannot be the name of a file in a directory of variables.
func holdsDir(v Variable) error {
	if strings.ContainsAny(v.Key, "/=") || strings.HasPrefix(v.Key, ".") {
		return fmt.Errorf("it cannot be the name of a file")
	}
	return nil
}

// endsBlank reports whether runit would cut a value's end off.
func endsBlank(v Variable) bool {
	return strings.HasSuffix(v.Value, " ") || strings.HasSuffix(v.Value, "\t")
}

// trailing are the variables that runit's directories cannot hold.
func trailing(a App) []Variable {
	var vars []Variable
	for _, v := range a.Env {
		if endsBlank(v) && holdsShell(v) == nil {
			vars = append(vars, v)
		}
	}
	return vars
}

// rest are those that a page is about.
func rest(p Page) []Variable { return trailing(p.App) }
