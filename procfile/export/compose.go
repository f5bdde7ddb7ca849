package export

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"reeve/internal/pattern"
	"reeve/procfile/export/internal/template"
)

// compose is Docker Compose.
var compose = Format{
	Name:    "compose",
	Summary: "a project for Docker Compose, a service for each process type",
	Cluster: true,
	Tasks:   true,
	usual:   ".",
	next:    "docker compose -f {location}/compose.yaml up -d",
	pages: func(a App) []page {
		return append([]page{{path: "compose.yaml", template: "compose.yaml", mode: 0o644}}, envPage(a, "")...)
	},
	owned: []string{"compose.yaml", "{app}.env"},
	holds: holdsText,
	check: func(a App) error {
		if !projectName.Get().MatchString(projectOf(a)) {
			return fmt.Errorf("the app's name %q has no character that Compose allows in a project's name: choose another with --app", a.Name)
		}
		return nil
	},
	limits: []limit{
		noStopper, noSocket, guessImage, shellForDir, noLogProbe, notRestart, noEnding, ownLog, noTimeLimit,
		{types: hasHealth, text: "%s: Compose only marks a container that is not healthy: it does not restart it"},
		{types: func(t Type) bool { return t.Limit > 0 && t.Restart == "always" }, text: "%s: Compose limits only restarts on failure: --restart-limit is left out"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "Project", Func: projectOf},
			{Name: "ComposeAfter", Func: composeAfter},
			{Name: "ComposeRestart", Func: composeRestart},
			{Name: "Published", Func: published},
			{Name: "ComposeEnv", Func: composeEnv},
			{Name: "ComposeCheck", Func: composeCheck},
			{Name: "HealthTry", Func: Type.HealthTry},
			{Name: "FromRoot", Func: fromRoot},
		}
	},
}

var projectName = pattern.New(`^[a-z0-9][a-z0-9_-]*$`)

// projectOf is the name of a Compose project.
func projectOf(a App) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r == '.' {
			return '-'
		}
		return r
	}, strings.ToLower(a.Name)), "_-")
}

// ImageName is the image that runs.
func (a App) ImageName() string {
	if a.Image != "" {
		return a.Image
	}
	return dnsName(a.Name) + ":latest"
}

// composeCommand is the command of a service. Compose does not know the values that a
// container has, so only those that reeve assigns are put in.
func composeCommand(t Type) []string {
	known := map[string]string{}
	for _, v := range t.Shared() {
		known[v.Key] = v.Value
	}
	if t.Shelled() {
		return t.fromWorkDir(t.containerShell())
	}
	t.Program, t.Assign = "", nil // the image has its own, and these are in its environment
	for _, name := range t.References() {
		if _, ok := known[name]; !ok {
			return t.fromWorkDir(t.Argv())
		}
	}
	return t.fromWorkDir(t.Spell(func(name string) string { return known[name] }))
}

// composeEnv is an assignment as Compose reads it in an env file.
func composeEnv(v Variable) string {
	return v.Key + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "\n", `\n`, "\r", `\r`).Replace(v.Value) + `"`
}

// composeRestart is a restart policy of a service.
func composeRestart(t Type) string {
	switch {
	case t.Restart == "never":
		return "no"
	case t.Restart == "on-failure" && t.Limit > 0:
		return "on-failure:" + strconv.Itoa(t.Limit)
	}
	return t.Restart
}

// composeAfter says when a type that this one comes after is ready.
func composeAfter(a App, name string) string {
	switch t := a.Type(name); {
	case t.IsTask():
		return "service_completed_successfully"
	case t.Checkable():
		return "service_healthy"
	}
	return "service_started"
}

// composeCheck is the command of a healthcheck, of which a service has one: it tells when others
// may start, and whether the service is healthy after that. Empty: there is nothing to check.
func composeCheck(t Type) string {
	switch {
	case t.Health == nil && !t.Checkable():
		return ""
	case t.Health == nil || t.Checkable() && t.Ready.Shell() == t.Health.Shell():
		return t.Ready.Shell()
	case !t.Checkable():
		return t.Health.Shell()
	}
	return "{ " + t.Ready.Shell() + "; } && { " + t.Health.Shell() + "; }"
}

// published are the ports of the host, one for each instance, for the type that the
// outside talks to.
func published(t Type) string {
	if t.Name != "web" || t.Port == 0 {
		return ""
	}
	first, last := strconv.Itoa(t.Port), strconv.Itoa(t.Port+t.Count()-1)
	if first == last {
		return first + ":" + first
	}
	return first + "-" + last + ":" + first
}

// fromRoot is a path from the app's root as Compose has it: from the directory of its file.
func fromRoot(a App, file string) string {
	whole := filepath.Join(a.Root, file)
	if a.Location == "" {
		return whole
	}
	path, err := filepath.Rel(a.Location, whole)
	switch {
	case err != nil:
		return whole
	case path == "." || strings.HasPrefix(path, ".."):
		return path
	}
	return "./" + path
}
