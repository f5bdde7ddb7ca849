package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"reeve/internal/pattern"
	"reeve/procfile/export/internal/template"
)

// kubernetes is the API of Kubernetes, as kubectl apply reads it.
var kubernetes = Format{
	Name:      "kubernetes",
	Summary:   "manifests for Kubernetes, a Deployment for each process type",
	Cluster:   true,
	Tasks:     true,
	Schedules: true,
	usual:     ".",
	separator: "---\n",
	nextFor: func(a App) string {
		jobs := ""
		for _, t := range a.All() {
			if t.IsTask() && !t.IsScheduled() || a.Release != nil && t.Name == a.Release.Name {
				jobs += " -f {location}/{app}-" + t.Name + ".yaml"
			}
		}
		if jobs == "" {
			return "kubectl apply -f {location}"
		}
		return "kubectl delete --ignore-not-found" + jobs + " && kubectl apply -f {location}"
	},
	pages: kubernetesPages,
	owned: []string{"{app}-{type}.yaml", "{app}-config.yaml", "{app}-secret.yaml"},
	holds: holdsKubernetes,
	check: checkKubernetes,
	limits: []limit{
		noSocket, atFullHours, guessImage,
		{app: hasNoZone, text: "%s: its times are those of the cluster: name a time zone with --cron-zone"},
		shellForDir, noLogProbe, ownLog,
		{types: func(t Type) bool { return t.Restart != "always" && !t.IsTask() }, text: "%s: Kubernetes restarts every process of a Deployment, whatever its exit code: --restart always is used"},
		{types: func(t Type) bool { return hasLimit(t) && !t.IsTask() }, text: "%s: Kubernetes keeps restarting, more and more slowly: --restart-limit is left out"},
		{types: hasOrder, text: "%s: Kubernetes starts all types at once: --after is left out, so a process must retry until what it needs is up"},
		{types: hasHook, text: "%s: the stop signal is sent by a hook before the stop, for which the image needs /bin/sh"},
		{types: foreignProbe, text: "%s: the probe asks a host other than its own: it runs on the node, not inside the pod"},
		{app: hasRelease, text: "%s: apply it first and wait until it is complete: Kubernetes does not make the Deployments wait"},
		{app: func(a App) string {
			if a.User == "" || userNumber.Get().MatchString(a.User) {
				return ""
			}
			return a.User
		}, text: "%s: Kubernetes accepts only a user's number: --user is left out, and the image's user is used"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "Object", Func: object},
			{Name: "Labels", Func: labels},
			{Name: "Selector", Func: selector},
			{Name: "UserNumber", Func: numberOfUser},
			{Name: "HasHook", Func: hasHook},
			{Name: "Hook", Func: stopHook},
			{Name: "PortName", Func: portName},
			{Name: "ForHealth", Func: ofType(forHealth)},
			{Name: "HealthTry", Func: Type.HealthTry},
			{Name: "ProbeCommand", Func: probeCommand},
			{Name: "ProbePort", Func: probePort},
			{Name: "ProbeHost", Func: probeHost},
			{Name: "ProbeTries", Func: probeTries},
			{Name: "Tries", Func: jobTries},
			{Name: "Fields", Func: cronFields},
			{Name: "Path", Func: Probe.Path},
			{Name: "Scheme", Func: Probe.Scheme},
			{Name: "AsksServer", Func: Probe.AsksServer},
			{Name: "HasURL", Func: Probe.HasURL},
		}
	},
}

var userNumber = pattern.New(`^[0-9]+$`)

func kubernetesPages(a App) []page {
	var pages []page
	if len(a.Config()) > 0 {
		pages = append(pages, page{path: a.Name + "-config.yaml", template: "config.yaml", mode: 0o644})
	}
	if len(a.Secrets()) > 0 {
		pages = append(pages, page{path: a.Name + "-secret.yaml", template: "secret.yaml", mode: 0o600})
	}
	pages = append(pages, release(a, page{path: a.Name + "-release.yaml", template: "release.yaml", mode: 0o644})...)
	for n := range a.Types {
		p := page{path: a.Name + "-" + a.Types[n].Name + ".yaml", template: "process.yaml", mode: 0o644}
		switch t := a.Types[n]; {
		case t.IsScheduled():
			p.template = "cron.yaml"
		case t.IsTask():
			p.template = "task.yaml"
		}
		p.Type, p.Instance = &a.Types[n], &a.Types[n].Instances[0]
		pages = append(pages, p)
	}
	return pages
}

var dnsLabel = pattern.New(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

// checkKubernetes reports names that Kubernetes refuses, and of types that would
// get the same.
func checkKubernetes(a App) error {
	var errs []error
	names := map[string]string{"config": "the config", "secret": "the secrets"}
	for _, t := range a.All() {
		name := dnsName(t.Name)
		if !dnsLabel.Get().MatchString(object(a, t.Name)) || name == "" {
			errs = append(errs, fmt.Errorf("%s: %q is not a name for Kubernetes: it must begin with a letter and have at most 63 characters; see --app", t.Name, object(a, t.Name)))
		}
		if n := len(object(a, t.Name)); t.IsScheduled() && n > longestCronJob {
			errs = append(errs, fmt.Errorf("%s: %q is too long for the name of a Kubernetes CronJob, by %d characters: see --app", t.Name, object(a, t.Name), n-longestCronJob))
		}
		if other := names[name]; other != "" {
			errs = append(errs, fmt.Errorf("%s and %s would have the same name in Kubernetes: rename one in the Procfile", other, t.Name))
		}
		names[name] = t.Name
		errs = append(errs, checkProbe("--ready", t), checkProbe("--health", t.ByHealth()))
	}
	if a.Namespace != "" && !dnsLabel.Get().MatchString(a.Namespace) {
		errs = append(errs, fmt.Errorf("--namespace %s: must consist of a-z, 0-9 and -, with at most 63 characters", a.Namespace))
	}
	return errors.Join(append(errs, checkFields(a))...)
}

// longestCronJob is what leaves room for the names of its jobs.
const longestCronJob = 52

// keyName is what Kubernetes takes for a key of a ConfigMap and for a variable.
var keyName = pattern.New(`^[A-Za-z0-9_.-]{1,253}$`)

func holdsKubernetes(v Variable) error {
	if !keyName.Get().MatchString(v.Key) {
		return fmt.Errorf("such a name is not allowed in Kubernetes")
	}
	return holdsText(v)
}

// object is the name of what belongs to a type.
func object(a App, typ string) string { return dnsName(a.Name) + "-" + dnsName(typ) }

// labels are the recommended ones, for what belongs to a component of the app.
func labels(a App, component string) []Variable {
	name := dnsName(a.Name)
	labels := []Variable{
		{Key: "app.kubernetes.io/name", Value: name},
		{Key: "app.kubernetes.io/instance", Value: name},
		{Key: "app.kubernetes.io/version", Value: imageVersion(a)},
		{Key: "app.kubernetes.io/component", Value: component},
		{Key: "app.kubernetes.io/part-of", Value: name},
		{Key: "app.kubernetes.io/managed-by", Value: "reeve"},
	}
	return slices.DeleteFunc(labels, func(l Variable) bool { return l.Value == "" })
}

// selector are those of the labels that stay as they are.
func selector(a App, component string) []Variable {
	return slices.DeleteFunc(labels(a, component), func(l Variable) bool {
		return !slices.Contains([]string{"name", "instance", "component"}, strings.TrimPrefix(l.Key, "app.kubernetes.io/"))
	})
}

// imageVersion is the tag of the image, as far as it can be a label; empty if there is none.
func imageVersion(a App) string {
	image := a.ImageName()
	image, _, _ = strings.Cut(image, "@")
	_, tag, _ := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	if !labelValue.Get().MatchString(tag) {
		return ""
	}
	return tag
}

var labelValue = pattern.New(`^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$`)

// numberOfUser is the user, if it is a number.
func numberOfUser(a App) string {
	if userNumber.Get().MatchString(a.User) {
		return a.User
	}
	return ""
}

// kubernetesCommand is the command of a container, in which the kubelet puts values in
// for $(NAME).
func kubernetesCommand(t Type) []string {
	// A $$ is a $ for the kubelet, as it must be in front of a (.
	plain := func(s string) string { return strings.ReplaceAll(s, "$", "$$") }
	var words []string
	if t.Words != nil {
		t.Program = ""
		words = t.words(plain, func(name string) string { return "$(" + name + ")" })
	} else {
		words = mapped(t.containerShell(), plain)
	}
	return slices.Concat(mapped(t.fromWorkDir(nil), plain), words)
}

// hasHook reports whether it takes a hook to stop a process: Kubernetes itself runs no command and
// sends TERM, and to the first process of a container alone.
func hasHook(t Type) bool { return t.Stays() || t.Signal != "TERM" || t.StopCommand != "" }

// mapped puts each of some words through a function.
func mapped(words []string, f func(string) string) (all []string) {
	for _, word := range words {
		all = append(all, f(word))
	}
	return all
}

// stopHook is what sends the stop signal and waits for the end of the container. In a
// container, all that a shell has started is all but the first process.
func stopHook(t Type) string {
	to := "kill -s " + t.Signal + " 1"
	if t.Stays() {
		to = "kill -s " + t.Signal + " -1; " + to
	}
	if t.StopCommand != "" {
		words := inDir(t.Dir, shellArgv(t.StopCommand))
		to = "REEVE_PID=1 " + joined(words, shellWord) + " || { " + to + "; }"
	}
	return to + "; while kill -s 0 1; do sleep 1; done"
}
