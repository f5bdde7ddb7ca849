package live

import (
	"context"
	"os"
	"os/signal"
	"slices"

	"reeve/supervisor/terminal"
)

// A companion accompanies a formation: it runs in a goroutine of its own from when it is started
// until its context ends, and decides nothing. What it wants to happen it asks for.
type companion func(ctx context.Context, ask *requests)

// accompany starts companions; leave ends them.
func accompany(ask *requests, all ...companion) (leave func()) {
	ctx, cancel := context.WithCancel(context.Background())
	for _, c := range all {
		go c(ctx, ask)
	}
	return cancel
}

// companions are those of the formation itself.
func (l *launcher) companions() (all []companion) {
	if o := l.facts.options(); !o.NoHints && !o.NoPort {
		all = append(all, portHint{l.app()}.run)
	}
	if IsDetached() {
		all = append(all, upReport{l}.run)
	}
	return all
}

// onTerminal are the companions on reeve's own terminal, which are there before anything
// runs. A new size is handed on as a signal, as if reeve were not there, to processes that have
// no terminal of their own.
func (l *launcher) onTerminal(signals chan<- os.Signal) (all []companion) {
	types := l.app().Types()
	if slices.ContainsFunc(types, l.facts.hasTerminal) {
		all = append(all, l.runs.terminals.followSize())
	}
	if slices.ContainsFunc(types, func(typ string) bool { return !l.facts.hasTerminal(typ) }) {
		go signal.Notify(signals, terminal.ResizeSignal) // which takes a change of threads
	}
	if instance := l.facts.attached(); instance != "" {
		all = append(all, keyPump{l.runs.terminals, instance, l.answers}.run)
	}
	return all
}
