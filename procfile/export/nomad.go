package export

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"reeve/procfile/export/internal/template"
)

// nomad is HashiCorp's Nomad.
var nomad = Format{
	Name:      "nomad",
	Summary:   "a job for Nomad, a group for each process type",
	Cluster:   true,
	Tasks:     true,
	Schedules: true,
	usual:     ".",
	nextFor: func(a App) string {
		var commands []string
		for _, p := range nomadPages(a) {
			if p.template == "variables" { // of the job before, which needs them
				commands = slices.Insert(commands, len(commands)-1, "nomad var put -in json @{location}/"+p.path)
			} else {
				commands = append(commands, "nomad job run {location}/"+p.path)
			}
		}
		return strings.Join(commands, " && ")
	},
	pages: nomadPages,
	owned: []string{"{app}.nomad.hcl", "{app}.nv.json", "{app}-{type}.nomad.hcl", "{app}-{type}.nv.json"},
	// JSON knows no comments.
	begins: func(app string) string { return "{\n  \"Path\": \"nomad/jobs/" + dnsName(app) + "\"" },
	holds:  holdsNomad,
	check: func(a App) error {
		if dnsName(a.Name) == "" {
			return fmt.Errorf("the app's name %q has no character that Nomad allows: choose another with --app", a.Name)
		}
		return checkFields(a)
	},
	limits: []limit{
		noStopper, noSocket, atFullHours, guessImage,
		{app: hasNoZone, text: "%s: its times are in UTC: name a time zone with --cron-zone"},
		shellForDir, noLogProbe, notRestart, noEnding, ownLog, noTimeLimit,
		{app: lostOrder, text: "%s: Nomad starts all groups at once, and all tasks of a group before its process: any other --after is left out, so processes must wait for what they need, or retry"},
		{types: func(t Type) bool { return onFailure(t) && !t.IsTask() }, text: "%s: Nomad restarts a service whatever its exit code: --restart always is used"},
		{types: func(t Type) bool { return t.Checkable() && !nomadCheck(t) }, text: "%s: Nomad's own checks ask only the process's own port: the probe is left out"},
		{types: func(t Type) bool { return hasHealth(t) && !nomadCheck(t.ByHealth()) }, text: "%s: Nomad's own checks ask only the process's own port: --health is left out"},
		{types: func(t Type) bool { return t.IsTask() && !t.IsScheduled() && t.Count() > 1 }, text: "%s: Nomad runs a task once: its other instances are left out"},
		{app: hasRelease, text: "%s: Nomad runs it only before the first instance of the first group: the others do not wait for it"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "Object", Func: object},
			{Name: "JobName", Func: jobName},
			{Name: "VariablesFile", Func: variablesFile},
			{Name: "First", Func: runsRelease},
			{Name: "JobType", Func: jobType},
			{Name: "Fields", Func: cronFields},
			{Name: "Groups", Func: jobGroups},
			{Name: "Tasks", Func: nomadTasks},
			{Name: "Hook", Func: nomadHook},
			{Name: "Of", Func: taskOf},
			{Name: "Command", Func: ofType(taskCommand)},
			{Name: "RestartInterval", Func: limitInterval},
			{Name: "PortName", Func: portName},
			{Name: "Served", Func: served},
			{Name: "Checks", Func: nomadChecks},
			{Name: "NomadEnv", Func: nomadEnv},
			{Name: "Path", Func: Probe.Path},
			{Name: "Protocol", Func: protocol},
			{Name: "HasURL", Func: Probe.HasURL},
		}
	},
}

func holdsNomad(v Variable) error {
	first := v.Key[0]
	if strings.Trim(v.Key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.") != "" || first < 'A' {
		return fmt.Errorf("such a name is not allowed in Nomad")
	}
	return holdsText(v)
}

// nomadCheck reports whether the probe is one that Nomad makes itself.
func nomadCheck(t Type) bool { return t.asksServer() && t.Ready.OwnPort() && t.Port != 0 }

// NomadCheck is a check of a service, after which a process is started again.
type NomadCheck struct {
	Name                string // empty: that of the service
	Probe               Probe
	Every, Takes, Grace time.Duration
	Limit               int
}

// nomadChecks are those of a type: whether it gets ready, and whether it is healthy after that.
func nomadChecks(t Type) (checks []NomadCheck) {
	ready, healthy := nomadCheck(t), nomadCheck(t.ByHealth())
	if ready {
		checks = append(checks, NomadCheck{"", *t.Ready, 10 * time.Second, 5 * time.Second, t.ReadyTimeout, 3})
	}
	if !healthy {
		return checks
	}
	health := NomadCheck{"health", *t.Health, t.HealthInterval, t.HealthTry(), t.HealthInterval, t.HealthFailures}
	if ready {
		health.Grace = t.ReadyTimeout
	}
	if ready && t.Ready.Text == t.Health.Text {
		health.Name = ""
		return []NomadCheck{health}
	}
	return append(checks, health)
}

// served reports whether a type is a service that others find.
func served(t Type) bool { return t.Port != 0 && !t.IsTask() && (t.Listens || len(nomadChecks(t)) > 0) }

// nomadCommand is the command of a task. Nomad puts values in for ${NAME} when it runs
// it, and takes a %{ for its own as well.
func nomadCommand(t Type) []string {
	plain := func(s string) string { return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s) }
	words := mapped(t.containerShell(), plain)
	if t.Words != nil {
		t.Program = ""
		words = t.words(plain, func(name string) string { return "${" + name + "}" })
	}
	return slices.Concat(mapped(t.fromWorkDir(nil), plain), words)
}

// nomadEnv is an assignment in the data of a template: JSON for the reader of the
// variables, and before that {{ is the template's, and ${ and %{ are those of the job.
func nomadEnv(v Variable) string {
	text := strings.ReplaceAll(jsonText(v.Value), "{{", `{{"{{"}}`)
	return v.Key + "=" + strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text)
}

// nomadPages are those of the job, and of one for each type with a schedule: Nomad schedules only whole jobs.
func nomadPages(a App) (pages []page) {
	job := func(name string, t *Type) {
		files := []page{{path: name + ".nomad.hcl", template: "job", mode: 0o644}}
		if len(a.Env) > 0 {
			files = append(files, page{path: name + ".nv.json", template: "variables", mode: 0o600})
		}
		for _, p := range files {
			p.Type = t
			pages = append(pages, p)
		}
	}
	if len(withoutSchedules(a)) > 0 {
		job(a.Name, nil)
	}
	for n := range a.Types {
		if t := &a.Types[n]; t.IsScheduled() {
			job(a.Name+"-"+t.Name, t)
		}
	}
	return pages
}

// jobName is the name of a page's job, which is part of the path of its variables.
func jobName(p Page) string {
	t := p.Type
	if p.Group != nil {
		t = p.Group
	}
	if t != nil && t.IsScheduled() {
		return object(p.App, t.Name)
	}
	return dnsName(p.App.Name)
}

// variablesFile has the variables of a task's job.
func variablesFile(p Page) string {
	if p.Group.IsScheduled() {
		return p.App.Name + "-" + p.Group.Name + ".nv.json"
	}
	return p.App.Name + ".nv.json"
}

// jobGroups are the types that have a group in a page's job.
func jobGroups(p Page) []Type {
	if p.Type != nil {
		return []Type{*p.Type}
	}
	return nomadGroups(p.App)
}

// runsRelease reports whether a type is the one whose group runs the release.
func runsRelease(a App, t Type) bool {
	groups := nomadGroups(a)
	return len(groups) > 0 && groups[0].Name == t.Name
}

// taskOf is a page about a type, the command of which may run for another one's first
// instance alone.
func taskOf(p Page, t, group Type) Page {
	p.Type, p.Instance, p.Group = &t, &t.Instances[0], &group
	return p
}

// taskCommand is what a task executes. One that would run beside every instance of its group
// does so beside the first.
func taskCommand(p Page) []string {
	words := nomadCommand(*p.Type)
	if p.Type.Name == p.Group.Name || p.Group.Count() == 1 {
		return words
	}
	return append([]string{"/bin/sh", "-c", `[ "$NOMAD_ALLOC_INDEX" != 0 ] || exec "$@"`, "sh"}, words...)
}

// protocol is http or https.
func protocol(p Probe) string { return strings.ToLower(p.Scheme()) }
