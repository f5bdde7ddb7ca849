package supervisor

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestExitCode(t *testing.T) {
	for _, tt := range []struct {
		name, history string
		want          int
	}{
		{"a child fails", "web exit 3", 3},
		{"a child is done", "web exit 0", 0},
		{"a child crashes", "web signal 11", 139},
		{"a child is killed by somebody", "web signal 9", 137},
		{"a child cannot be found", "web exit 127", 127},
		{"a child cannot be executed", "web exit 126", 126},
		{"the first failure wins", "web exit 3, worker exit 4", 3},
		{"the first failure wins over those that are killed", "web exit 3, worker signal 9", 3},
		{"a failure after a success", "web exit 0, worker exit 4", 4},
		{"death by a signal that is not the stop signal is no success", "web signal 15", 143},

		{"a stop", "stop, web exit 0, worker exit 0", 0},
		{"death by the stop signal", "stop, web signal 15, worker exit 0", 0},
		{"its number as an exit code", "stop, web exit 143", 0},
		{"a stop that fails", "stop, web exit 3", 3},
		{"death by another signal", "stop, web signal 2", 130},
		{"a crash while stopping", "stop, web signal 11, worker exit 0", 139},
		{"one that does not stop", "stop, web exit 0, worker kill, worker signal 9", 137},
		{"one that stops just before it is killed", "stop, web kill, web exit 0", 0},
		{"a rest that stops in time", "stop, web exit 0, web leaves", 0},
		{"a rest that does not stop", "stop, web exit 0, web kill, web leaves", 137},
		{"a rest that does not stop after a failure", "web exit 3, web kill, web leaves", 3},
		{"a rest that does not stop after a success", "web exit 0, web kill, web leaves", 137},
		{"its first failure is late", "stop, web exit 0, worker signal 15, web kill, web leaves", 137},

		{"another stop signal", "stop with 2, web signal 2, worker exit 130", 0},
		{"another stop signal and death by TERM", "stop with 2, web signal 15", 143},
		{"KILL as the stop signal", "stop with 9, web signal 9", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := codeOf(t, tt.history); got != tt.want {
				t.Errorf("%s: %d, want %d", tt.history, got, tt.want)
			}
		})
	}
}

// codeOf gives the exit code of a formation of web and worker to which happens what
// the history says:
//
//	stop [with N]      it is asked to stop, with signal N
//	NAME exit N        the leader of the instance's run exits
//	NAME signal N      the leader of the instance's run is killed
//	NAME kill          the instance's run gets SIGKILL
//	NAME leaves        something is left of a run without its leader
func codeOf(t *testing.T, history string) int {
	t.Helper()
	var f formation
	instances := map[string]*instance{}
	for _, name := range []string{"web", "worker"} {
		instances[name] = &instance{Spec: Spec{Name: name, Stop: syscall.SIGTERM}, state: Running}
	}
	stop := func() {
		f.stopping = true
		for _, i := range instances {
			i.state = Stopping
		}
	}
	for happening := range strings.SplitSeq(history, ", ") {
		var words [3]string
		copy(words[:], strings.Fields(happening))
		who, what, i := words[0], words[1], instances[words[0]]
		n, _ := strconv.Atoi(words[2])
		switch {
		case who == "stop":
			if what == "with" {
				for _, i := range instances {
					i.Stop = syscall.Signal(n)
				}
			}
			stop()
		case what == "kill":
			i.state = Killing
		case what == "leaves":
			f.leaves(i)
		default:
			i.reaped, i.last = true, Status{Code: n}
			if what == "signal" {
				i.last = Status{Signal: syscall.Signal(n)}
			}
			if f.judge(i, time.Time{}) == ends {
				stop()
			}
		}
	}
	return f.exitCode()
}

// TestJudge has a case for every line of judge's table.
func TestJudge(t *testing.T) {
	failed, fine := Status{Code: 3}, Status{}
	spent := Spec{Restart: RestartAlways, RestartLimit: 1}
	canDieSpent := spent
	canDieSpent.CanDie = true
	for _, tt := range []struct {
		name       string
		stopping   bool
		state      State
		spec       Spec
		last       Status
		want       verdict
		code, died int
	}{
		{"asked to stop, and honours it", true, Stopping, Spec{}, fine, expected, 0, 0},
		{"asked to stop, and fails", true, Stopping, Spec{CanDie: true, Restart: RestartAlways}, failed, expected, 3, 0},
		{"ends before its turn to stop", true, Running, Spec{}, failed, expected, 3, 0},
		{"was to end alone", false, Stopping, Spec{}, failed, expected, 0, 0},
		{"always", false, Running, Spec{Restart: RestartAlways}, fine, restart, 0, 0},
		{"on failure", false, Running, Spec{Restart: RestartOnFailure, CanDie: true}, failed, restart, 0, 0},
		{"on failure, and fine", false, Running, Spec{Restart: RestartOnFailure}, fine, ends, 0, 0},
		{"on failure, fine, and may die", false, Running, Spec{Restart: RestartOnFailure, CanDie: true}, fine, alone, 0, 0},
		{"may die", false, Running, Spec{CanDie: true}, failed, alone, 0, 3},
		{"may not", false, Running, Spec{}, failed, ends, 3, 0},
		{"no restart left", false, Running, spent, failed, ends, 3, 0},
		{"no restart left, and fine", false, Running, spent, fine, ends, 1, 0},
		{"no restart left, and may die", false, Running, canDieSpent, fine, alone, 0, 1},
	} {
		f := formation{stopping: tt.stopping}
		i := &instance{Spec: tt.spec, state: tt.state, last: tt.last, attempts: tt.spec.RestartLimit}
		i.Stop = syscall.SIGTERM
		if got := f.judge(i, time.Time{}); got != tt.want || f.code != tt.code || f.tolerated != tt.died {
			t.Errorf("%s: verdict %d, code %d, died %d; want %d, %d, %d", tt.name, got, f.code, f.tolerated, tt.want, tt.code, tt.died)
		}
	}
}

// TestEndThatWasAskedFor stops one instance of a formation that goes on.
func TestEndThatWasAskedFor(t *testing.T) {
	for _, s := range []State{Stopping, Killing} {
		var f formation
		i := &instance{Spec: Spec{Stop: syscall.SIGTERM}, state: s, reaped: true, last: Status{Code: 3}}
		if f.judge(i, time.Time{}) == ends {
			t.Errorf("an end in %v ends the formation", s)
		}
		f.leaves(i)
		if f.code != 0 {
			t.Errorf("an end in %v sets the exit code %d", s, f.code)
		}
	}
}

func TestStartCode(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want int
	}{
		{ErrNotFound, 127},
		{fs.ErrNotExist, 127},
		{syscall.ENOENT, 127},
		{ErrNotExecutable, 126},
		{syscall.EACCES, 126},
		{syscall.EAGAIN, 126},
		{errors.New("no pseudo-terminal"), 126},
	} {
		if got := StartCode(tt.err); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.err, got, tt.want)
		}
	}
}

// TestHonours tells an end that a command may have brought about from one that nobody has asked for.
func TestHonours(t *testing.T) {
	for _, tt := range []struct {
		st              Status
		signal, command bool
	}{
		{Status{}, true, true},
		{Status{Signal: syscall.SIGTERM}, true, true},
		{Status{Code: 143}, true, true},
		{Status{Signal: syscall.SIGINT}, false, true},
		{Status{Code: 130}, false, true},
		{Status{Signal: syscall.SIGKILL}, false, false},
		{Status{Code: 137}, false, false},
		{Status{Code: 1}, false, false},
		{Status{Code: 255}, false, false},
	} {
		for by, want := range map[bool]bool{false: tt.signal, true: tt.command} {
			i := newInstance(Spec{StopCommand: by})
			if got := i.honours(tt.st); got != want {
				t.Errorf("%+v, by a command: %v: %v", tt.st, by, got)
			}
		}
	}
}
