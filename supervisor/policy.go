package supervisor

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"
)

// RestartPolicy says after which ends an instance is started again.
type RestartPolicy uint8

// The restart policies, by their names on the command line.
const (
	RestartNever     RestartPolicy = iota // never
	RestartOnFailure                      // on-failure: unless it exited with 0
	RestartAlways                         // always
)

// restartNames are the names of the policies, in their order.
var restartNames = []string{"never", "on-failure", "always"}

// ParseRestartPolicy reads the name of a policy.
func ParseRestartPolicy(name string) (RestartPolicy, error) {
	n := slices.Index(restartNames, name)
	if n < 0 {
		return 0, fmt.Errorf("must be one of never, on-failure, always")
	}
	return RestartPolicy(n), nil
}

// String is the policy's name.
func (p RestartPolicy) String() string { return restartNames[p] }

// wants reports whether an end is one after which to start again.
func (p RestartPolicy) wants(s Status) bool {
	return p == RestartAlways || p == RestartOnFailure && s.ExitCode() != 0
}

// Restarts wait for minDelay, twice as long each time, up to maxDelay. A run that was
// ready, healthy as far as is known, and has lasted for steady is a success, after which all of that
// begins anew. One that was never ready is not, however long it took.
const (
	minDelay = 100 * time.Millisecond
	maxDelay = time.Minute
	steady   = 10 * time.Second
)

// restarts reports whether an instance whose run has ended by itself is started again, and
// counts it if so.
func (i *instance) restarts(now time.Time) bool {
	if i.steadyFor(now) >= steady {
		i.attempts, i.delay = 0, 0
	}
	if !i.Restart.wants(i.last) || i.spent() {
		return false
	}
	i.attempts++
	i.delay = min(max(2*i.delay, minDelay), maxDelay)
	return true
}

// scarcities are errors that pass: others have taken what a process needs to begin.
var scarcities = []error{syscall.EAGAIN, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM}

// IsScarcity reports whether a run could not begin for want of processes, descriptors or
// memory, and may be able to soon.
func IsScarcity(err error) bool {
	return slices.ContainsFunc(scarcities, func(scarcity error) bool { return errors.Is(err, scarcity) })
}

// putOff puts off the start of an instance that could not begin for such a reason. That is
// nobody's failure, so no policy is asked. At the beginning of a formation it is a failure: a
// formation that does not fit should say so.
func (s *Supervisor) putOff(i *instance, st Status) (done bool) {
	if !IsScarcity(st.Err) || !i.late {
		return false
	}
	i.last = st
	i.delay = min(max(2*i.delay, minDelay), maxDelay)
	s.report(Report{Kind: Exited, Instance: i.Name, Type: i.Type, Status: st})
	s.apply(i, Gone)
	s.report(Report{Kind: Restarting, Instance: i.Name, Type: i.Type, Delay: i.delay})
	return true
}

// spent reports whether an instance has been restarted as often in a row as it may be.
func (i *instance) spent() bool { return i.RestartLimit > 0 && i.attempts >= i.RestartLimit }
