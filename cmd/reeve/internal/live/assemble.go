package live

import (
	"crypto/rand"
	"os"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/env"
	"reeve/output"
	"reeve/supervisor"
)

// The parts of a formation are made and joined here. None of them does anything yet.

// newLauncher makes the launcher of an app's formation, which has no log yet.
func newLauncher(a *app.App) *launcher {
	o, phase := a.Settings, newPhase()
	l := &launcher{
		facts: facts{
			plans: newPlans(a), id: rand.Text(),
			screen: console.IsTerminal(os.Stdout) || IsDetached(),
			split:  o.LogFormat == "json",
			quiet:  o.Quiet,
		},
		runs: runs{
			inputs: inputs{}, terminals: newTerminals(a, phase),
			streams: map[string][]*output.Stream{}, stoppers: map[int][]*output.Stream{}, environs: map[string]env.Environ{}, bare: map[*env.Env]env.Environ{},
			envs: map[string]*env.Env{}, apps: map[string]*app.App{},
		},
		phase: phase, answers: &console.Answers{},
	}
	l.sockets.plans, l.sockets.keep = l.facts.plans, l.keep
	l.processes = &supervisor.Processes{Begin: l.begin, StopWith: l.stopWith, Formation: l.facts.id, Report: l.report}
	l.ask = &requests{phase: phase, plans: l.facts.plans}
	l.facts.now.Load().watching = newWatching(a, l.ask)
	l.waits = &waits{ask: l.ask}
	l.prober = &prober{plans: l.facts.plans, ask: l.ask, environs: l.runs.environs, helpers: helpers{l.facts.plans, l.processes}, sockets: &l.sockets, notices: &l.notices}
	l.notices = notices{formation: l.facts.id, ask: l.ask, keep: l.keep}
	return l
}

// backend makes what answers those who come by the socket.
func (l *launcher) backend(version string) *backend {
	return &backend{
		facts: l.facts, reloading: &l.reloading, sockets: &l.sockets, processes: l.processes, ask: l.ask, history: l.history, terminals: l.runs.terminals, envs: l.runs.envs, notices: &l.notices,
		crashes: &l.runs.crashes,
		began:   time.Now(), version: version,
	}
}
