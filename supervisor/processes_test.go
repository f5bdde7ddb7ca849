//go:build unix

package supervisor

import (
	"os"
	"syscall"
	"testing"
)

// help starts a process that is no run.
func (l *lab) help(script ...string) (pid int, ended chan Status) {
	l.t.Helper()
	null := must(os.OpenFile(os.DevNull, os.O_RDWR, 0))
	defer null.Close()
	pid, err := Spawn(&Command{Args: helper(script...), Dir: "/", Env: helperEnv, Files: [3]*os.File{null, null, null}})
	if err != nil {
		l.t.Fatal(err)
	}
	ended = make(chan Status, 1)
	l.AddHelper(pid, ended)
	return pid, ended
}

// TestHelpers starts processes that are no runs, and kills one of them with its group.
func TestHelpers(t *testing.T) {
	l := newLab(t)
	_, fails := l.help("exit 3")
	hangs, killed := l.help("spawn same stubborn child", "stubborn leader")
	l.await("the end of a helper", func() bool { return len(fails) > 0 })
	if got := <-fails; got != (Status{Code: 3}) {
		t.Errorf("%+v", got)
	}
	l.KillHelper(hangs)
	l.await("the end of a helper that is killed", func() bool { return len(killed) > 0 })
	if got := <-killed; got != (Status{Signal: syscall.SIGKILL}) {
		t.Errorf("%+v", got)
	}
	l.KillHelper(hangs) // which is over: nobody else has its pid
	if len(l.ended) > 0 {
		t.Errorf("%v were taken for runs", l.ended)
	}
	l.await("the end of its child", l.isDeserted)
}

// TestCloseEndsHelpers leaves none behind, whether there are runs or not.
func TestCloseEndsHelpers(t *testing.T) {
	l := newLab(t)
	_, ended := l.help("stubborn helper")
	l.Close()
	if len(ended) == 0 || len(l.helpers) > 0 {
		t.Error("a helper is left")
	}
}
