package live

import (
	"context"
	"os"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/env/service"
	"reeve/output"
	"reeve/supervisor/terminal"
)

// What is said and waited for before anything starts.

// sayBefore says what is worth knowing before anything starts.
func sayBefore(l *launcher) {
	say := func(n output.Notice) {
		l.mux.Notice(n)
		if IsDetached() {
			diag.Warn(n.Text) // nobody sees the log yet
		}
	}
	if chosen := l.app().Chosen; chosen != nil {
		say(choiceNotice(*chosen))
	}
	if missing := l.app().Missing(); len(missing) > 0 {
		say(warningNotice(app.MissingText(missing)))
	}
	if !l.facts.options().NoHints {
		if !terminal.Available() && slices.ContainsFunc(l.app().Types(), l.facts.wantsTerminal) {
			l.mux.Notice(output.Notice{Event: "hint", Text: noTerminals + ": processes write to pipes"})
		}
		for _, p := range l.app().EnvDoubts() {
			say(output.Notice{Event: "hint", Text: p.Error()})
		}
		for _, p := range l.app().ForeignSettings() {
			say(output.Notice{Event: "hint", Text: p.Error()})
		}
	}
	for _, text := range l.facts.options().Ignored {
		say(warningNotice(text))
	}
	for _, p := range l.app().LossProblems() {
		say(warningNotice(p.Error()))
	}
	for _, c := range l.app().Conflicts() {
		say(conflictNotice(c))
	}
	for _, typ := range l.app().HeldTypes() {
		l.mux.Notice(listeningNotice(l.facts.label("", typ), l.sockets.of[typ].At()))
	}
	now := time.Now()
	for _, d := range l.app().Dues(now) {
		l.mux.Notice(dueNotice(l.facts.label("", d.Type), d, now))
	}
	for _, t := range l.app().TakenPorts(l.app().Instances()) {
		l.runs.crashes.portTaken(t)
		say(portNotice(l.facts.label(t.Instance, t.Type), t.Owner))
	}
}

// awaitServices waits for the services that are asked for.
func (l *launcher) awaitServices(signals <-chan os.Signal) error {
	o := l.facts.options()
	services, _ := l.app().Services(o.WaitFor) // checked already
	if len(services) == 0 {
		return nil // and every signal is for the formation
	}
	return UntilAsked(l.phase.asked, signals, func(ctx context.Context) error {
		return service.Wait{Within: o.WaitTimeout, Say: func(text string, since time.Duration) time.Duration {
			l.waits.say(text, since)
			if console.IsTerminal(os.Stdout) {
				return lifeOnScreen
			}
			return service.SayAgain
		}}.For(ctx, services)
	})
}
