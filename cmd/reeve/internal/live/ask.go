package live

import (
	"slices"
	"syscall"

	"reeve/cmd/reeve/internal/past"
	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/http1"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// requests are the one way to ask something of the formation while it runs, for whoever is not
// its loop: its companions, and the backend for those who come by the socket. Whatever
// changes something is said in the log, in the words of who asks.
type requests struct {
	phase *phase
	log   *output.Mux
	plans plans
}

var (
	errNotStarted = control.Error{Status: http1.Conflict, Text: "the formation has not started yet"}
	errEnding     = control.Error{Status: http1.Conflict, Text: "the formation is being stopped"}
)

// say puts a message of reeve's own into the log.
func (r *requests) say(n output.Notice) { r.log.Notice(n) }

// onLoop has the loop call f, and reports whether there was one to do it. What belongs to the
// loop may be touched there and nowhere else.
func (r *requests) onLoop(f func()) bool { return r.phase.onLoop(f) }

// snapshot lists the instances of what runs, in the order of the Procfile.
func (r *requests) snapshot() (all []supervisor.Snapshot) {
	r.look(func(now []supervisor.Snapshot) { all = now })
	return all
}

// look calls f with a snapshot while nothing happens. There are no builds in it, which are nothing
// that one could ask something of: their types show what they do.
func (r *requests) look(f func([]supervisor.Snapshot)) {
	r.phase.look(func(all []supervisor.Snapshot) {
		f(past.InOrder(withoutBuilds(all), r.plans.places()))
	})
}

func withoutBuilds(all []supervisor.Snapshot) []supervisor.Snapshot {
	return slices.DeleteFunc(all, func(s supervisor.Snapshot) bool { return s.Build })
}

// builds are those that there are, by the types that they are of.
func (r *requests) builds() map[string]supervisor.Snapshot {
	builds := map[string]supervisor.Snapshot{}
	r.phase.look(func(all []supervisor.Snapshot) {
		for _, s := range all {
			if s.Build {
				builds[settings.TypeOf(s.Type)] = s
			}
		}
	})
	return builds
}

// withBuilds adds the builds that a request for instances is about as well: those of types of which
// no instance is left out.
func (r *requests) withBuilds(instances []string, some func(supervisor.Snapshot) bool) []string {
	r.phase.look(func(all []supervisor.Snapshot) {
		for _, b := range all {
			left := slices.ContainsFunc(all, func(s supervisor.Snapshot) bool {
				return s.Type == settings.TypeOf(b.Type) && !slices.Contains(instances, s.Name)
			})
			if b.Build && !left && some(b) {
				instances = append(slices.Clip(instances), b.Name)
			}
		}
	})
	return instances
}

// restart asks for new runs of some instances.
func (r *requests) restart(instances []string, why output.Notice) (<-chan supervisor.Outcome, error) {
	for _, name := range instances {
		typ, _ := procfile.ParseInstance(name)
		r.plans.watching().restarted(typ)
	}
	instances = r.withBuilds(instances, func(b supervisor.Snapshot) bool { return !b.Ready && b.State == supervisor.Stopped })
	return r.request(why, func(s *supervisor.Supervisor) (<-chan supervisor.Outcome, bool) { return s.Restart(instances) })
}

// stop asks some instances to stop until somebody starts them again.
func (r *requests) stop(instances []string, why output.Notice) (<-chan supervisor.Outcome, error) {
	instances = r.withBuilds(instances, func(b supervisor.Snapshot) bool { return b.State != supervisor.Done })
	return r.request(why, func(s *supervisor.Supervisor) (<-chan supervisor.Outcome, bool) { return s.Stop(instances) })
}

// signal sends a signal to the runs of some instances.
func (r *requests) signal(instances []string, sig syscall.Signal, why output.Notice) error {
	_, err := r.request(why, func(s *supervisor.Supervisor) (<-chan supervisor.Outcome, bool) {
		return nil, s.Signal(instances, sig)
	})
	return err
}

// quit asks for the end of the formation, for a reason that its log tells. It may not have
// begun yet.
func (r *requests) quit(reason string) { r.phase.quit(reason) }

// request asks the loop of the formation itself, once the log says why.
func (r *requests) request(why output.Notice, ask func(*supervisor.Supervisor) (<-chan supervisor.Outcome, bool)) (<-chan supervisor.Outcome, error) {
	s := r.phase.formation()
	if s == nil {
		return nil, errNotStarted
	}
	r.say(why)
	outcomes, ok := ask(s)
	if !ok {
		return nil, errEnding
	}
	return outcomes, nil
}
