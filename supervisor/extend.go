package supervisor

import "time"

// Extend gives the present run of an instance more time from now on, to become ready or to stop,
// whichever it does: its deadline comes no sooner than then. Only the loop calls it, see
// [Supervisor.Do].
func (s *Supervisor) Extend(name string, by time.Duration) {
	until := time.Now().Add(by)
	for _, i := range s.instances {
		if i.Name == name && i.pid != 0 {
			i.extend(until)
		}
	}
}

func (i *instance) extend(until time.Time) {
	switch {
	case i.state == Running && !i.ready && !i.deadline.IsZero():
		i.deadline, i.extended = later(i.deadline, until), true
	case i.state == Asking:
		i.graceEnd = later(i.graceEnd, until)
	case i.state == Stopping:
		i.graceEnd = later(i.graceEnd, until)
		i.deadline = i.graceEnd
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// readyTook is how long a run has had to become ready.
func (i *instance) readyTook() time.Duration {
	if i.extended {
		return roughly(time.Since(i.began))
	}
	return i.ReadyTimeout
}
