package live

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/past"
	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/http1"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// Restart begins new runs.
func (b *backend) Restart(names []string) (<-chan control.Outcome, error) {
	if len(names) == 0 {
		all := b.ask.snapshot()
		if len(all) == 0 {
			return nil, b.unknown(b.app().Types()[0], nil)
		}
		if names = untimed(all); len(names) == 0 {
			return nil, control.Error{Status: http1.Conflict, Text: "all process types have a schedule: name those to run now"}
		}
	}
	return b.request("restart", names, b.ask.restart)
}

// untimed names the instances without a schedule: nobody who wants everything to begin anew
// means a job of the night.
func untimed(all []supervisor.Snapshot) (names []string) {
	for _, s := range all {
		if !s.Schedule.IsSet() {
			names = append(names, s.Name)
		}
	}
	return names
}

// Stop stops instances.
func (b *backend) Stop(names []string) (<-chan control.Outcome, error) {
	if len(names) == 0 {
		return nil, control.Error{Status: http1.BadRequest, Text: "name what to stop"}
	}
	return b.request("stop", names, b.ask.stop)
}

// request makes a request that is about instances, and which is called like its command.
func (b *backend) request(command string, names []string, ask func([]string, output.Notice) (<-chan supervisor.Outcome, error)) (<-chan control.Outcome, error) {
	if b.ask.phase.formation() == nil {
		return nil, errNotStarted
	}
	instances, err := b.resolve(names)
	if err != nil {
		return nil, err
	}
	outcomes, err := ask(instances, requestNotice(command, instances))
	if err != nil {
		return nil, err
	}
	return inWords("restarted", outcomes), nil
}

// resolve gives the instances that names mean.
func (b *backend) resolve(names []string) (instances []string, err error) {
	all := b.ask.snapshot()
	for _, name := range names {
		found := false
		for _, s := range all {
			if b.app().Settings.Groups.Means(name, s.Name, s.Type) {
				found = true
				instances = append(instances, s.Name)
			}
		}
		if !found {
			return nil, b.unknown(name, all)
		}
	}
	return instances, nil
}

// unknown says that a name means nothing that there is.
func (b *backend) unknown(name string, all []supervisor.Snapshot) error {
	groups := b.app().Settings.Groups
	if slices.ContainsFunc(b.app().Types(), func(typ string) bool { return typ == name || settings.IsGroup(name) && groups.Means(name, typ, typ) }) {
		return control.Error{Status: http1.NotFound, Text: past.NoInstancesText(name)}
	}
	known := slices.Clone(b.app().Types())
	for _, s := range all {
		known = append(known, s.Name)
	}
	return control.Error{Status: http1.NotFound, Text: past.UnknownNameText(name, known, groups)}
}

// Scale changes the number of instances.
func (b *backend) Scale(counts map[string]int) (<-chan control.Outcome, error) {
	b.reloading.step.Lock() // so that it stays known what can be scaled
	defer b.reloading.step.Unlock()
	s := b.ask.phase.formation()
	if s == nil {
		return nil, errNotStarted
	}
	if len(counts) == 0 {
		return nil, control.Error{Status: http1.BadRequest, Text: "name what to scale"}
	}
	counts, err := b.checkCounts(counts)
	if err != nil {
		return nil, control.Error{Status: http1.BadRequest, Text: inOneLine(err)}
	}
	taken := b.app().TakenPorts(b.newNames(counts))
	all := []<-chan control.Outcome{said(portRemarks(taken))}
	b.ask.say(requestNotice("scale", inOrder(b.app().Types(), counts)))
	b.ask.onLoop(func() { b.sayTaken(taken) })
	for _, typ := range b.app().Types() {
		n, asked := counts[typ]
		if !asked {
			continue
		}
		var specs []supervisor.Spec
		for k := range n {
			specs = append(specs, b.facts.specs(procfile.InstanceName(typ, k+1), typ)...)
		}
		if n > 0 {
			b.facts.watching().begin(func(of string) bool { return of == typ })
			b.facts.watching().restarted(typ)
		}
		outcomes, ok := s.Scale(typ, specs)
		if !ok {
			return nil, errEnding
		}
		all = append(all, inWords("started", outcomes))
	}
	return merged(all), nil
}

// newNames are those of the instances that the formation does not have yet.
func (b *backend) newNames(counts map[string]int) (names []string) {
	there := map[string]bool{}
	for _, s := range b.ask.snapshot() {
		there[s.Name] = !s.Removed
	}
	for typ, n := range counts {
		for k := range n {
			if name := procfile.InstanceName(typ, k+1); !there[name] {
				names = append(names, name)
			}
		}
	}
	return names
}

// portRemarks says which instances' ports are in use.
func portRemarks(taken []app.TakenPort) (all []control.Outcome) {
	for _, t := range taken {
		all = append(all, control.Outcome{OK: true, Text: app.PortText(t.Instance, t.Owner)})
	}
	return all
}

// sayTaken says the same in the log, before those instances start. The loop calls it.
func (b *backend) sayTaken(taken []app.TakenPort) {
	for _, t := range taken {
		b.crashes.portTaken(t)
		b.ask.say(portNotice(b.facts.label(t.Instance, t.Type), t.Owner))
	}
}

// inOrder writes numbers of instances as one would say them.
func inOrder(types []string, counts map[string]int) (said []string) {
	for _, typ := range types {
		if n, ok := counts[typ]; ok {
			said = append(said, fmt.Sprintf("%s=%d", typ, n))
		}
	}
	return said
}

// checkCounts reports numbers that the formation cannot have, and resolves "all".
func (b *backend) checkCounts(counts map[string]int) (map[string]int, error) {
	resolved := map[string]int{}
	counts, err := b.app().Settings.Groups.Counts(counts)
	if err != nil {
		return nil, err
	}
	if n, ok := counts[procfile.All]; ok {
		for _, typ := range b.app().Types() {
			if typ != procfile.Release {
				resolved[typ] = n
			}
		}
	}
	for typ, n := range counts {
		if typ == procfile.All {
			continue
		}
		if _, ok := b.app().Lookup(typ); !ok {
			return nil, fmt.Errorf("%s", app.UnknownTypeText(typ, b.app().Types()))
		}
		resolved[typ] = n
	}
	after, total := map[string]int{}, 0
	for _, s := range b.ask.snapshot() {
		after[s.Type]++
	}
	maps.Copy(after, resolved)
	for typ, n := range after {
		if n < 0 || n > app.MaxInstances {
			return nil, fmt.Errorf("%s=%d: reeve runs from 0 to %d instances", typ, n, app.MaxInstances)
		}
		total += n
	}
	if total > app.MaxInstances {
		return nil, fmt.Errorf("the formation would have %d instances: reeve runs at most %d", total, app.MaxInstances)
	}
	return resolved, b.app().CheckPorts(after)
}

// Quit asks for the end of the formation, also if it has not begun yet.
func (b *backend) Quit() { b.ask.quit("reeve quit") }

// inWords says what becomes of a request.
func inWords(up string, outcomes <-chan supervisor.Outcome) <-chan control.Outcome {
	said := make(chan control.Outcome, cap(outcomes))
	go func() {
		for o := range outcomes {
			said <- outcomeOf(o, up)
		}
		close(said)
	}()
	return said
}

// merged gives what comes from any of some channels.
func merged(all []<-chan control.Outcome) <-chan control.Outcome {
	room := 0
	for _, outcomes := range all {
		room += cap(outcomes)
	}
	one := make(chan control.Outcome, room)
	var open sync.WaitGroup
	for _, outcomes := range all {
		open.Go(func() {
			for o := range outcomes {
				one <- o
			}
		})
	}
	go func() { open.Wait(); close(one) }()
	return one
}

// inOneLine puts the lines of an error into one.
func inOneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
