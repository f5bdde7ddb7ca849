//go:build unix

package supervisor

import (
	"errors"
	"os"
	"slices"
	"syscall"
	"testing"
)

// commanded begins a run that a command stops: a helper with this script, which keeps the run's own
// output open. What is reported of it goes to the slice.
func (l *lab) commanded(said *[]Report, stopper []string, script ...string) *subject {
	l.t.Helper()
	s := l.start(script...)
	l.live[s.pid].StopCommand = true
	l.Report = func(r Report) { *said = append(*said, r) }
	l.StopWith = func(of Spec, leader int) (int, error) {
		if leader != s.pid || of.Name != l.live[s.pid].Name {
			l.t.Errorf("%d of %s is to be stopped", leader, of.Name)
		}
		if stopper == nil {
			return 0, ErrNotFound
		}
		null := must(os.OpenFile(os.DevNull, os.O_RDWR, 0))
		defer null.Close()
		return Spawn(&Command{
			Args: helper(stopper...), Dir: "/", Env: append(slices.Clone(helperEnv), Marker(l.Formation, of.Name)),
			Files: [3]*os.File{null, null, null},
		})
	}
	return s
}

// stopperOf is the command that asks the run to stop; 0: none runs.
func (s *subject) stopperOf() int { return s.lab.run(s.pid).stopper }

// TestStopCommand leaves the signal out as long as the command may succeed, and asks what the process
// leaves behind.
func TestStopCommand(t *testing.T) {
	var said []Report
	l := newLab(t)
	s := l.commanded(&said, []string{"exit 0"}, "spawn same obey rest", "obey leader")
	s.meet("leader", "rest")
	s.askFirst()
	l.await("the end of the command", func() bool { return s.stopperOf() == 0 })
	s.ask() // half of the grace period is over
	s.signal(syscall.SIGUSR1)
	s.hear("leader hears SIGUSR1")
	s.hear("rest hears SIGUSR1")
	if slices.Contains(s.said, "leader hears SIGTERM") || slices.Contains(s.said, "rest hears SIGTERM") {
		t.Errorf("somebody got the signal: %q", s.said)
	}
	if len(said) != 2 || said[0].Kind != StopCommandStarted || said[1].Kind != StopCommandEnded || said[1].Failed {
		t.Errorf("reported: %+v", said)
	}
	check(syscall.Kill(s.pid, syscall.SIGTERM)) // as a command might
	s.exit()
	s.ask() // since the leader has ended
	s.gone()
	if !slices.Contains(s.all(), "rest hears SIGTERM") {
		t.Errorf("the rest was not asked: %q", s.said)
	}
}

// TestStopCommandFails sends the signal after all, to whom it is due by then.
func TestStopCommandFails(t *testing.T) {
	for name, stopper := range map[string][]string{"it exits with 3": {"exit 3"}, "it dies": {"die KILL"}, "there is none": nil} {
		t.Run(name, func(t *testing.T) {
			var said []Report
			l := newLab(t)
			s := l.commanded(&said, stopper, "obey leader")
			s.meet("leader")
			s.askFirst()
			s.gone()
			last := said[len(said)-1]
			if !slices.Contains(s.all(), "leader hears SIGTERM") || last.Kind != StopCommandEnded || !last.Failed || last.Signal != syscall.SIGTERM {
				t.Errorf("%q, and reported: %+v", s.said, said)
			}
			if stopper == nil && !errors.Is(last.Status.Err, ErrNotFound) {
				t.Errorf("the reason is %v", last.Status.Err)
			}
		})
	}
	t.Run("late", func(t *testing.T) {
		var said []Report
		l := newLab(t)
		s := l.commanded(&said, []string{"stubborn command"}, "spawn same obey rest", "stubborn leader")
		s.meet("leader", "rest")
		s.askFirst()
		s.ask()
		check(syscall.Kill(s.stopperOf(), syscall.SIGKILL))
		l.await("the end of the command", func() bool { return s.stopperOf() == 0 })
		s.hear("leader hears SIGTERM")
		s.hear("rest hears SIGTERM")
		s.kill()
		s.gone()
	})
}

// TestStopCommandHangs does not let a run be over as long as its command lives, which SIGKILL ends.
func TestStopCommandHangs(t *testing.T) {
	var said []Report
	l := newLab(t)
	s := l.commanded(&said, []string{"spawn group stubborn below", "stubborn command"}, "obey leader")
	s.meet("leader")
	s.askFirst()
	check(syscall.Kill(s.pid, syscall.SIGTERM))
	s.exit()
	s.ask()
	if s.isGone() || s.stopperOf() == 0 {
		t.Fatal("the command is forgotten, or was asked to stop")
	}
	if left := l.Left([]int{s.pid})[s.pid]; !slices.ContainsFunc(left, func(p Process) bool { return p.Pid == s.stopperOf() }) {
		t.Errorf("left is %v", left)
	}
	if met := l.Kill([]int{s.pid}); !slices.Contains(met, s.pid) {
		t.Error("nobody is said to have been killed")
	}
	s.gone()
}
