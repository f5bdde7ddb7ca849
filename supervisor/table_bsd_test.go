//go:build darwin || freebsd

package supervisor

import (
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestTable finds this process as it knows itself.
func TestTable(t *testing.T) {
	session, _ := unix.Getsid(0)
	self := lookAround(nil)[os.Getpid()]
	if self.ppid != os.Getppid() || self.pgrp != unix.Getpgrp() || self.session != session || self.name == "" {
		t.Errorf("%+v in session %d, group %d, of %d", self, session, unix.Getpgrp(), os.Getppid())
	}
	if now := ticks(); self.start == 0 || self.start > now {
		t.Errorf("it began at %d, and now is %d", self.start, now)
	}
	if !self.isThere() {
		t.Error("it is not there")
	}
	if _, ok := lookAround(nil)[1]; !ok {
		t.Error("there is no process 1")
	}
}

// TestGroups looks for the rest of a run as it is done without a process table.
func TestGroups(t *testing.T) {
	s := newLab(t).start("spawn same obey rest", "exit 0")
	s.meet("rest")
	s.exit()
	runs := []int{s.pid}
	group := groupsOf(runs)[-s.pid]
	if group.pgrp != s.pid {
		t.Fatalf("%+v", group)
	}
	r := s.lab.headless[s.pid]
	r.last = syscall.SIGTERM
	r.deliver([]proc{group})
	s.lab.await("the end of the group", func() bool {
		s.lab.recheckAfter(recheckEvery)
		return len(groupsOf(runs)) == 0
	})
	s.gone()
}

// TestUsageOfThisSession asks for something that surely uses memory.
func TestUsageOfThisSession(t *testing.T) {
	s := newLab(t).start("obey leader")
	s.meet("leader")
	if used := UsageOf([]int{s.pid}); used[s.pid].Memory < 1<<20 || used[s.pid].CPU <= 0 || used[s.pid].CPU > time.Hour {
		t.Errorf("%v", used)
	}
	if members := Members([]int{s.pid}); !slices.Equal(members[s.pid], []int{s.pid}) {
		t.Errorf("%v", members)
	}
	s.ask()
	s.gone()
}

// TestNumberComesAgain leaves a daemon alone, in whose run's session nobody is any longer: a
// stranger may be given that number.
func TestNumberComesAgain(t *testing.T) {
	if reaps {
		t.Skip("a number does not come again before the run is over")
	}
	s := newLab(t).start("spawn daemon obey rest", "exit 0")
	s.meet("rest")
	s.exit()
	for looks := range guardLooks {
		if !s.lab.hasNumber(s.pid) {
			t.Errorf("not its number any longer after %d looks", looks)
		}
		if s.isGone() {
			t.Fatal("the rest was overlooked")
		}
	}
	if s.lab.hasNumber(s.pid) {
		t.Error("a stranger would be taken for the run's")
	}
	s.ask()
	s.gone()
}

// TestGuardian kills a reeve with SIGKILL. Here its orphans do not come to this process, but
// nobody is left when nobody can write any longer.
func TestGuardian(t *testing.T) {
	s := newLab(t).start(
		"guarded "+rand.Text(),
		"run 60000 obey polite",
		"run 100 stubborn hard",
		"run 60000 spawn same obey same; spawn group obey group; spawn session obey session; exit 0",
		"run 60000 spawn daemon obey daemon; exit 0",
		"obey reeve",
	)
	s.meet("polite", "hard", "same", "group", "session", "daemon", "reeve")
	check(syscall.Kill(s.pid, syscall.SIGKILL))
	if st := s.exit(); st.Signal != syscall.SIGKILL {
		t.Fatalf("%v", st)
	}
	got := slices.DeleteFunc(s.all(), func(line string) bool { return strings.HasPrefix(line, "hard") })
	want := []string{
		"daemon hears SIGTERM", "group hears SIGTERM", "polite hears SIGTERM", "same hears SIGTERM", "session hears SIGTERM",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	s.lab.await("the end of all", s.lab.isDeserted)
	s.gone()
}
