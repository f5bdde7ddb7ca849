//go:build unix

package supervisor

import (
	"slices"
	"syscall"
	"testing"
)

// TestInit stays in front of a process that leaves others behind: those are killed. It does not wait
// for the end of what is not its child.
func TestInit(t *testing.T) {
	for _, how := range hideouts {
		t.Run(how, func(t *testing.T) {
			s := newLab(t).start("init spawn " + how + " stubborn rest; exit 3")
			if st := s.exit(); st.Code != 3 {
				t.Errorf("%v", st)
			}
			s.gone() // what is stubborn has been killed, or this waits in vain
		})
	}
}

func TestInitForwardsSignals(t *testing.T) {
	s := newLab(t).start("init obey leader")
	s.meet("leader")
	check(syscall.Kill(s.pid, syscall.SIGUSR1))
	s.hear("leader hears SIGUSR1")
	check(syscall.Kill(s.pid, syscall.SIGTERM))
	if st := s.exit(); st.ExitCode() != 0 {
		t.Errorf("%v", st)
	}
	s.gone()
	if got := s.all(); !slices.Equal(got, []string{"leader hears SIGTERM", "leader hears SIGUSR1"}) {
		t.Errorf("%q", got)
	}
}

func TestInitDiesAsTheProcessDoes(t *testing.T) {
	s := newLab(t).start("init die KILL")
	if st := s.exit(); st.ExitCode() != 137 {
		t.Errorf("%v", st)
	}
	s.gone()
}
