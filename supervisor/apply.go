package supervisor

import (
	"time"
)

// The table in instance.go decides what happens to an instance. The loop carries it out here, and
// follows each run from its start to its end.

// apply moves one instance and does what the table says. Signals to runs are
// collected: however many runs a turn stops, the system is looked at once.
func (s *Supervisor) apply(i *instance, e Event) {
	s.touch()
	do := i.apply(e, time.Now())
	if i.state != Running {
		s.endProbes(i)
		i.ready, i.health = false, checkup{}
	}
	switch do {
	case launch:
		s.launch(i)
	case askFirst:
		s.firsts = append(s.firsts, i.pid)
	case ask:
		s.asks = append(s.asks, i.pid)
	case kill:
		s.kills = append(s.kills, i.pid)
	case examine:
		s.examine(i)
	}
}

// launch begins a run. One that cannot begin is a run that has ended.
func (s *Supervisor) launch(i *instance) {
	i.began, i.extended = time.Now(), false
	i.failure = nil
	i.runs++
	pid, err := s.System.Start(i.Spec)
	i.pid, i.lastPid, i.reaped = pid, pid, false
	if err != nil {
		if st := (Status{Code: StartCode(err), Err: err}); !s.putOff(i, st) {
			s.exited(i, st, Gone)
		}
		return
	}
	i.late = true
	s.report(Report{Kind: Started, Instance: i.Name, Type: i.Type, Pid: pid})
	s.awaitReady(i)
}

// reap records all processes that have ended.
func (s *Supervisor) reap() {
	for _, e := range s.System.Reap() {
		for _, i := range s.instances {
			if i.pid == e.Pid {
				s.exited(i, e.Status, LeaderExited)
			}
		}
	}
}

// exited records the end of a run's leader; what is left of the run decides
// which event that is.
func (s *Supervisor) exited(i *instance, st Status, e Event) {
	if i.probing != nil && s.WasReady != nil && s.WasReady(i.Spec) {
		s.becomeReady(i)
	}
	i.reaped, i.hasEnded, i.last = true, true, st
	now := time.Now()
	v := s.judge(i, now)
	if i.failure != nil {
		i.last = *i.failure // how it has ended after that tells nothing
	}
	s.report(Report{
		Kind: Exited, Instance: i.Name, Type: i.Type, Pid: i.pid, Status: st,
		Failed: v != expected && st.ExitCode() != 0, Ran: now.Sub(i.began),
	})
	s.follow(i, v, e)
}

// follow does what a verdict on an instance's run says, with the event that takes the
// instance out of its state.
func (s *Supervisor) follow(i *instance, v verdict, e Event) {
	if i.state == Running {
		i.wish = wishes[v]
	}
	s.apply(i, e)
	if v == restart {
		s.report(Report{Kind: Restarting, Instance: i.Name, Type: i.Type, Delay: i.delay})
	}
	switch v {
	case finished:
		i.wasReady = i.Build
	case idles:
		s.idle(i)
	case alone, ends:
		s.giveUp(i, v)
	}
}

// idle lets an instance wait until something starts it again.
func (s *Supervisor) idle(i *instance) {
	i.absence = idle
	switch {
	case i.Watched:
		s.report(Report{Kind: Idle, Instance: i.Name, Type: i.Type})
	case i.spent() && i.Restart.wants(i.last):
		s.reportSpent(i)
	}
}

// live lists the instances that have a run.
func (s *Supervisor) live() []*instance {
	var live []*instance
	for _, i := range s.instances {
		if i.pid != 0 {
			live = append(live, i)
		}
	}
	return live
}

// pids gives the runs of some instances.
func pids(of []*instance) []int {
	var pids []int
	for _, i := range of {
		pids = append(pids, i.pid)
	}
	return pids
}
