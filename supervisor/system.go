package supervisor

import (
	"syscall"
)

// System is the machine as the supervisor sees it, and the only thing through
// which it touches processes. A run is known by the pid of its leader. No method
// waits for anything.
type System interface {
	// Start begins a run and returns the pid of its leader.
	Start(Spec) (pid int, err error)
	// Reap collects the leaders that have ended since the last call.
	Reap() []Exit
	// AskFirst sends each run's stop signal to its first processes: the leader, and what
	// the leader could not pass it on to.
	AskFirst(runs []int)
	// Ask sends each run's stop signal to every process of the runs that has not
	// had it yet. Of a run without a leader it may leave that to Gone.
	Ask(runs []int)
	// Kill sends SIGKILL to every process of the runs. It returns the runs of which
	// anything was alive besides the leader, whose own end tells.
	Kill(runs []int) (met []int)
	// Signal sends a signal to every process of the runs.
	Signal(sig syscall.Signal, runs []int)
	// Forward sends a signal to the leaders of the runs.
	Forward(sig syscall.Signal, runs []int)
	// Gone returns those of the runs, all without a leader, of which nothing is
	// left, and forgets them. Bereft are those of which only what was not asked first is
	// left. What has appeared in runs that were asked as a whole gets the signal now.
	Gone(runs []int) (gone, bereft []int)
	// Left names the processes of the runs that still live.
	Left(runs []int) map[int][]Process
	// Settle waits until the signals that have come are in Config.Signals.
	Settle()
	// Suspend stops reeve itself, as SIGTSTP would, until it is continued, unless it is no longer
	// to stop when it has looked at the signals that have come.
	Suspend(still func() bool)
	// Resume is called when reeve has been continued, or is not to stop any more.
	Resume()
}

// Exit is the end of a run's leader.
type Exit struct {
	Pid    int
	Status Status
}

// Process is one process of a run, for messages.
type Process struct {
	Pid   int
	Name  string
	State string // as in proc(5): "D" is uninterruptible sleep
	// Owner is the user that it runs as, if reeve is not permitted to signal it.
	Owner string
}
