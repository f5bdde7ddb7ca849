package live

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/past"
	"reeve/internal/http1"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// loop is that of the formation itself.
func (b *backend) loop() (*supervisor.Supervisor, error) {
	if s := b.launcher.phase.formation(); s != nil {
		return s, nil
	}
	return nil, control.Error{Status: http1.Conflict, Text: "the formation has not started yet"}
}

var errEnding = control.Error{Status: http1.Conflict, Text: "the formation is being stopped"}

// Restart begins new runs.
func (b *backend) Restart(names []string) (<-chan control.Outcome, error) {
	if len(names) == 0 {
		if names = []string{"*"}; len(b.launcher.snapshot()) == 0 {
			return nil, b.unknown(b.launcher.app.Types()[0], nil)
		}
	}
	return b.ask(names, (*supervisor.Supervisor).Restart, "restart")
}

// Stop stops instances.
func (b *backend) Stop(names []string) (<-chan control.Outcome, error) {
	if len(names) == 0 {
		return nil, control.Error{Status: http1.BadRequest, Text: "name what to stop"}
	}
	return b.ask(names, (*supervisor.Supervisor).Hold, "stop")
}

// ask makes a request that is about instances, and which is called like its command.
func (b *backend) ask(names []string, do func(*supervisor.Supervisor, []string) (<-chan supervisor.Outcome, bool), command string) (<-chan control.Outcome, error) {
	s, err := b.loop()
	if err != nil {
		return nil, err
	}
	instances, err := b.resolve(names)
	if err != nil {
		return nil, err
	}
	b.launcher.mux.Notice(requestNotice(command, instances))
	outcomes, ok := do(s, instances)
	if !ok {
		return nil, errEnding
	}
	return inWords("restarted", outcomes), nil
}

// resolve gives the instances that names mean.
func (b *backend) resolve(names []string) (instances []string, err error) {
	all := b.launcher.snapshot()
	for _, name := range names {
		found := false
		for _, s := range all {
			if past.Means(name, s.Name, s.Type) {
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
	if _, ok := b.launcher.app.Lookup(name); ok {
		return control.Error{Status: http1.NotFound, Text: past.NoInstancesText(name)}
	}
	known := slices.Clone(b.launcher.app.Types())
	for _, s := range all {
		known = append(known, s.Name)
	}
	return control.Error{Status: http1.NotFound, Text: past.UnknownNameText(name, known)}
}

// Scale changes the number of instances.
func (b *backend) Scale(counts map[string]int) (<-chan control.Outcome, error) {
	s, err := b.loop()
	if err != nil {
		return nil, err
	}
	if len(counts) == 0 {
		return nil, control.Error{Status: http1.BadRequest, Text: "name what to scale"}
	}
	if counts, err = b.checkCounts(counts); err != nil {
		return nil, control.Error{Status: http1.BadRequest, Text: inOneLine(err)}
	}
	var all []<-chan control.Outcome
	b.launcher.mux.Notice(requestNotice("scale", inOrder(b.launcher.app.Types(), counts)))
	for _, typ := range b.launcher.app.Types() {
		n, asked := counts[typ]
		if !asked {
			continue
		}
		var specs []supervisor.Spec
		for k := range n {
			specs = append(specs, b.launcher.facts.options.Spec(procfile.InstanceName(typ, k+1), typ))
		}
		outcomes, ok := s.Scale(typ, specs)
		if !ok {
			return nil, errEnding
		}
		all = append(all, inWords("started", outcomes))
	}
	return merged(all), nil
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
	if n, ok := counts[procfile.All]; ok {
		for _, typ := range b.launcher.app.Types() {
			if typ != procfile.Release {
				resolved[typ] = n
			}
		}
	}
	for typ, n := range counts {
		if typ == procfile.All {
			continue
		}
		if _, ok := b.launcher.app.Lookup(typ); !ok {
			return nil, fmt.Errorf("%s", app.UnknownTypeText(typ, b.launcher.app.Types()))
		}
		resolved[typ] = n
	}
	after, total := map[string]int{}, 0
	for _, s := range b.launcher.snapshot() {
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
	return resolved, b.launcher.app.Ports.Check(after)
}

// Quit asks for the end of the formation, also if it has not begun yet.
func (b *backend) Quit() { b.launcher.phase.stop("reeve quit") }

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
