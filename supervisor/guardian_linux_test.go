package supervisor

import (
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// killReeve kills the leader, which is a reeve, and waits until nothing of its formation
// is left, nor of the guardian.
func (s *subject) killReeve() {
	s.lab.t.Helper()
	check(syscall.Kill(s.pid, syscall.SIGKILL))
	if st := s.exit(); st.Signal != syscall.SIGKILL {
		s.lab.t.Fatalf("%v", st)
	}
	s.lab.await("the end of all", s.lab.isDeserted)
	if gone := s.isGone(); !gone {
		s.lab.t.Error("something is left")
	}
}

// TestGuardian kills a reeve with SIGKILL. Everything of its formation comes to this
// process then, so the end of the last child is the end of all of it.
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
	s.killReeve()
	got := slices.DeleteFunc(s.all(), func(line string) bool { return strings.HasPrefix(line, "hard") })
	want := []string{
		"daemon hears SIGTERM", "group hears SIGTERM", "polite hears SIGTERM", "same hears SIGTERM", "session hears SIGTERM",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestGuardianOfOneCommand kills a reeve that runs one command in front of itself.
func TestGuardianOfOneCommand(t *testing.T) {
	s := newLab(t).start("init spawn same obey same; spawn daemon obey daemon; spawn stray obey stray; obey command")
	s.meet("same", "daemon", "stray", "command")
	s.killReeve()
	if got := s.all(); !slices.Equal(got, []string{"command hears SIGTERM", "daemon hears SIGTERM", "same hears SIGTERM", "stray hears SIGTERM"}) {
		t.Errorf("%q", got)
	}
}

// TestGuardianAfterAnother kills the guardian first.
func TestGuardianAfterAnother(t *testing.T) {
	s := newLab(t).start("guarded "+rand.Text(), "run 60000 obey polite", "run 60000 spawn daemon obey daemon; exit 0", "lose guardian", "obey reeve")
	s.meet("polite", "daemon", "reeve")
	s.killReeve()
	if got := s.all(); !slices.Equal(got, []string{"daemon hears SIGTERM", "polite hears SIGTERM"}) {
		t.Errorf("%q", got)
	}
}

// TestGuardianAsksOnce has several runs of which a daemon could be.
func TestGuardianAsksOnce(t *testing.T) {
	s := newLab(t).start(
		"guarded "+rand.Text(), "run 300 spawn daemon stubborn daemon; exit 0", "run 300 obey a", "run 300 obey b", "obey reeve",
	)
	s.meet("daemon", "a", "b", "reeve")
	s.killReeve()
	if n := strings.Count(strings.Join(s.all(), "\n"), "daemon hears"); n > 1 {
		t.Errorf("asked %d times", n)
	}
}

// TestGuardianOfTheUntold has a run that reeve was killed before it could tell of.
func TestGuardianOfTheUntold(t *testing.T) {
	l := newLab(t)
	s := l.startCommand(&Command{Args: helper("stubborn untold"), Dir: "/", Env: append([]string{Marker(l.Formation, "untold")}, helperEnv...)})
	s.meet("untold")
	g := must(StartGuardian(l.Formation))
	g.wire.close()
	if st := s.exit(); st.Signal != syscall.SIGKILL {
		t.Errorf("%v", st)
	}
	l.await("the end of the guardian", l.isDeserted)
	s.gone()
}

// TestGuardianHoldsNothing looks at a guardian from outside: it must not keep anybody's
// output open, nor hear the terminal's signals.
func TestGuardianHoldsNothing(t *testing.T) {
	l := newLab(t)
	l.Guardian = must(StartGuardian(l.Formation))
	pid := l.Guardian.pid
	dir := "/proc/" + strconv.Itoa(pid)
	// Its name is the last thing that it sees to.
	eventually(t, "called what it is", func() bool {
		name := must(os.ReadFile(dir + "/cmdline"))
		return strings.HasPrefix(string(name), GuardianName+"\x00")
	})
	var ends []string
	for fd := range 3 {
		ends = append(ends, must(os.Readlink(fmt.Sprintf("%s/fd/%d", dir, fd))))
	}
	if !strings.HasPrefix(ends[0], "/memfd:"+GuardianName) || ends[1] != ends[0] || ends[2] != ends[0] {
		t.Errorf("%v", ends)
	}
	if all := must(os.ReadDir(dir + "/fd")); len(all) != 4 {
		t.Errorf("%d descriptors: %v", len(all), all)
	}
	if name := must(os.ReadFile(dir + "/comm")); string(name) != GuardianName+"\n" {
		t.Errorf("it is called %q", name)
	}
	pr, _ := readProc(pid, make([]byte, 1024))
	if pr.session != pid || pr.pgrp != pid {
		t.Errorf("session %d, group %d of %d", pr.session, pr.pgrp, pid)
	}
	if cwd := must(os.Readlink(dir + "/cwd")); cwd != "/" {
		t.Errorf("it keeps %s busy", cwd)
	}
	l.Guardian.Close()
	l.Guardian.Close()
}
