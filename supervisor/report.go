package supervisor

import (
	"syscall"
	"time"
)

// Kind says what a [Report] is about.
type Kind uint8

// What is reported. Instance is empty in the reports on the whole formation.
const (
	Started            Kind = iota // a run has begun: Pid
	Exited                         // a run's leader has ended, or could not begin: Status, Failed, Ran
	RunGone                        // nothing of a run is left
	GraceOver                      // the Grace period of a run is over; SIGKILL follows
	Stuck                          // what is Left has survived SIGKILL so far
	Abandoned                      // reeve leaves, although this is Left
	Restarting                     // it will be started again after Delay
	RestartsSpent                  // it is not started again, after so many Restarts in a row
	Idle                           // it has ended, and is started again when files change
	Skipped                        // it was Due, and not started, as its last run is not over; it is Next
	Missed                         // it was Due, and could not be started in time; it is Next
	BecameReady                    // a run is ready
	Finished                       // a task is done: nothing is left of its run, which Ran
	NotReady                       // a run did not become ready: Status.Err
	Ailing                         // a check of a run's health has failed, and the one before it had not: Status.Err
	Recovered                      // one has succeeded again
	NotHealthy                     // too many in a row have failed: Status.Err
	FormationStopping              // the formation ends: by Signal, for Reason, or since Instance ended with Status after it Ran
	FormationKilling               // everything is killed now, as Signal asked
	StopCommandStarted             // a run is asked to stop by a command, which has this Pid
	StopCommandEnded               // that has ended, or could not begin: Status; if it Failed, Signal is sent in its place
	Fostered                       // what is Left tells of no instance; it is stopped with this one
	Unguarded                      // there is no guardian; another one will be tried
)

// IsFailure reports whether a run has failed.
func (r Report) IsFailure() bool {
	return r.Kind == Exited && r.Failed || r.Kind == NotReady || r.Kind == NotHealthy
}

// Report is one thing that happened. The fields that a Kind does not name are zero.
type Report struct {
	Kind     Kind
	Instance string // "web.1"
	Type     string // "web"
	Pid      int    // the run's leader
	Status   Status
	Failed   bool          // it ended badly, and nobody had asked for its end
	Ran      time.Duration // how long the run has lasted
	Signal   syscall.Signal
	Reason   string
	Grace    time.Duration // the instance's grace period
	Delay    time.Duration // before the instance is started again
	Restarts int
	Left     []Process
	Due      time.Time
	Next     time.Time // when it is due again
}

func (s *Supervisor) report(r Report) {
	s.touch()
	if s.Report != nil {
		s.Report(r)
	}
}

// name reports what is left of some instances' runs.
func (s *Supervisor) name(kind Kind, of []*instance) {
	left := s.System.Left(pids(of))
	for _, i := range of {
		s.report(Report{Kind: kind, Instance: i.Name, Type: i.Type, Pid: i.pid, Left: left[i.pid]})
	}
}
