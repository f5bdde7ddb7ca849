package live

import (
	"maps"
	"slices"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// What has changed between the app that runs and the one that the files describe now, and what reload
// does about it.

// news is what is different about an app that has been read again.
type news struct {
	former, now *app.App
	envs        map[string]*env.Env // of each instance's last run; the loop's
	remarks     []control.Outcome

	specs             []supervisor.Spec
	start, stop, anew []string // instances
	plan, next        []string // those that wait until they are due from now on, and those that are otherwise when they are
	why               map[string][]string
	err               error
}

// When flags count that are about no run in particular.
const (
	atTheNextStart = "at the next start"
	fromNowOn      = "from now on, without a restart"
)

// remark names flags, and from when on they count.
func (n *news) remark(flags []string, when string) {
	if len(flags) > 0 {
		n.remarks = append(n.remarks, control.Outcome{OK: true, Text: laterText(flags, when), Applied: when == fromNowOn})
	}
}

// find finds out what is to become of the instances that there are. The loop calls it, perhaps
// more than once.
func (n *news) find(all []supervisor.Snapshot) {
	there := map[string]supervisor.Snapshot{}
	counts := map[string]int{}
	for _, s := range all {
		if s.Removed {
			continue
		}
		if there[s.Name] = s; !s.Build {
			counts[s.Type]++
		}
	}
	n.specs, n.start, n.stop, n.anew, n.why = nil, nil, nil, nil, map[string][]string{}
	n.plan, n.next = nil, nil
	wanted := n.counts(counts)
	if n.err = n.now.CheckPorts(wanted); n.err != nil {
		return
	}
	stays := map[string]bool{}
	for _, typ := range n.now.Types() {
		why := n.changes(typ)
		for k := range wanted[typ] {
			name := procfile.InstanceName(typ, k+1)
			for _, spec := range specsOf(n.now.Settings, name, typ) {
				n.specs = append(n.specs, spec)
				stays[spec.Name] = true
				n.judge(spec, there, why)
			}
		}
	}
	for _, s := range all {
		if !s.Removed && !stays[s.Name] {
			n.stop = append(n.stop, s.Name)
		}
	}
}

// judge says what becomes of an instance that the formation is to have.
func (n *news) judge(spec supervisor.Spec, there map[string]supervisor.Snapshot, why []string) {
	is, known := there[spec.Name]
	switch timed := spec.Schedule.IsSet(); {
	case timed && !is.Schedule.IsSet():
		n.plan = append(n.plan, spec.Name)
		return
	case !known:
		n.start = append(n.start, spec.Name)
		return
	case !timed && is.Schedule.IsSet():
		why = append(slices.Clip(why), "--cron")
	}
	if spec.Build {
		if slices.Contains(n.now.Settings.Differing(n.former.Settings, settings.TypeOf(spec.Type)), "--build") {
			n.anew = append(n.anew, spec.Name)
		}
		return
	}
	why = append(slices.Clip(why), n.envChanges(is)...)
	if len(why) == 0 || is.Held {
		return
	}
	if n.why[spec.Name] = why; spec.Schedule.IsSet() {
		n.next = append(n.next, spec.Name)
	} else {
		n.anew = append(n.anew, spec.Name)
	}
}

// counts are the numbers of instances: those of the files if these have changed, else those that
// there are.
func (n *news) counts(there map[string]int) map[string]int {
	wanted := map[string]int{}
	for _, m := range n.now.Formation {
		_, known := n.former.Lookup(m.Type)
		if wanted[m.Type] = m.Count; known && m.Count == n.former.Formation.Count(m.Type) {
			wanted[m.Type] = there[m.Type]
		}
	}
	return wanted
}

// changes says why runs of a type are not what they would be now, apart from their environment.
func (n *news) changes(typ string) (why []string) {
	before, _ := n.former.Lookup(typ)
	if now, _ := n.now.Lookup(typ); now.Command != before.Command {
		why = append(why, "its command")
	}
	return append(why, n.now.Settings.Differing(n.former.Settings, typ)...)
}

// envChanges names the variables of an instance's run that have other values now.
func (n *news) envChanges(of supervisor.Snapshot) []string {
	was := n.envs[of.Name]
	if was == nil {
		return nil // it has not run yet
	}
	before, now := valuesOf(was), valuesOf(n.now.EnvOf(of.Type))
	var keys []string
	for key, value := range now {
		if old, ok := before[key]; !ok || old != value {
			keys = append(keys, key)
		}
	}
	for key := range before {
		if _, ok := now[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// valuesOf are the variables of an environment apart from those that reeve assigns.
func valuesOf(e *env.Env) map[string]string {
	values := maps.Collect(e.Environ().All())
	maps.DeleteFunc(values, func(key, _ string) bool { return env.IsAssigned(key) })
	return values
}

// reform is what the loop is asked to do.
func (n *news) reform() (supervisor.Reform, bool) {
	return supervisor.Reform{Specs: n.specs, Anew: slices.Concat(n.anew, n.next)}, true
}

// would says what would happen, in the order in which it would.
func (n *news) would() (all []control.Outcome) {
	tell := func(instances []string, text string) {
		for _, name := range instances {
			why := text
			if settings.IsBuild(name) {
				why = "would run again"
			}
			if len(n.why[name]) > 0 {
				why += ": " + changedText(n.why[name])
			}
			all = append(all, control.Outcome{Instance: name, OK: true, Text: why})
		}
	}
	tell(n.stop, "would stop")
	tell(n.anew, "would restart")
	tell(n.start, "would start")
	tell(n.plan, "would wait until it is due")
	tell(n.next, "would change when it is next due")
	return all
}
