package supervisor

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// shell begins a run of a script, in which "$@" is a helper that acts as the other lines say.
func (l *lab) shell(script string, acts ...string) *subject {
	args := append([]string{"/bin/sh", "-c", script, "sh"}, helper(acts...)...)
	return l.startCommand(&Command{Args: args, Dir: "/", Env: helperEnv})
}

// meetBehind waits until everybody is there, and until the shells above the first of them have
// their signals unblocked again: a shell forks with all of them blocked.
func (s *subject) meetBehind(names ...string) {
	s.meet(names...)
	for pid := s.pids[names[0]]; pid != s.pid; {
		above, ok := readProc(pid, make([]byte, 1024))
		if !ok {
			s.lab.t.Fatalf("nobody knows the parent of %d", pid)
		}
		pid = above.ppid
		eventually(s.lab.t, "waiting in the shell", func() bool {
			status := string(must(os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))))
			return !strings.HasPrefix(status, "Name:\tsh\n") || strings.Contains(status, "SigBlk:\t0000000000000000")
		})
	}
}

// hearInTurn waits until somebody says this, who may be behind wrappers that end one after the other.
func (s *subject) hearInTurn(want string) {
	s.lab.t.Helper()
	eventually(s.lab.t, want, func() bool {
		for _, e := range s.lab.Reap() {
			s.lab.ended[e.Pid] = e.Status
		}
		s.lab.Gone([]int{s.pid})
		ready := []unix.PollFd{{Fd: int32(s.out.Fd()), Events: unix.POLLIN}}
		if n, _ := unix.Poll(ready, 0); n > 0 || s.lines.Buffered() > 0 {
			_, _ = s.line()
		}
		return slices.Contains(s.said, want)
	})
}

// TestFirstIsAskedFirst looks at who has the stop signal before the rest is asked.
func TestFirstIsAskedFirst(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		acts         []string
		first        []string // those that hear the signal at once
		rest         []string
	}{
		{"a program", `exec "$@"`, []string{"spawn same obey rest", "stubborn first"}, []string{"first"}, []string{"rest"}},
		{"behind a shell", `"$@"; :`, []string{"spawn same obey rest", "stubborn first"}, []string{"first"}, []string{"rest"}},
		{"behind two shells", `(trap - TERM; "$@"; :); :`, []string{"spawn same obey rest", "stubborn first"}, []string{"first"}, []string{"rest"}},
		{"in the background of a shell", `"$@" & wait`, []string{"spawn same obey rest", "stubborn first"}, []string{"first"}, []string{"rest"}},
		{"before a pipe", `"$@" | (trap "" TERM; exec cat); :`, []string{"spawn same obey rest", "stubborn first"}, []string{"first"}, []string{"rest"}},
		{"behind a shell with a trap", `trap : TERM; "$@"; sleep 60`, []string{"spawn same obey rest", "stubborn second"}, nil, []string{"rest", "second"}},
		{"behind a shell that ignores it", `trap "" TERM; "$@"; :`, []string{"spawn same obey rest", "stubborn second"}, nil, []string{"rest", "second"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newLab(t).shell(tt.script, tt.acts...)
			s.meetBehind(append(slices.Clone(tt.first), tt.rest...)...)
			s.askFirst()
			for _, name := range tt.first {
				s.hearInTurn(name + " hears SIGTERM")
			}
			for _, name := range tt.rest {
				if slices.Contains(s.said, name+" hears SIGTERM") {
					t.Errorf("%s has been asked", name)
				}
			}
			s.ask()
			for _, name := range tt.rest {
				s.lab.Gone([]int{s.pid})
				s.hear(name + " hears SIGTERM")
			}
			s.kill()
			s.gone()
			for _, name := range append(tt.first, tt.rest...) {
				if n := strings.Count(strings.Join(s.all(), "\n"), name+" hears SIGTERM"); n != 1 {
					t.Errorf("%s was asked %d times", name, n)
				}
			}
		})
	}
}

// TestBereft ends what was asked first, and then the rest may be asked.
func TestBereft(t *testing.T) {
	s := newLab(t).shell(`"$@"; :`, "spawn same stubborn rest", "obey first")
	s.meetBehind("first", "rest")
	s.askFirst()
	s.exit()
	s.lab.await("the end of what was asked first", func() bool {
		_, bereft := s.lab.Gone([]int{s.pid})
		return slices.Contains(bereft, s.pid)
	})
	s.ask()
	s.lab.Gone([]int{s.pid})
	s.hear("rest hears SIGTERM")
	if met := s.lab.Kill([]int{s.pid}); !slices.Equal(met, []int{s.pid}) {
		t.Errorf("SIGKILL has met something in %v", met)
	}
	s.gone()
}

// TestNotBereft has something left of what was asked first, behind a shell that has ended.
func TestNotBereft(t *testing.T) {
	s := newLab(t).shell(`"$@"; :`, "spawn same obey rest", "stubborn first")
	s.meetBehind("first", "rest")
	s.askFirst()
	if st := s.exit(); st.Signal != syscall.SIGTERM {
		t.Errorf("%v", st)
	}
	if gone, bereft := s.lab.Gone([]int{s.pid}); len(gone)+len(bereft) != 0 {
		t.Errorf("gone %v, bereft %v", gone, bereft)
	}
	s.kill()
	s.gone()
}

// TestKillMeetsNobody has a leader alone, which tells itself how it ended.
func TestKillMeetsNobody(t *testing.T) {
	s := newLab(t).start("stubborn leader")
	s.meet("leader")
	if met := s.lab.Kill([]int{s.pid}); met != nil {
		t.Errorf("SIGKILL has met something in %v", met)
	}
	s.gone()
}

func TestIsEndedBy(t *testing.T) {
	for _, tt := range []struct {
		script string
		want   bool
	}{
		{"echo; exec sleep 60", true},
		{"trap : TERM; echo; sleep 60 & wait", false},
		{"trap '' TERM; echo; exec sleep 60", false},
	} {
		c := exec.Command("/bin/sh", "-c", tt.script)
		out, err := c.StdoutPipe()
		check(err)
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		check(c.Start())
		_, err = out.Read(make([]byte, 1))
		check(err)
		if got := isEndedBy(c.Process.Pid, syscall.SIGTERM); got != tt.want {
			t.Errorf("%q: %v", tt.script, got)
		}
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		_ = c.Wait()
	}
	if isEndedBy(1<<22+1, syscall.SIGTERM) {
		t.Error("what is not there cannot end")
	}
}
